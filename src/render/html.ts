import { createHash } from 'node:crypto';
import { boxesOf } from './boxes.js';
import { drawing } from './html-graph.js';
import { legend } from './html-legend.js';
import { embedded, html } from './html-text.js';
import { words } from './html-words.js';
import { pageScript } from './page/script.js';
import { pageStyle } from './page/style.js';
import { payloadOf } from './payload.js';
import type { Picture, Subject } from './picture.js';
import { pictureOf } from './picture.js';
import { soundHtmlOptions } from './sound-subject.js';
import { STATE_STYLES } from './state-style.js';
import { facts, headline, nodeSummary } from './summary.js';
import { counted } from './wording.js';

/** How a page is made. */
export interface HtmlOptions {
  /** Of the window. @default the sentence that sums it up */
  readonly title?: string | undefined;
}

/** More cannot be taken in, nor laid out quickly. */
const MOST_BOXES = 500;

/**
 * Draws an execution or a plan as one self-contained page: no network, no script but its own, and a policy that holds it
 * to that.
 *
 * The graph is laid out when the page is made and shows without scripts too; with them, a click or Enter shows all
 * that is known of a node. Above 500 nodes connected nodes that have their result and keep it are drawn as one, and
 * more where that is not enough. No name or error text can be anything but text.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) it is neither, or an option cannot be.
 */
export async function renderHtml(subject: Subject, options: HtmlOptions = {}): Promise<string> {
  const { title } = soundHtmlOptions(options);
  const picture = pictureOf(subject);
  const graph = boxesOf(picture, MOST_BOXES);
  const { svg, edgesLeftOut } = await drawing(graph, picture.plan !== undefined);
  const [style, script] = [pageStyle(), pageScript()];
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  const hasGroups = graph.boxes.length < picture.nodes.length;
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${html(title ?? headline(picture))}</title>`,
    `<style>${style}</style></head><body>`,
    head(picture),
    `<main>${words(picture)}<div class="stage">`,
    '<section class="picture" aria-label="Graph"><div class="tools">',
    '<button type="button" id="fit">Show all</button><button type="button" id="nearer" aria-label="Zoom in">+</button>',
    '<button type="button" id="further" aria-label="Zoom out">−</button>',
    `<span>${hint(picture, hasGroups, edgesLeftOut)}</span></div>`,
    svg,
    legend(picture, hasGroups),
    '</section>',
    '<aside aria-label="Details"><button type="button" id="all" hidden>← All nodes</button>',
    '<div id="details" aria-live="polite"></div></aside></div></main>',
    `<footer>Made from what was read at ${html(picture.snapshot.readAt)}; it does not update itself.</footer>`,
    `<script type="application/json" id="data">${embedded(payloadOf(picture, graph.boxes))}</script>`,
    `<script>${script}</script></body></html>`,
    '',
  ].join('\n');
}

function head(picture: Picture): string {
  const { snapshot, plan } = picture;
  const { glyph, word } = STATE_STYLES[snapshot.state];
  const badge = `<span class="badge s-${snapshot.state}">${glyph} ${word}</span>`;
  const told = facts(picture).map(([label, value]) => `<div><dt>${html(label)}</dt><dd>${html(value)}</dd></div>`);
  const heading = plan === undefined ? snapshot.workflow : `Plan: ${headline(picture)}`;
  return [
    `<header><h1>${html(heading)} ${plan === undefined ? badge : ''}</h1>`,
    `<p class="summary">${plan === undefined ? '' : `Now ${badge}`}${html(nodeSummary(picture))}</p>`,
    `<dl class="facts">${told.join('')}</dl></header>`,
  ].join('');
}

function hint({ hasEdges }: Picture, hasGroups: boolean, edgesLeftOut: number): string {
  return [
    'Click a node, or Tab and Enter',
    hasEdges ? '' : 'the provider shows no connections: in order of start',
    hasGroups ? 'nodes are drawn together because there are many' : '',
    edgesLeftOut === 0 ? '' : `${counted(edgesLeftOut, 'connection')} left out of the drawing`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

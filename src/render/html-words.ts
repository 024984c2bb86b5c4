import type { Consequence } from './consequences.js';
import { consequencesOf } from './consequences.js';
import { html } from './html-text.js';
import type { Picture, PictureNode } from './picture.js';
import { shorten } from './plain-text.js';
import { STATE_STYLES } from './state-style.js';
import { counted, errorOf } from './wording.js';

/** So many names stand on a card; all of them in the panel. */
const MOST_NAMES = 10;
/** So many failures are told at once. */
const MOST_FAILURES = 5;
/** Of an error's text, in columns. */
const LONGEST_ERROR = 600;

/** What the picture means, in words: the plan's consequences, and what went wrong. */
export function words(picture: Picture): string {
  const places = new Map<string, number>();
  for (const { node, index } of picture.nodes) if (!places.has(node.id)) places.set(node.id, index);
  const consequences = picture.plan === undefined ? [] : consequencesOf(picture.plan);
  const cards = [...consequences.map((consequence) => card(consequence, places)), failures(picture)];
  const fingerprint =
    picture.plan === undefined
      ? ''
      : `<p class="fingerprint">Fingerprint of this plan: ${html(picture.plan.fingerprint)}</p>`;
  return `<section class="words" aria-label="In words">${cards.join('')}</section>${fingerprint}`;
}

function card({ tone, glyph, text, nodes, lines }: Consequence, places: ReadonlyMap<string, number>): string {
  const shown = nodes.slice(0, MOST_NAMES).map(({ id, name }) => {
    const place = places.get(id);
    return place === undefined ? `<li>${html(name)}</li>` : `<li>${nodeButton(place, name)}</li>`;
  });
  const all = nodes.flatMap(({ id }) => places.get(id) ?? []);
  const rest = nodes.length - shown.length;
  if (rest > 0) {
    const heading = html(text.replace(/:$/, ''));
    const list = `data-list="${all.join(' ')}" data-heading="${heading}"`;
    shown.push(`<li><button type="button" ${list}>… and ${rest.toLocaleString('en-US')} more</button></li>`);
  }
  const sentences = lines.map((line) => `<li>${html(line)}</li>`).join('');
  return [
    `<div class="card ${tone}${sentences === '' ? '' : ' told'}"><h2>${glyph} ${html(text)}</h2>`,
    sentences === '' ? '' : `<ul>${sentences}</ul>`,
    shown.length === 0 ? '' : `<ul class="names">${shown.join('')}</ul>`,
    '</div>',
  ].join('');
}

function nodeButton(place: number, name: string): string {
  return `<button type="button" data-node="${place}">${html(shorten(name, 60))}</button>`;
}

function failures({ nodes }: Picture): string {
  const failed = nodes.filter(({ node }) => node.state === 'failed');
  if (failed.length === 0) return '';
  const rest = failed.slice(MOST_FAILURES);
  const more = `data-list="${failed.map(({ index }) => index).join(' ')}" data-heading="Failed nodes"`;
  return [
    `<div class="card failures"><h2>${STATE_STYLES.failed.glyph} ${counted(failed.length, 'node')} failed</h2>`,
    ...failed.slice(0, MOST_FAILURES).map(failure),
    rest.length === 0 ? '' : `<button type="button" ${more}>… and ${counted(rest.length, 'more node')}</button>`,
    '</div>',
  ].join('');
}

function failure({ node, index }: PictureNode): string {
  const error = errorOf(node) ?? 'The provider says nothing about why.';
  const tries = node.attempts.length > 1 ? `<br>after ${counted(node.attempts.length, 'attempt')}` : '';
  const text = shorten(error, LONGEST_ERROR).split(/\r?\n/).map(html).join('\n');
  return `<div class="failure"><div>${nodeButton(index, node.name)}${tries}</div><code>${text}</code></div>`;
}

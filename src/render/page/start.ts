import type { Payload } from '../payload.js';
import type { PageDocument } from './dom.js';
import type { Page, PageParts } from './part.js';

/** Brings the page to life. */
export function start(document: PageDocument, parts: PageParts): void {
  const svg = document.querySelector('#graph');
  const panel = document.querySelector('#details');
  const source = document.querySelector('#data');
  const back = document.querySelector('#all');
  if (svg === null || panel === null || source === null || back === null) return;
  const data = JSON.parse(source.textContent ?? '') as Payload;
  const previous: number[][] = data.nodes.map(() => []);
  data.nodes.forEach(({ next }, from) => {
    for (const to of next) previous[to]?.push(from);
  });
  const boxOf: number[] = [];
  data.boxes.forEach((members, box) => {
    for (const place of members) boxOf[place] = box;
  });
  const camera = parts.camera(document, svg);
  const boxes = [...document.querySelectorAll('#graph .box')];
  const mark = (box: number | undefined) => {
    for (const other of document.querySelectorAll('#graph .selected')) {
      other.setAttribute('class', `${other.getAttribute('class')}`.replace(' selected', ''));
    }
    const marked = box === undefined ? undefined : boxes[box];
    if (marked === undefined) return;
    marked.setAttribute('class', `${marked.getAttribute('class')} selected`);
    camera.show(marked);
  };
  const page: Page = {
    document,
    data,
    previous,
    parts,
    select: (place) => {
      mark(boxOf[place]);
      back.hidden = false;
      panel.replaceChildren(...parts.nodeDetails(page, place));
    },
  };
  const urgency = Object.keys(data.states);
  const list = (heading: string, places: readonly number[]) => {
    const sorted = [...places]
      .filter((place) => data.nodes[place]?.gate !== true)
      .sort(
        (one, other) => urgency.indexOf(data.nodes[one]?.state ?? '') - urgency.indexOf(data.nodes[other]?.state ?? ''),
      );
    panel.replaceChildren(parts.nodeList(page, heading, sorted, true));
  };
  const listAll = () => {
    mark(undefined);
    back.hidden = true;
    list(
      'All nodes',
      data.nodes.map((_, place) => place),
    );
  };
  const open = (box: number) => {
    const members = data.boxes[box] ?? [];
    const [only] = members;
    if (members.length === 1 && only !== undefined) {
      page.select(only);
      return;
    }
    mark(box);
    back.hidden = false;
    list(`${members.length.toLocaleString('en-US')} nodes drawn as one`, members);
  };
  back.addEventListener('click', listAll);
  svg.addEventListener('click', (event) => {
    const box = event.target?.closest('.box')?.dataset['box'];
    if (box !== undefined && !camera.wasMoved()) open(Number(box));
  });
  svg.addEventListener('keydown', (event) => {
    const box = event.target?.closest('.box')?.dataset['box'];
    if (box === undefined || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    open(Number(box));
  });
  parts.walk(page, camera, svg);
  parts.fitTexts(document.querySelectorAll('#graph text'));
  for (const button of document.querySelectorAll('[data-node]')) {
    button.addEventListener('click', () => {
      page.select(Number(button.dataset['node']));
      panel.scrollIntoView({ block: 'nearest' });
    });
  }
  for (const button of document.querySelectorAll('[data-list]')) {
    button.addEventListener('click', () => {
      back.hidden = false;
      list(button.dataset['heading'] ?? '', (button.dataset['list'] ?? '').split(' ').map(Number));
      panel.scrollIntoView({ block: 'nearest' });
    });
  }
  document.querySelector('#fit')?.addEventListener('click', () => camera.fit());
  document.querySelector('#nearer')?.addEventListener('click', () => camera.zoom(1 / 1.4));
  document.querySelector('#further')?.addEventListener('click', () => camera.zoom(1.4));
  camera.fit();
  const first = document.querySelector('#graph .r-starts, #graph .r-starts-again, #graph .s-failed');
  const isTiny = (svg.getBoundingClientRect().width * 2) / Number(svg.getAttribute('viewBox')?.split(' ')[2] ?? 1) < 1;
  if (first !== null && isTiny) camera.show(first);
  listAll();
}

import type { PageElement } from './dom.js';
import type { Page } from './part.js';

/** A list of nodes, page by page, with a field that searches names, ids, states and types. */
export function nodeList(page: Page, heading: string, places: readonly number[], isMain: boolean): PageElement {
  const { document, data, parts } = page;
  const perPage = isMain ? 40 : 8;
  const section = parts.element(document, 'section', 'list', '');
  const title = parts.element(document, isMain ? 'h2' : 'h3', '', heading);
  const items = parts.element(document, 'ul', '', '');
  const state = parts.element(document, 'p', 'where', '');
  const earlier = parts.element(document, 'button', '', 'Earlier');
  const later = parts.element(document, 'button', '', 'Later');
  const search = document.createElement('input');
  search.type = 'search';
  search.setAttribute('placeholder', 'Search name, id, state…');
  search.setAttribute('aria-label', `Search: ${heading}`);
  let found = places;
  let first = 0;
  const draw = () => {
    const shown = found.slice(first, first + perPage).map((place) => {
      const item = document.createElement('li');
      const node = data.nodes[place];
      if (node === undefined) return item;
      const { glyph, word } = node.gate === true ? { glyph: '◇', word: 'gate' } : data.states[node.state];
      const button = parts.element(document, 'button', `node s-${node.state}`, '');
      const words = node.role === undefined ? word : `${word}, ${data.roles[node.role].word}`;
      button.append(
        parts.element(document, 'span', 'glyph', glyph),
        parts.element(document, 'span', 'name', node.name),
        parts.element(document, 'span', 'word', words),
      );
      button.addEventListener('click', () => page.select(place));
      item.append(button);
      return item;
    });
    items.replaceChildren(...shown);
    const last = Math.min(first + perPage, found.length);
    state.textContent =
      found.length === 0 ? 'Nothing found' : `${first + 1} to ${last} of ${found.length.toLocaleString('en-US')}`;
    earlier.disabled = first === 0;
    later.disabled = last === found.length;
  };
  const turn = (by: number) => {
    first += by;
    draw();
  };
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    found = places.filter((place) => {
      const node = data.nodes[place];
      if (wanted === '' || node === undefined) return true;
      return `${node.name} ${node.id} ${node.state} ${node.type} ${node.role ?? ''}`.toLowerCase().includes(wanted);
    });
    first = 0;
    draw();
  });
  earlier.addEventListener('click', () => turn(-perPage));
  later.addEventListener('click', () => turn(perPage));
  section.append(title);
  if (places.length > perPage) section.append(search);
  section.append(items);
  if (places.length > perPage) section.append(earlier, later, state);
  draw();
  return section;
}

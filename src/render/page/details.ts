import type { PageNode } from '../payload.js';
import type { PageElement } from './dom.js';
import type { Page } from './part.js';

/** Everything that is known of a node. */
export function nodeDetails(page: Page, place: number): readonly PageElement[] {
  const { document, data, parts, previous } = page;
  const node = data.nodes[place];
  if (node === undefined) return [];
  const { glyph, word } = node.gate === true ? { glyph: '◇', word: 'gate' } : data.states[node.state];
  const badges = parts.element(document, 'p', 'badges', '');
  badges.append(parts.element(document, 'span', `badge s-${node.state}`, `${glyph} ${word}`));
  if (node.role !== undefined) {
    const role = data.roles[node.role];
    badges.append(parts.element(document, 'span', `badge r-${node.role}`, `${role.glyph} ${role.word}`));
  }
  const facts = parts.element(document, 'dl', '', '');
  const known: readonly (readonly [string, string])[] = [
    ['id', node.id],
    ['kind', node.gate === true ? `${node.type} (a gate: runs nothing itself)` : node.type],
    ['provider says', node.said],
    ['took', node.took],
    ['attempts', node.tries === 0 ? '' : `${node.tries}`],
    ['result', node.carriedOver === true ? 'carried over from an earlier execution' : ''],
  ];
  for (const [label, value] of known) {
    if (value === '') continue;
    facts.append(parts.element(document, 'dt', '', label), parts.element(document, 'dd', '', value));
  }
  const before = previous[place] ?? [];
  const lists = [
    before.length === 0 ? undefined : parts.nodeList(page, 'Comes after', before, false),
    node.next.length === 0 ? undefined : parts.nodeList(page, 'Leads to', node.next, false),
  ];
  return [
    parts.element(document, 'h2', '', node.name),
    badges,
    ...parts.attemptDetails(page, node),
    facts,
    ...lists.filter((list) => list !== undefined),
  ];
}

/** The attempts of a node, the newest first. */
export function attemptDetails({ document, data, parts }: Page, node: PageNode): readonly PageElement[] {
  return node.attempts.map((attempt, at) => {
    const number = node.tries - at;
    const { glyph, word } = data.states[attempt.state];
    const section = parts.element(document, 'section', `attempt s-${attempt.state}`, '');
    const said = attempt.said === '' || attempt.said.toLowerCase() === word ? '' : ` (${attempt.said})`;
    const heading = node.tries > 1 ? `Attempt ${number}: ` : '';
    section.append(parts.element(document, 'h3', '', `${heading}${glyph} ${word}${said}`));
    if (attempt.error !== '') section.append(parts.element(document, 'pre', '', attempt.error));
    const times = [
      attempt.started === '' ? '' : `started ${attempt.started}`,
      attempt.ended === '' ? '' : `ended ${attempt.ended}`,
      attempt.took === '' ? '' : `took ${attempt.took}`,
    ];
    section.append(parts.element(document, 'p', 'times', times.filter((time) => time !== '').join(' · ')));
    return section;
  });
}

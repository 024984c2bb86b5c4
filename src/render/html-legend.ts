import type { Picture } from './picture.js';
import { ROLE_STYLES, ROLES } from './role.js';
import { outline } from './shapes.js';
import type { Shape } from './state-style.js';
import { STATE_STYLES, STATES } from './state-style.js';

/** What the signs, shapes and colours mean: those that occur. */
export function legend({ nodes }: Picture, hasGroups: boolean): string {
  const tasks = nodes.filter(({ node }) => node.kind === 'task');
  const states = STATES.filter((state) => tasks.some(({ node }) => node.state === state)).map((state) => {
    const { glyph, word, shape } = STATE_STYLES[state];
    return item(`s-${state}`, shape, `${glyph} ${word}`);
  });
  const roles = ROLES.filter((role) => tasks.some((entry) => entry.role === role)).map((role) => {
    const { glyph, word } = ROLE_STYLES[role];
    return `<li><b>${glyph}</b>${word}</li>`;
  });
  const gates = tasks.length < nodes.length ? [item('', 'diamond', 'gate: decides whether what follows starts')] : [];
  const groups = hasGroups ? [item('', 'stack', 'several nodes drawn as one: click to see them')] : [];
  return `<ul class="legend" aria-label="Legend">${[...states, ...roles, ...gates, ...groups].join('')}</ul>`;
}

function item(kind: string, shape: Shape, text: string): string {
  const width = shape === 'diamond' ? 15 : 28;
  const swatch = `<svg class="${kind}" viewBox="-17 -10 34 20" aria-hidden="true"><path d="${outline(shape, width, 14)}"/></svg>`;
  return `<li>${swatch}${text}</li>`;
}

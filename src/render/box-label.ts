import type { NodeState } from '../snapshot.js';
import type { Box } from './boxes.js';
import type { PictureNode } from './picture.js';
import { isLoud, isOnTheWay } from './picture.js';
import { oneLine } from './plain-text.js';
import type { Role } from './role.js';
import { ROLE_STYLES } from './role.js';
import type { Shape } from './state-style.js';
import { STATE_STYLES, STATES } from './state-style.js';
import { counted, stateCounts } from './wording.js';

/** What a box shows. */
export interface BoxLabel {
  readonly title: string;
  /** Its state in words, with its sign. */
  readonly stateWords: string;
  /** What the plan does with it, in words, with its sign. */
  readonly roleWords: string | undefined;
  readonly state: NodeState;
  /** Only where all members have the same. */
  readonly role: Role | undefined;
  readonly shape: Shape;
  readonly isGate: boolean;
  readonly isOnTheWay: boolean;
}

/** What is written in a box, and how it looks. */
export function labelOf({ members }: Box): BoxLabel {
  const [first] = members;
  const onTheWay = members.some(isOnTheWay);
  if (members.length === 1 && first !== undefined) return { ...nodeLabel(first), isOnTheWay: onTheWay };
  const tasks = members.filter(({ node }) => node.kind === 'task');
  const state = STATES.find((one) => tasks.some(({ node }) => node.state === one)) ?? 'unknown';
  const role = tasks.every((entry) => entry.role === tasks[0]?.role) ? tasks[0]?.role : undefined;
  return {
    title: counted(tasks.length, 'node'),
    stateWords: `${STATE_STYLES[state].glyph} ${stateCounts(members)}`,
    roleWords: roleWords(role),
    state,
    role,
    shape: 'stack',
    isGate: false,
    isOnTheWay: onTheWay,
  };
}

function nodeLabel({ node, role }: PictureNode): Omit<BoxLabel, 'isOnTheWay'> {
  const { glyph, word, shape } = STATE_STYLES[node.state];
  const attempts = node.attempts.length > 1 ? ` · ${counted(node.attempts.length, 'attempt')}` : '';
  const isGate = node.kind === 'gate';
  return {
    title: oneLine(node.name),
    // The state of a gate says whether it is switched on, not whether it let anything pass.
    stateWords: isGate && !isLoud({ node, role }) ? 'gate' : `${glyph} ${word}${attempts}`,
    roleWords: roleWords(role),
    state: node.state,
    role,
    shape: isGate ? 'diamond' : shape,
    isGate,
  };
}

function roleWords(role: Role | undefined): string | undefined {
  return role === undefined ? undefined : `${ROLE_STYLES[role].glyph} ${ROLE_STYLES[role].word}`;
}

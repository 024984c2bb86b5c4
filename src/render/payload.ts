import type { NodeState } from '../snapshot.js';
import type { Box } from './boxes.js';
import type { Picture } from './picture.js';
import { visible } from './plain-text.js';
import type { Role } from './role.js';
import { ROLE_STYLES } from './role.js';
import { STATE_STYLES } from './state-style.js';
import { clockTime, elapsed, tookOf } from './wording.js';

/** An attempt as the page shows it. */
interface PageAttempt {
  readonly state: NodeState;
  readonly said: string;
  readonly started: string;
  readonly ended: string;
  readonly took: string;
  readonly error: string;
}

/** A node as the page shows it. */
export interface PageNode {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly state: NodeState;
  readonly said: string;
  readonly took: string;
  readonly role?: Role | undefined;
  /** What runs nothing; its state says whether it is switched on, not whether it let anything pass. */
  readonly gate?: true | undefined;
  readonly carriedOver?: true | undefined;
  /** The newest ones, the newest first. */
  readonly attempts: readonly PageAttempt[];
  /** How many there are in all. */
  readonly tries: number;
  /** Places of the nodes that it leads to. */
  readonly next: readonly number[];
}

/** What a state or role is called. */
interface PageWord {
  readonly glyph: string;
  readonly word: string;
}

/** All that the page's script knows. */
export interface Payload {
  readonly nodes: readonly PageNode[];
  /** Places of the nodes in each box. */
  readonly boxes: readonly (readonly number[])[];
  readonly states: Readonly<Record<NodeState, PageWord>>;
  readonly roles: Readonly<Record<Role, PageWord>>;
}

/** Of each node. */
const MOST_ATTEMPTS = 10;
/** Of all nodes together, as long as each one shows its newest. */
const MOST_ATTEMPTS_IN_ALL = 20_000;
/** Error texts together, in characters; one text is cut where they are more. */
const MOST_ERROR_TEXT = 2_500_000;

/** What is embedded in the page; error texts are cut where all together would be too many. */
export function payloadOf({ snapshot, nodes }: Picture, boxes: readonly Box[]): Payload {
  const errors = nodes.reduce((sum, { node }) => sum + node.attempts.filter(({ error }) => error).length, 0);
  const longest = Math.min(20_000, Math.max(160, Math.floor(MOST_ERROR_TEXT / Math.max(1, errors))));
  const attemptsEach = Math.min(
    MOST_ATTEMPTS,
    Math.max(1, Math.floor(MOST_ATTEMPTS_IN_ALL / Math.max(1, nodes.length))),
  );
  return {
    nodes: nodes.map(
      ({ node, role, next }): PageNode => ({
        id: visible(node.id),
        name: visible(node.name),
        type: visible(node.providerType ?? ''),
        state: node.state,
        said: visible(node.providerState),
        took: tookOf(node, snapshot.readAt) ?? '',
        role,
        gate: node.kind === 'gate' ? true : undefined,
        carriedOver: node.carriedOver ? true : undefined,
        attempts: node.attempts
          .slice(-attemptsEach)
          .reverse()
          .map(({ state, providerState, startedAt, endedAt, error }) => ({
            state,
            said: visible(providerState),
            started: startedAt === undefined ? '' : visible(clockTime(startedAt)),
            ended: endedAt === undefined ? '' : visible(clockTime(endedAt)),
            took: elapsed(startedAt, endedAt) ?? '',
            error: cut(error ?? '', longest),
          })),
        tries: node.attempts.length,
        next: next.map(({ index }) => index),
      }),
    ),
    boxes: boxes.map(({ members }) => members.map(({ index }) => index)),
    states: STATE_STYLES,
    roles: ROLE_STYLES,
  };
}

function cut(text: string, longest: number): string {
  const shown = text.split(/\r?\n/).map(visible).join('\n');
  return shown.length <= longest ? shown : `${shown.slice(0, longest)}… (${text.length} characters in all)`;
}

import { DriverFailure } from '../driver-failure.js';
import type { Inspection } from '../inspection.js';
import type { ExecutionState, NodeAttempt, NodeEdge, NodeSnapshot, NodeState } from '../snapshot.js';
import { EXECUTION_STATES } from '../vocabulary.js';
import { standingOf } from './standing.js';

const KNOWN_STATES: ReadonlySet<string> = new Set(EXECUTION_STATES);
const NODE_STATES: ReadonlySet<string> = new Set([...EXECUTION_STATES, 'waiting', 'skipped']);
const SHOWS: ReadonlySet<unknown> = new Set(['resume', 'before', 'unclear']);
/** Which of two readings of one node is kept: nobody may be told that it is better than it is. */
const WORST_FIRST: readonly NodeState[] = [
  'failed',
  'unknown',
  'stopped',
  'paused',
  'running',
  'waiting',
  'skipped',
  'succeeded',
];

/** Makes a text fit to be shown: no secret in it. */
export type Conceal = (text: string) => string;

/**
 * What a driver makes of an execution, held to what callers rely on, whoever wrote the driver: known fields only, so that
 * a plan fits its schema; states of the closed list, any other word being `unknown`; each node once; and no success with
 * a failed node.
 *
 * @throws {DriverFailure} INTERNAL (no effect) it cannot be understood at all.
 */
export function soundInspection(handed: Inspection | undefined, conceal: Conceal): Inspection {
  const given = objectOf(handed, 'an inspection');
  const { nodes, edges, shows } = given;
  const sound = distinct(listOf(nodes, 'nodes').map((node) => soundNode(node, conceal)));
  const state = executionStateOf(given.state);
  return {
    state: state === 'succeeded' && sound.some((node) => node.state === 'failed') ? 'failed' : state,
    providerState: wordOf(given.providerState),
    ...setTimes({}, given, conceal),
    nodes: sound,
    ...(edges === undefined || edges === null ? {} : { edges: listOf(edges, 'edges').map(soundEdge) }),
    ...(isText(given.previousExecution) ? { previousExecution: given.previousExecution } : {}),
    ...(SHOWS.has(shows) ? { shows } : {}),
  };
}

/** A state of the closed list. */
export function executionStateOf(state: unknown): ExecutionState {
  return KNOWN_STATES.has(state as string) ? (state as ExecutionState) : 'unknown';
}

/** What a driver handed over, if it is an object at all. */
export function objectOf<T extends object>(given: T | undefined, what: string): T {
  if (typeof given !== 'object' || given === null) throw unsound(`${what}, which is no object`);
  return given;
}

/** What a driver handed over as a list. */
export function listOf<T>(given: readonly T[], what: string): readonly T[] {
  if (!Array.isArray(given)) throw unsound(`${what}, which are no list`);
  return given;
}

/** An id that a driver handed over. */
export function idOf(given: unknown, what: string): string {
  if (!isText(given)) throw unsound(`${what} without an id`);
  return given;
}

/** A word that may be missing. */
export function wordOf(given: unknown): string {
  return typeof given === 'string' ? given : '';
}

/** Whether something is a text with anything in it. */
export function isText(given: unknown): given is string {
  return typeof given === 'string' && given !== '';
}

interface Times {
  startedAt?: string | undefined;
  endedAt?: string | undefined;
  error?: string | undefined;
}

/** Adds when something began and ended and what went wrong, as far as told. */
export function setTimes<T extends Times>(to: T, { startedAt, endedAt, error }: Readonly<Times>, conceal: Conceal): T {
  if (isText(startedAt)) to.startedAt = startedAt;
  if (isText(endedAt)) to.endedAt = endedAt;
  if (isText(error)) to.error = conceal(error);
  return to;
}

function soundNode(given: NodeSnapshot, conceal: Conceal): NodeSnapshot {
  const { name, kind, providerType, state, attempts, carriedOver } = objectOf(given, 'a node');
  const id = idOf(given.id, 'a node');
  const node: { -readonly [K in keyof NodeSnapshot]: NodeSnapshot[K] } = {
    id,
    name: isText(name) ? name : id,
    kind: kind === 'gate' ? 'gate' : 'task',
    state: nodeStateOf(state),
    providerState: wordOf(given.providerState),
    attempts: Array.isArray(attempts) ? attempts.map((attempt: NodeAttempt) => soundAttempt(attempt, conceal)) : [],
    carriedOver: carriedOver === true,
  };
  if (isText(providerType)) node.providerType = providerType;
  return node;
}

function soundAttempt(given: NodeAttempt, conceal: Conceal): NodeAttempt {
  const { state, providerState } = objectOf(given, 'an attempt');
  const attempt = { state: nodeStateOf(state), providerState: wordOf(providerState) };
  return setTimes<typeof attempt & Times>(attempt, given, conceal);
}

function nodeStateOf(state: unknown): NodeState {
  return NODE_STATES.has(state as string) ? (state as NodeState) : 'unknown';
}

/** In the order in which they were listed first. */
function distinct(nodes: readonly NodeSnapshot[]): readonly NodeSnapshot[] {
  const byId = new Map<string, NodeSnapshot>();
  for (const node of nodes) {
    const known = byId.get(node.id);
    byId.set(node.id, known === undefined ? node : worse(known, node));
  }
  return byId.size === nodes.length ? nodes : [...byId.values()];
}

/** Whichever was listed first. */
function worse(one: NodeSnapshot, other: NodeSnapshot): NodeSnapshot {
  const rank = WORST_FIRST.indexOf(one.state) - WORST_FIRST.indexOf(other.state);
  if (rank !== 0) return rank < 0 ? one : other;
  return standingOf(one) > standingOf(other) ? one : other;
}

function soundEdge(given: NodeEdge): NodeEdge {
  const { from, to } = objectOf(given, 'an edge');
  return { from: idOf(from, 'an edge'), to: idOf(to, 'an edge') };
}

function unsound(what: string): DriverFailure {
  return new DriverFailure(`the driver handed over ${what}`, { code: 'INTERNAL', effect: 'none' });
}

import { createHash } from 'node:crypto';
import type { PlannedNode, ResumePlan } from '../resume-plan.js';
import type { ExecutionSnapshot, NodeEdge, NodeSnapshot } from '../snapshot.js';
import { standingPartsOf } from './standing.js';

/** The lists of a plan that say what becomes of a node, in the order of their bits. */
const ROLES = ['starts', 'mayRun', 'expected', 'rerunsSucceeded', 'kept', 'blocked'] as const;
/** So that a large graph is never one string, in characters. */
const PIECE = 32_768;
/** How far ids are looked for that come in order, with gaps. */
const AHEAD = 4;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** What a plan's fingerprint is made from. */
export type FingerprintBasis = Omit<ResumePlan, 'version' | 'fingerprint' | 'refusals' | 'warnings'>;

/**
 * Fingerprints everything that a plan depends on, and what it says would become of each node: connection, target, action,
 * nodes, the execution's state, each node's newest attempt, the edges and the executions resumed from it. Neither times
 * of reading, nor texts of errors, nor the order in which a provider lists things count.
 *
 * Only the sorting of ids and edges is not linear.
 *
 * @returns `v1:` and a SHA-256 in hex.
 */
export function planFingerprintOf(basis: FingerprintBasis): string {
  const { provider, connection, identity, workflow, execution, action, nodes, performed, resumedAs, snapshot } = basis;
  const hash = createHash('sha256');
  // JSON in lines, measured texts, then bytes: no two different plans are written alike.
  const note = (part: unknown): void => void hash.update(`${JSON.stringify(part)}\n`);
  const places = new Places(snapshot.nodes);
  const { bits, renamed } = rolesOf(basis, places);
  const ends = snapshot.edges === undefined ? undefined : endsOf(snapshot.edges, places);
  note([provider, connection, identity, workflow, execution, action, performed]);
  note([nodes.toSorted(), resumedAs.toSorted(), renamed.sort()]);
  note([snapshot.state, snapshot.providerState, endOf(snapshot), snapshot.nodes.length, places.ids.length, !ends]);
  const sorted = places.ids.toSorted();
  const rank = new Uint32Array(sorted.length);
  let piece = '';
  sorted.forEach((id, at) => {
    const place = places.of(id);
    rank[place] = at;
    piece += nodeAsText(id, bits[place] ?? 0, snapshot.nodes[place]);
    if (piece.length < PIECE && at < sorted.length - 1) return;
    // What is no Unicode would lose its difference in UTF-8; JSON spells it out.
    hash.update(piece.isWellFormed() ? piece : JSON.stringify(piece));
    piece = '';
  });
  if (ends !== undefined) hash.update(edgesAsBytes(ends, rank));
  return `v1:${hash.digest('hex')}`;
}

/** When an execution ended. One that may go on does not say that for good. */
export function endOf({ state, endedAt = '' }: Pick<ExecutionSnapshot, 'state' | 'endedAt'>): string {
  return state === 'running' || state === 'paused' ? '' : endedAt;
}

/** Every id that occurs anywhere, numbered as it comes, nodes first: numbers are used from there on. */
class Places {
  readonly ids: string[] = [];
  readonly #places = new Map<string, number>();

  constructor(nodes: readonly NodeSnapshot[]) {
    for (const { id } of nodes) this.of(id);
  }

  of(id: string): number {
    const known = this.#places.get(id);
    if (known !== undefined) return known;
    this.#places.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }

  /** The same for ids that mostly come in the order in which they were numbered: looks a little further, then anywhere. */
  next(id: string, after: number): number {
    for (let place = after + 1; place <= after + AHEAD; place += 1) if (this.ids[place] === id) return place;
    return this.of(id);
  }
}

/**
 * A node as text; the sign of its first number says how many parts it has. Each part comes after its length: that keeps
 * them apart, and is written far faster than JSON.
 *
 * @param node - that of the id, unless a plan or an edge names one that is not there, or nodes repeat.
 */
function nodeAsText(id: string, bits: number, node: NodeSnapshot | undefined): string {
  if (node?.id !== id) return `${-1 - bits};${measured(id)}`;
  const [, kind, state, providerState, attempts, word, start, end] = standingPartsOf(node);
  return (
    `${bits};${measured(id)}${measured(node.name)}${measured(kind)}${measured(state)}${measured(providerState)}` +
    `${attempts};${measured(word)}${measured(start)}${measured(end)}`
  );
}

function measured(text: string): string {
  return `${text.length}:${text}`;
}

/** The lists that each node is in, as bits, and those that a plan calls otherwise than its snapshot does. */
function rolesOf(
  basis: FingerprintBasis,
  places: Places,
): { readonly bits: readonly number[]; readonly renamed: string[] } {
  const bits: number[] = [];
  const renamed: string[] = [];
  const { nodes } = basis.snapshot;
  const noteAll = (planned: readonly PlannedNode[], bit: number): void => {
    let place = -1;
    for (const { id, name } of planned) {
      place = places.next(id, place);
      bits[place] = (bits[place] ?? 0) | bit;
      if (name !== (nodes[place]?.name ?? id)) renamed.push(JSON.stringify([bit, id, name]));
    }
  };
  ROLES.forEach((role, place) => {
    noteAll(basis[role], 1 << place);
  });
  return { bits, renamed };
}

/** The places of the ends of all edges, in pairs. */
function endsOf(edges: readonly NodeEdge[], places: Places): Uint32Array {
  const ends = new Uint32Array(2 * edges.length);
  let [source, target] = [-1, -1];
  edges.forEach(({ from, to }, edge) => {
    // Those of one node mostly come together.
    source = places.ids[source] === from ? source : places.next(from, source);
    target = places.next(to, target);
    ends[2 * edge] = source;
    ends[2 * edge + 1] = target;
  });
  return ends;
}

/** Edges as ranks of their ends, each once: numbers are sorted and written down far faster than pairs of ids. */
function edgesAsBytes(ends: Uint32Array, rank: Uint32Array): Uint8Array {
  const pairs = new Float64Array(ends.length / 2);
  for (let pair = 0; pair < pairs.length; pair += 1) {
    pairs[pair] = rankOf(ends[2 * pair], rank) * rank.length + rankOf(ends[2 * pair + 1], rank);
  }
  const bytes = new DataView(new ArrayBuffer(pairs.byteLength));
  let length = 0;
  let last = -1;
  for (const pair of pairs.sort()) {
    if (pair === last) continue;
    last = pair;
    // The same bytes on every machine.
    bytes.setFloat64(length, pair, true);
    length += BYTES;
  }
  return new Uint8Array(bytes.buffer, 0, length);
}

function rankOf(place: number | undefined, rank: Uint32Array): number {
  return rank[place ?? 0] ?? 0;
}

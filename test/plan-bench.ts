import type { Attempt } from '../src/driver.js';
import type { Inspection, Projection } from '../src/inspection.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import type { NodeSnapshot } from '../src/snapshot.js';
import type { Script } from './inspect-bench.js';
import { inspection, node, projection, readingConnection } from './inspect-bench.js';

export const request = { workflow: 'nightly', execution: 'run-1' };

/** What a service holds, to be changed by anybody. */
interface Held {
  seen: Inspection;
  more: Partial<Projection>;
}

/** A chain of three nodes whose second one failed, and a connection to it. */
export function planned(script: Script = {}, ledger = new MemoryResumeLedger()) {
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
  ];
  const nodes = [node('a', 'succeeded'), node('b', 'failed'), node('c', 'waiting')];
  const held: Held = { seen: inspection('failed', nodes, { edges }), more: {} };
  const sent: (readonly string[])[] = [];
  let reads = 0;
  const make = (more: Script = {}) =>
    readingConnection(
      {
        identity: 'eu-west-1',
        async doPlan() {
          reads += 1;
          return projection(held.seen, held.more);
        },
        async doResume({ execution }, selection, attempt: Attempt) {
          attempt.dispatch();
          sent.push(selection.nodes);
          return { execution, nodes: selection.nodes, nodesBasis: 'reported' };
        },
        ...script,
        ...more,
      },
      ledger,
    );
  /** Changes one node. */
  const change = (id: string, more: Partial<NodeSnapshot>): void => {
    const changed = held.seen.nodes.map((one) => (one.id === id ? { ...one, ...more } : one));
    held.seen = { ...held.seen, nodes: changed };
  };
  return { ...make(), make, held, change, ledger, sent, reads: () => reads };
}

/** As it comes back from a file. */
export function fromFile<T>(plan: T): T {
  return JSON.parse(JSON.stringify(plan)) as T;
}

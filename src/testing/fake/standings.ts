import type { Inspection } from '../../inspection.js';
import type { ExecutionRef, ExecutionState, NodeSnapshot } from '../../snapshot.js';
import type { FakeStanding } from './script.js';

interface Shown {
  readonly ref: ExecutionRef;
  readonly previousExecution: string | undefined;
  readonly standings: readonly (ExecutionState | FakeStanding)[];
  reads: number;
}

/** How the executions of a fake stand. One that nobody has described has failed, without any nodes. */
export class FakeStandings {
  readonly #shown = new Map<string, Shown>();

  /** @param standings - one for each read; the last one stays. */
  show(
    ref: ExecutionRef,
    standings: readonly (ExecutionState | FakeStanding)[],
    previousExecution: string | undefined = this.#of(ref)?.previousExecution,
  ): void {
    this.#shown.set(keyOf(ref), { ref, previousExecution, standings, reads: 0 });
  }

  /** How it stands, and the next read sees the next standing. */
  read(ref: ExecutionRef): Inspection {
    const inspection = this.look(ref);
    const shown = this.#of(ref);
    if (shown !== undefined) shown.reads += 1;
    return inspection;
  }

  /** How it stands for the next read. */
  look(ref: ExecutionRef): Inspection {
    const { standings = [], reads = 0, previousExecution } = this.#of(ref) ?? {};
    const standing = standings[Math.min(reads, standings.length - 1)] ?? 'failed';
    const { state, nodes = [], error } = typeof standing === 'string' ? { state: standing } : standing;
    return {
      state,
      providerState: state,
      nodes: nodes.map(({ id, name = id, state: nodeState = state }): NodeSnapshot => {
        const attempts = nodeState === 'waiting' ? [] : [{ state: nodeState, providerState: nodeState }];
        return { id, name, kind: 'task', state: nodeState, providerState: nodeState, attempts, carriedOver: false };
      }),
      ...(error === undefined ? {} : { error }),
      ...(previousExecution === undefined ? {} : { previousExecution }),
    };
  }

  /** Those of a workflow, in the order in which they were described or resumed. */
  of(workflow: string): readonly ExecutionRef[] {
    return [...this.#shown.values()].map(({ ref }) => ref).filter((ref) => ref.workflow === workflow);
  }

  #of(ref: ExecutionRef): Shown | undefined {
    return this.#shown.get(keyOf(ref));
  }
}

function keyOf({ workflow, execution }: ExecutionRef): string {
  return JSON.stringify([workflow, execution]);
}

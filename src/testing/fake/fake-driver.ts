import type { Acceptance, Attempt, Discovery, Selection, Target, WorkflowDriver } from '../../driver.js';
import { DriverFailure } from '../../driver-failure.js';
import type { Inspection, ListPage, Projection } from '../../inspection.js';
import type { ExecutionRef } from '../../snapshot.js';
import type { Action, Capabilities, Receipt } from '../../types.js';
import type { FakeAcceptance } from './script.js';
import { FakeScript } from './script.js';
import { FakeStandings } from './standings.js';

const ANY_ID = { maxLength: 4_096, pattern: /./s, rule: 'not be empty' };
const ANY_NODES = { min: 0, max: Number.POSITIVE_INFINITY };

/** Takes everything. */
const DEFAULT_CAPABILITIES: Capabilities = {
  actions: { resume: ANY_NODES, restart: ANY_NODES, skip: ANY_NODES, continue: ANY_NODES },
  newExecution: false,
  discoversNodes: false,
  ids: { workflow: ANY_ID, execution: ANY_ID, node: ANY_ID },
  reads: ['inspect', 'plan', 'list', 'lineage'],
  notices: [],
};

/** Something that a fake has resumed. */
export interface FakeResumed extends ExecutionRef {
  readonly action: Action;
  /** As they were asked of the provider. */
  readonly nodes: readonly string[];
}

/** A driver without a network: its answers are scripted. */
export class FakeDriver<A extends Action> implements WorkflowDriver<A> {
  readonly provider: string;
  readonly capabilities: WorkflowDriver<A>['capabilities'];
  readonly script = new FakeScript();
  readonly standings = new FakeStandings();
  readonly resumed: FakeResumed[] = [];

  /** @param actions - takes no others than these. @default those of the capabilities */
  constructor(provider: string, capabilities: Partial<Capabilities>, actions?: readonly A[]) {
    this.provider = provider;
    const all = { ...DEFAULT_CAPABILITIES, ...capabilities };
    const taken = actions === undefined ? all.actions : pick(all.actions, actions);
    // What `A` names is what the caller says that the fake takes.
    this.capabilities = { ...all, actions: taken } as WorkflowDriver<A>['capabilities'];
  }

  async doDiscover(target: Target): Promise<Discovery> {
    return { performed: target.action, nodes: this.#nodesOf(target) };
  }

  async doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance> {
    const answer = this.script.take(target);
    attempt.dispatch();
    const { afterMs = 0 } = answer;
    if (afterMs > 0) await attempt.race(new Promise((resolve) => setTimeout(resolve, afterMs)));
    if (answer.kind === 'refuse') {
      const { code, message = 'refused, as the test scripted it', providerCode, httpStatus } = answer;
      // Final: what a test scripts as UNAVAILABLE is to be seen, not waited out.
      throw new DriverFailure(message, { code, effect: 'none', providerCode, httpStatus, final: true });
    }
    if (answer.kind === 'lose') {
      if (answer.happened === true) this.#resume(target, selection, {});
      throw new DriverFailure('the answer was lost, as the test scripted it', {
        code: 'UNAVAILABLE',
        effect: 'unknown',
      });
    }
    return this.#resume(target, selection, answer);
  }

  async doInspect(ref: ExecutionRef, _attempt: Attempt, resumed?: Receipt): Promise<Inspection> {
    const inspection = this.standings.read(ref);
    return resumed === undefined ? inspection : { ...inspection, shows: 'resume' };
  }

  async doPlan(target: Target): Promise<Projection> {
    const inspection = this.standings.look(target);
    const answer = this.script.next(target);
    const isStopped = inspection.state === 'failed' || inspection.state === 'paused';
    const refusals = [
      ...(isStopped ? [] : [`the execution is ${inspection.state}`]),
      ...(answer.kind === 'refuse' ? [answer.message ?? answer.code] : []),
    ];
    const nodes = refusals.length > 0 ? [] : this.#nodesOf(target);
    const waiting = inspection.nodes.filter(({ state }) => state === 'waiting').map(({ id }) => id);
    const mayRun = refusals.length > 0 ? [] : [...new Set([...nodes, ...waiting])];
    return {
      inspection,
      performed: target.action,
      nodes,
      starts: nodes,
      mayRun,
      expected: mayRun,
      resumedAs: [],
      refusals,
      warnings: [],
    };
  }

  async doList(workflow: string): Promise<ListPage> {
    return {
      executions: this.standings.of(workflow).map((ref) => {
        const { state, providerState, previousExecution } = this.standings.look(ref);
        const listed = { execution: ref.execution, state, providerState };
        return previousExecution === undefined ? listed : { ...listed, previousExecution };
      }),
    };
  }

  async close(): Promise<void> {}

  #nodesOf({ nodes, ...ref }: Target): readonly string[] {
    if (nodes.length > 0) return nodes;
    const stopped = this.standings.look(ref).nodes.filter(({ state }) => state === 'failed' || state === 'paused');
    return stopped.map(({ id }) => id);
  }

  #resume({ workflow, execution, action }: Target, { nodes }: Selection, answer: FakeAcceptance): Acceptance {
    this.resumed.push({ workflow, execution, action, nodes });
    const minted = this.capabilities.newExecution ? `${execution}-resumed-${this.resumed.length}` : execution;
    const { execution: next = minted, nodes: started = nodes, requestId, becomes = ['succeeded'] } = answer;
    this.standings.show({ workflow, execution }, [this.#before({ workflow, execution })]);
    this.standings.show({ workflow, execution: next }, becomes, next === execution ? undefined : execution);
    return { execution: next, nodes: started, nodesBasis: 'reported', requestId };
  }

  #before(ref: ExecutionRef) {
    const { state, nodes } = this.standings.look(ref);
    return { state, nodes: nodes.map(({ id, name, state: nodeState }) => ({ id, name, state: nodeState })) };
  }
}

function pick(ranges: Capabilities['actions'], actions: readonly Action[]): Capabilities['actions'] {
  return Object.fromEntries(actions.map((action) => [action, ranges[action] ?? ANY_NODES]));
}

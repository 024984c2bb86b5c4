import type { Acceptance, Attempt, Discovery, Finding, LostResume, Selection, Target } from '../src/driver.js';
import type { DriverFailure } from '../src/driver-failure.js';
import type { HttpAnswer, HttpRequest } from '../src/http/message.js';
import { jsonOf } from '../src/http/message.js';
import { HttpTransport } from '../src/http/transport.js';
import { errorTable, failureOf, unreadable } from '../src/http/verdict.js';
import type { Inspection, ListPage, PageRequest } from '../src/inspection.js';
import type { ExecutionRef } from '../src/snapshot.js';
import type { Action, Capabilities } from '../src/types.js';
import type { TinyRun } from './conformance-service.js';

const ID = { maxLength: 40, pattern: /^[A-Za-z0-9 .&%+-]+$/, rule: 'consist of letters, digits and a few signs' };
const MANY = Number.POSITIVE_INFINITY;
const ERRORS = errorTable([
  { status: 400, providerCode: 'WrongState', code: 'FAILED_PRECONDITION', effect: 'none' },
  { status: 404, providerCode: 'NoSuchThing', code: 'NOT_FOUND', effect: 'none' },
]);
const STATES = { failed: 'failed', running: 'running', done: 'succeeded' } as const;

/** An answer that accepts. */
interface Resumed {
  readonly run: string;
  readonly from: string;
  readonly nodes: readonly string[];
}

export type Capable = Capabilities & {
  readonly actions: Readonly<Record<'resume' | 'restart', { min: number; max: number }>>;
};
export const TINY: Capable = {
  actions: { resume: { min: 0, max: MANY }, restart: { min: 1, max: MANY } },
  newExecution: true,
  discoversNodes: true,
  ids: { workflow: ID, execution: ID, node: ID },
  reads: ['inspect', 'list', 'lineage'],
  notices: [],
};

/** A right driver for the made-up service; the wrong ones differ from it in one thing each. */
export class TinyDriver {
  readonly provider = 'tiny';
  readonly capabilities: Capable = TINY;
  readonly #transport = new HttpTransport();
  protected readonly endpoint: string;
  protected readonly token: () => Promise<string>;

  constructor(endpoint: string, token: () => Promise<string>) {
    this.endpoint = endpoint;
    this.token = token;
  }

  needsDiscovery({ nodes }: Target, readBack: boolean): boolean {
    return readBack || nodes.length === 0;
  }

  async doDiscover(target: Target, attempt: Attempt): Promise<Discovery> {
    const run = await this.run(target, attempt);
    const nodes = target.nodes.length > 0 ? target.nodes : run.nodes;
    return { performed: target.action, nodes, baseline: { newest: await this.#newest(target, attempt) } };
  }

  async doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance> {
    const answer = await this.send(await this.resumeRequest(target, selection, attempt), attempt);
    return this.acceptance(this.accepted(answer), target, selection);
  }

  async doFindResumed({ workflow, execution }: Target, { nodes }: Selection, lost: LostResume, attempt: Attempt) {
    const runs = await this.everyRun(workflow, attempt);
    const before = runs.findIndex(({ id }) => id === lost.baseline?.['newest']);
    const ours = runs.slice(before + 1).filter(({ from }) => from === execution);
    return this.finding(ours, nodes);
  }

  async doInspect(ref: ExecutionRef, attempt: Attempt): Promise<Inspection> {
    const { state, nodes, from } = await this.run(ref, attempt);
    return {
      state: STATES[state],
      providerState: state,
      nodes: nodes.map((id) => {
        const node = { id, name: id, kind: 'task', state: STATES[state], providerState: state } as const;
        return { ...node, attempts: [], carriedOver: false };
      }),
      ...(from === undefined ? {} : { previousExecution: from }),
    };
  }

  async doList(workflow: string, { token }: PageRequest, attempt: Attempt): Promise<ListPage> {
    const { runs, next } = await this.page(workflow, token ?? '0', attempt);
    const executions = runs.map(({ id, state, from }) => {
      const listed = { execution: id, state: STATES[state], providerState: state };
      return from === undefined ? listed : { ...listed, previousExecution: from };
    });
    return next === undefined ? { executions } : { executions, next: String(next) };
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  protected send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
    return this.#transport.send(request, attempt);
  }

  protected async resumeRequest(target: Target, { performed, nodes }: Selection, attempt: Attempt) {
    const { workflow, execution } = target;
    const body = JSON.stringify({ workflow, execution, action: performed, nodes });
    return { ...(await this.request('/resume', attempt)), method: 'POST', body };
  }

  protected async request(path: string, attempt: Attempt): Promise<HttpRequest> {
    const token = await this.token();
    attempt.conceal(token);
    return { origin: this.endpoint, method: 'GET', path, headers: { Authorization: `Bearer ${token}` } };
  }

  protected accepted(answer: HttpAnswer): HttpAnswer {
    if (answer.status === 200) return answer;
    throw this.failure(answer);
  }

  protected failure(answer: HttpAnswer): DriverFailure {
    const { tiny, message } = (jsonOf(answer) ?? {}) as { readonly tiny?: string; readonly message?: string };
    return failureOf(answer, tiny === undefined ? undefined : { providerCode: tiny, message }, ERRORS, undefined);
  }

  protected acceptance(answer: HttpAnswer, { execution }: Target, { nodes: asked }: Selection): Acceptance {
    const { run, from, nodes } = (jsonOf(answer) ?? {}) as Partial<Resumed>;
    if (run === undefined || from !== execution) throw unreadable(answer, 'it does not name the new run');
    // The service names nodes only where it starts others than it was asked for.
    return { execution: run, nodes: nodes ?? asked, nodesBasis: nodes === undefined ? 'expected' : 'reported' };
  }

  protected finding(ours: readonly TinyRun[], nodes: readonly string[]): Finding {
    const [one, ...more] = ours;
    if (one === undefined) return { found: 'nothing', seen: 'no new run' };
    if (more.length > 0) return { found: 'several', executions: ours.map(({ id }) => id) };
    return { found: 'resumed', acceptance: { execution: one.id, nodes, nodesBasis: 'observed' } };
  }

  protected async page(workflow: string, from: string, attempt: Attempt) {
    const path = `/runs/${encodeURIComponent(workflow)}?from=${from}`;
    const answer = this.accepted(await this.send(await this.request(path, attempt), attempt));
    const page = jsonOf(answer) as { readonly runs?: TinyRun[]; readonly next?: number } | undefined;
    if (page?.runs === undefined) throw unreadable(answer, 'it is no page');
    return { runs: page.runs, next: page.next };
  }

  protected async run({ workflow, execution }: ExecutionRef, attempt: Attempt): Promise<TinyRun> {
    const path = `/runs/${encodeURIComponent(workflow)}/${encodeURIComponent(execution)}`;
    const answer = this.accepted(await this.send(await this.request(path, attempt), attempt));
    const run = jsonOf(answer) as TinyRun | undefined;
    if (run?.id !== execution) throw unreadable(answer, 'it is no run, or another one');
    return run;
  }

  protected async everyRun(workflow: string, attempt: Attempt): Promise<TinyRun[]> {
    const all: TinyRun[] = [];
    for (let from: string | undefined = '0'; from !== undefined; ) {
      const { runs, next }: { runs: TinyRun[]; next: number | undefined } = await this.page(workflow, from, attempt);
      all.push(...runs);
      from = next === undefined ? undefined : String(next);
    }
    return all;
  }

  async #newest({ workflow }: Target, attempt: Attempt): Promise<string> {
    return (await this.everyRun(workflow, attempt)).at(-1)?.id ?? '';
  }
}

/** For a driver that declares more than the right one. */
export function declaring(
  more: Partial<Capabilities>,
  actions: Partial<Record<Action, { min: number; max: number }>> = {},
) {
  return { ...TINY, ...more, actions: { ...TINY.actions, ...actions } };
}

import type { EmulatedAnswer, EmulatedOperation, EmulatedRequest } from '../src/testing/index.js';
import { EmulatorServer } from '../src/testing/index.js';
import type { Action } from '../src/types.js';

export const TOKEN = 'tok-canary/of+the=suite&more';

/** What a request to resume says. */
export interface Asked {
  readonly workflow: string;
  readonly execution: string;
  readonly action: Action;
  readonly nodes: readonly string[];
}

/** A run as the service shows it. */
export interface TinyRun {
  readonly workflow: string;
  readonly id: string;
  readonly from?: string | undefined;
  state: 'failed' | 'running' | 'done';
  readonly nodes: readonly string[];
}

const json = (value: unknown, status = 200): EmulatedAnswer => ({ status, body: JSON.stringify(value) });
export const refusal = (message: string, code = 'WrongState', status = 400): EmulatedAnswer => {
  return json({ tiny: code, message }, status);
};

/** A service made up for these tests: each resume starts a new run, and a list takes pages of two. */
export class TinyService extends EmulatorServer {
  readonly provider = 'tiny';
  readonly runs: TinyRun[] = [{ workflow: 'flow', id: 'run-1', state: 'failed', nodes: ['a', 'b', 'c'] }];

  finish(): void {
    for (const run of this.runs) if (run.state === 'running') run.state = 'done';
  }

  protected override authenticate({ headers }: EmulatedRequest): EmulatedAnswer | undefined {
    return headers.authorization === `Bearer ${TOKEN}` ? undefined : refusal('who are you?', 'Unauthorized', 401);
  }

  protected override route({ method, path, query, body }: EmulatedRequest): EmulatedOperation {
    const [, kind, ...segments] = path.split('/');
    const [workflow = '', id = ''] = segments.map(decodeURIComponent);
    if (method === 'POST' && kind === 'resume') {
      return { name: 'resume', mutating: true, run: () => this.#resume(JSON.parse(body.toString()) as Asked) };
    }
    const nothing = refusal('no such thing', 'NoSuchThing', 404);
    if (method !== 'GET' || kind !== 'runs') return { name: 'unknown', mutating: false, run: () => nothing };
    if (id === '') return { name: 'list', mutating: false, run: () => this.#list(workflow, Number(query.get('from'))) };
    const run = this.runs.find((one) => one.workflow === workflow && one.id === id);
    return { name: 'get', mutating: false, run: () => (run === undefined ? nothing : json(run)) };
  }

  #resume({ workflow, execution, nodes }: Asked): EmulatedAnswer {
    const old = this.runs.find((one) => one.workflow === workflow && one.id === execution);
    if (old === undefined) return refusal('no such run', 'NoSuchThing', 404);
    const id = `run-${this.runs.length + 1}`;
    this.runs.push({ workflow, id, from: execution, state: 'running', nodes });
    return json({ run: id, from: execution });
  }

  #list(workflow: string, from: number): EmulatedAnswer {
    const all = this.runs.filter((run) => run.workflow === workflow);
    const next = from + 2 < all.length ? from + 2 : undefined;
    return json({ runs: all.slice(from, from + 2), next });
  }
}

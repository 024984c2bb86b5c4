import type { Action, Outcome, ResumableWorkflow, ResumeOptions, ResumeRequest } from '../src/types.js';
import { TINY } from './conformance-tiny-driver.js';
import { unknownAfter } from './conformance-wrong-drivers.js';

type Attempted = (request: ResumeRequest, options?: ResumeOptions) => Promise<Outcome>;

/** A right driver behind a connection that is not: what an author may wrap around `createWorkflow`. */
export interface WrongConnection {
  readonly name: string;
  readonly caughtBy: string;
  readonly attempt: (right: ResumableWorkflow) => Attempted;
}

export const WRONG_CONNECTIONS: readonly WrongConnection[] = [
  {
    name: 'sends an action that is not declared',
    caughtBy: 'skip: not declared → UNIMPLEMENTED, nothing sent',
    attempt: (right) => (request, options) => right.attempt({ ...request, action: known(request.action) }, options),
  },
  {
    name: 'calls again after an unknown effect',
    caughtBy: unknownAfter('503 with an empty body'),
    attempt: (right) => async (request, options) => {
      const outcome = await right.attempt(request, options);
      if (outcome.status !== 'unknown') return outcome;
      return await right.attempt({ ...request, execution: 'run-2' }, options);
    },
  },
  {
    name: 'drops the caller’s signal',
    caughtBy: 'time: a TLS handshake that hangs until the abort → effect none, in time',
    attempt: (right) => (request, options) => right.attempt(request, { ...options, signal: undefined }),
  },
  {
    name: 'drops the caller’s deadline',
    caughtBy: 'time: a TLS handshake that hangs until the deadline → effect none, in time',
    attempt: (right) => (request, options) => right.attempt(request, { ...options, timeoutMs: undefined }),
  },
  {
    name: 'names all nodes where none is named',
    caughtBy: 'nodes of restart: 0 where 1 to Infinity are declared → INVALID_ARGUMENT, nothing sent',
    attempt: (right) => (request, options) => {
      const { nodes = [] } = request;
      return right.attempt({ ...request, nodes: nodes.length > 0 ? nodes : ['a', 'b', 'c'] }, options);
    },
  },
];

/** The right connection with another `attempt`. */
export function wrapped<A extends Action>(
  right: ResumableWorkflow<A>,
  attempt: WrongConnection['attempt'],
): ResumableWorkflow<A> {
  const attempted = attempt(right);
  return new Proxy(right, {
    get: (target, key) => {
      if (key === 'attempt') return attempted;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function known(action: Action = 'resume'): Action {
  return action in TINY.actions ? action : 'restart';
}

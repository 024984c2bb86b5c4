import type { Action, ResumableWorkflow } from '../src/types.js';

/**
 * The same connection for tests of one request's bytes and answer: nothing is read before or after it, unless a call
 * asks for that.
 */
export function withoutReadBack<A extends Action>(workflow: ResumableWorkflow<A>): ResumableWorkflow<A> {
  const readBack = 'off';
  return {
    name: workflow.name,
    provider: workflow.provider,
    capabilities: workflow.capabilities,
    resume: (request, options) => workflow.resume(request, { readBack, ...options }),
    attempt: (request, options) => workflow.attempt(request, { readBack, ...options }),
    resumeEach: (requests, options) => workflow.resumeEach(requests, { readBack, ...options }),
    reconcile: (target, options) => workflow.reconcile(target, options),
    close: () => workflow.close(),
  };
}

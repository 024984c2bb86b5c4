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
    inspect: (ref, options) => workflow.inspect(ref, options),
    list: (name, options) => workflow.list(name, options),
    plan: (request, options) => workflow.plan(request, options),
    follow: (receipt, options) => workflow.follow(receipt, options),
    settled: (receipt, options) => workflow.settled(receipt, options),
    lineage: (ref, options) => workflow.lineage(ref, options),
    close: () => workflow.close(),
  };
}

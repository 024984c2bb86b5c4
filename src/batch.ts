import type { Action, EachOutcome, Outcome, ResumeRequest } from './types.js';

/**
 * Runs many requests with at most `concurrency` under way or waiting to be taken, and yields each outcome as it comes.
 * The next request is taken only when there is room for it.
 *
 * @param resumeOne - never throws.
 * @param giveUp - ends what is under way; called when the consumer leaves early.
 */
export async function* inOrderOfCompletion<A extends Action>(
  requests: Iterable<ResumeRequest<A>> | AsyncIterable<ResumeRequest<A>>,
  concurrency: number,
  resumeOne: (request: ResumeRequest<A>) => Promise<Outcome>,
  giveUp: () => void,
): AsyncGenerator<EachOutcome<A>, void, undefined> {
  const source = Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
  const completed: EachOutcome<A>[] = [];
  let underWay = 0;
  let pulling = false;
  let exhausted = false;
  let failure: { readonly thrown: unknown } | undefined;
  let wake = (): void => {};

  const start = async (request: ResumeRequest<A>): Promise<void> => {
    underWay += 1;
    const outcome = await resumeOne(request);
    underWay -= 1;
    completed.push({ ...outcome, request });
    wake();
  };
  const pull = async (): Promise<void> => {
    if (pulling || exhausted || underWay + completed.length >= concurrency) return;
    pulling = true;
    try {
      while (!exhausted && underWay + completed.length < concurrency) {
        const step = await source.next();
        if (step.done === true) exhausted = true;
        // One that fails stops nothing: it is yielded like the others.
        else void start(step.value);
      }
    } catch (thrown) {
      // The source's own error: what is under way is told first.
      exhausted = true;
      failure = { thrown };
    } finally {
      pulling = false;
      if (exhausted) wake();
    }
  };

  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      void pull();
      const outcome = completed.shift();
      if (outcome !== undefined) yield outcome;
      else if (exhausted && underWay === 0 && !pulling) break;
      else await woken;
    }
    if (failure !== undefined) throw failure.thrown;
  } finally {
    if (!exhausted || underWay > 0) {
      giveUp();
      if (!exhausted) await source.return?.();
      exhausted = true;
    }
  }
}

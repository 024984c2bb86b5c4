import { AssertionError } from 'node:assert';
import type { Action } from '../../types.js';
import { check } from './fake-schema.js';
import type { FakeCall, FakeWorkflow } from './fake-workflow.js';

/** What must have been resumed. What is left out may be anything. */
export interface ExpectedResume<A extends Action = Action> {
  readonly workflow?: string | undefined;
  readonly execution?: string | undefined;
  readonly action?: A | undefined;
  /** In any order. */
  readonly nodes?: readonly string[] | undefined;
}

/**
 * Fails unless the fake has resumed it, by default exactly once: twice is what orchestration code must not do.
 *
 * Counted is what the provider would have carried out: calls that joined each other are one, refused ones none.
 *
 * @param options.times - how often. @default 1
 * @throws AssertionError with every call that was made.
 * @throws {ResumeError} INVALID_ARGUMENT what is expected has a key that no resume has: it would fit everything.
 */
export function expectResumed<A extends Action>(
  fake: FakeWorkflow<A>,
  expected: ExpectedResume<A>,
  options: { readonly times?: number | undefined } = {},
): void {
  check('expectation', { fake, expected, options }, 'expectResumed');
  compare(fake, expected, options.times ?? 1, expectResumed);
}

/** Fails where the fake has resumed it. @param expected - what must not have been resumed; anything where it is left out */
export function expectNotResumed<A extends Action>(fake: FakeWorkflow<A>, expected: ExpectedResume<A> = {}): void {
  check('expectation', { fake, expected, options: {} }, 'expectNotResumed');
  compare(fake, expected, 0, expectNotResumed);
}

/** @param caller - from where on the stack is of interest. */
function compare(
  fake: Pick<FakeWorkflow, 'name' | 'resumed' | 'calls'>,
  expected: ExpectedResume,
  times: number,
  caller: typeof expectResumed | typeof expectNotResumed,
): void {
  const { workflow, execution, action, nodes } = expected;
  const found = fake.resumed.filter((resumed) => {
    return (
      (workflow ?? resumed.workflow) === resumed.workflow &&
      (execution ?? resumed.execution) === resumed.execution &&
      (action ?? resumed.action) === resumed.action &&
      sameNodes(nodes ?? resumed.nodes, resumed.nodes)
    );
  });
  if (found.length === times) return;
  const wanted = `${fake.name} should have done ${wording(expected)} ${often(times)}`;
  throw new AssertionError({
    message: `${wanted}, but did it ${often(found.length)}. ${asked(fake.calls)}`,
    actual: found.length,
    expected: times,
    operator: caller.name,
    stackStartFn: caller,
  });
}

function sameNodes(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}

function wording({ workflow = 'any workflow', execution = 'any execution', action, nodes }: ExpectedResume): string {
  const which = nodes === undefined ? '' : ` with nodes [${nodes.join(', ')}]`;
  return `${action ?? 'a resume'} of ${workflow} / ${execution}${which}`;
}

function often(times: number): string {
  if (times === 0) return 'never';
  return times === 1 ? 'once' : `${times} times`;
}

function asked(calls: readonly FakeCall[]): string {
  if (calls.length === 0) return 'It was never asked for anything.';
  const lines = calls.map(({ request, outcome }, index) => {
    const { nodes = [], action = 'resume' } = request;
    const which = nodes.length === 0 ? '' : ` [${nodes.join(', ')}]`;
    return `  ${index + 1}. ${action} of ${request.workflow} / ${request.execution}${which}: ${became(outcome)}`;
  });
  return `It was asked for:\n${lines.join('\n')}`;
}

function became(outcome: FakeCall['outcome']): string {
  if (outcome === undefined) return 'still under way';
  if (outcome.status === 'accepted') return `accepted as ${outcome.receipt.execution}`;
  return `${outcome.status}, ${outcome.error.code}`;
}

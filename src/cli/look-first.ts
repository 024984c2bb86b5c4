import type { ErrorCode } from '../errors.js';
import { ResumeError } from '../errors.js';
import type { ResumeLedger } from '../ledger/ledger.js';
import { oneLine, visible } from '../render/plain-text.js';
import type { ResumePlan } from '../resume-plan.js';
import type { ResumableWorkflow, ResumeRequest } from '../types.js';
import { canAsk, confirmed } from './confirm.js';
import { showPlan, urgentIn } from './show-plan.js';
import { Terminal } from './terminal.js';

/** How to look before a resume. */
export interface LookSettings {
  /** Do not ask. */
  readonly yes: boolean;
  readonly timeoutMs?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly ledger: ResumeLedger;
  readonly signal: AbortSignal;
}

/** What a resume would be refused for as well: nobody needs to be asked. */
const REFUSES: ReadonlySet<ErrorCode> = new Set([
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'FAILED_PRECONDITION',
  'UNAUTHENTICATED',
  'CANCELLED',
  'UNIMPLEMENTED',
]);

/**
 * On a terminal, looks first what a resume would do, says so, and asks where it is risky.
 *
 * @returns the plan that was shown, so that nothing else is applied; the request itself where nobody looks.
 * @throws {ResumeError} CANCELLED (no effect) the answer was no.
 */
export async function lookFirst(
  workflow: ResumableWorkflow,
  request: ResumeRequest,
  { yes, timeoutMs, idempotencyKey: key, ledger, signal }: LookSettings,
): Promise<ResumeRequest | ResumePlan> {
  if (!canAsk() || workflow.capabilities.reads?.includes('plan') !== true) return request;
  const target = { connection: workflow.name, workflow: request.workflow, execution: request.execution };
  // The resume tells what became of an earlier one, or that its ledger does not work, and sends nothing.
  const isInTheWay = await ledger.lookup({ key, target }).then(
    (record) => record !== undefined,
    () => true,
  );
  if (isInTheWay) return request;
  let plan: ResumePlan;
  try {
    plan = await workflow.plan(request, { timeoutMs, signal });
  } catch (error) {
    if (!ResumeError.isInstance(error) || REFUSES.has(error.code)) throw error;
    const terminal = new Terminal(process.stderr);
    terminal.line(terminal.style('yellow', '! what it would do could not be read, so that is not known'));
    terminal.line(`  ${oneLine(error.message)}`);
    if (!yes) await ask(workflow, signal);
    return request;
  }
  await agree(workflow, plan, { yes, signal });
  return plan;
}

/**
 * Says on a terminal what a plan does, and asks where it is risky.
 *
 * @throws {ResumeError} CANCELLED (no effect) the answer was no.
 */
export async function agree(
  workflow: ResumableWorkflow,
  plan: ResumePlan,
  { yes, signal }: Pick<LookSettings, 'yes' | 'signal'>,
): Promise<void> {
  // What is refused is told by the resume, which sends nothing.
  if (!canAsk() || plan.refusals.length > 0) return;
  const terminal = new Terminal(process.stderr);
  terminal.line(`${terminal.style('bold', plan.workflow)} / ${visible(plan.execution)} on ${visible(workflow.name)}`);
  showPlan(terminal, urgentIn(plan));
  if (isRisky(plan) && !yes) await ask(workflow, signal);
}

function isRisky({ rerunsSucceeded, resumedAs }: ResumePlan): boolean {
  return rerunsSucceeded.length > 0 || resumedAs.length > 0;
}

async function ask({ name: connection, provider }: ResumableWorkflow, signal: AbortSignal): Promise<void> {
  const answer = await confirmed('Resume it? [y/N] ', signal).catch(() => undefined);
  if (answer === true) return;
  if (answer === undefined) process.stderr.write('\n');
  const why = answer === undefined ? 'interrupted before an answer' : 'the answer was not yes';
  throw new ResumeError(`${connection}: ${why}. Nothing was sent.`, {
    code: 'CANCELLED',
    effect: 'none',
    provider,
    connection,
  });
}

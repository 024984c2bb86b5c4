import { applicablePlan } from '../plan/plan-schema.js';
import type { PlannedNode, ResumePlan } from '../resume-plan.js';
import type { Action, ResumableWorkflow, ResumeRequest } from '../types.js';
import { EXIT } from './exit-codes.js';
import { requireFollowable, showRun, tellUnfollowed } from './follow-run.js';
import { untilInterrupted } from './interrupt.js';
import type { LookSettings } from './look-first.js';
import { agree, lookFirst } from './look-first.js';
import { withConnection } from './open-connection.js';
import { openLedger } from './open-ledger.js';
import type { Asked } from './plan-file.js';
import { readPlan } from './plan-file.js';
import { outcomeOf, tellOutcome } from './verdict.js';

/** The flags of `resumable resume`. */
export interface ResumeFlags {
  readonly action?: Action;
  readonly node?: string[];
  /** A file. */
  readonly plan?: string;
  readonly follow?: boolean;
  readonly pollMs?: number;
  readonly yes?: boolean;
  readonly blind?: boolean;
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
  readonly reason?: string;
  readonly actor?: string;
  /** False with `--no-read-back`. */
  readonly readBack: boolean;
  readonly readBackMs?: number;
  readonly ledger?: string;
  readonly json?: boolean;
  readonly config?: string;
}

/** Which execution: all three, or what a plan says. */
type Named = Pick<Asked, 'connection' | 'workflow' | 'execution'>;

/**
 * Resumes one execution; the verdict is the exit code. What was tried is remembered in the ledger.
 *
 * @param named - all of them unless there is a plan.
 */
export async function resumeCommand(named: Named, flags: ResumeFlags): Promise<number> {
  const { action, node: nodes, yes = false, blind = false, follow = false, pollMs, config, json = false } = flags;
  const { timeoutMs, readBackMs, idempotencyKey, reason, actor } = flags;
  const file = flags.plan === undefined ? undefined : await readPlan(flags.plan, { ...named, action, nodes });
  const { connection = file?.connection ?? '', workflow = '', execution = '' } = named;
  const ledger = openLedger(flags.ledger);
  return await withConnection(connection, { config, ledger }, async (opened) => {
    if (follow) requireFollowable(opened);
    return await untilInterrupted(async (signal) => {
      let known: readonly PlannedNode[] = [];
      const outcome = await outcomeOf(async () => {
        const look = { yes, blind, timeoutMs, idempotencyKey, ledger, signal };
        const request = { workflow, execution, action, nodes };
        const what = await decide(opened, file === undefined ? { request } : { plan: file.content }, look);
        if ('snapshot' in what) known = what.snapshot.nodes;
        const readBack = flags.readBack ? 'on' : 'off';
        const options = { timeoutMs, readBackMs, readBack, idempotencyKey, reason, actor, signal } as const;
        return { status: 'accepted', receipt: await opened.resume(what, options) };
      });
      const exitCode = tellOutcome(json, outcome, { known, ledger: flags.ledger, config });
      if (!follow || outcome.status !== 'accepted') return exitCode;
      const { receipt } = outcome;
      try {
        const progresses = opened.follow(receipt, { pollMs, signal });
        return await showRun(progresses, { ...receipt, config }, { json, stream: process.stderr, isResumed: true });
      } catch (error) {
        tellUnfollowed({ ...receipt, config }, error, { json, isResumed: true });
        return EXIT.notSucceeded;
      }
    });
  });
}

/** What is sent: a plan from a file, or the one that was shown, or the request alone. */
async function decide(
  opened: ResumableWorkflow,
  { plan, request }: { readonly plan?: unknown; readonly request?: ResumeRequest },
  look: LookSettings & { readonly blind: boolean },
): Promise<ResumeRequest | ResumePlan> {
  if (request !== undefined) return look.blind ? request : await lookFirst(opened, request, look);
  const applicable = applicablePlan(plan, opened);
  if (!look.blind) await agree(opened, applicable, look);
  return applicable;
}

import { consequencesOf } from '../render/consequences.js';
import type { ExecutionRef } from '../snapshot.js';
import type { VirtualClock } from '../testing/clock.js';
import type { ResumableWorkflow } from '../types.js';
import { showRun } from './follow-run.js';
import { printJson } from './print-json.js';
import { showReceipt } from './show.js';
import { showTree } from './show-picture.js';
import { showPlan } from './show-plan.js';
import type { Terminal } from './terminal.js';

/** Where a story is told. */
export interface Telling {
  readonly terminal: Terminal;
  readonly json: boolean;
}

/** What an emulator's clock moves by between two reads: the same story on a fast machine and on a slow one. */
const STEP_MS = 150;
const POLL_MS = 60;
const COLUMNS = 80;

/** See it, plan it, resume it, follow it: the same lines on every service. */
export async function tellStory(
  connection: ResumableWorkflow,
  ref: ExecutionRef,
  clock: VirtualClock,
  { terminal, json }: Telling,
): Promise<number> {
  const { name } = connection;
  const chapter = (title: string): void => {
    if (!json) terminal.line(`\n${terminal.style('cyan', title)}`);
  };

  chapter(`How it stands:  workflows.get('${name}').inspect(…)`);
  const snapshot = await connection.inspect(ref);
  if (json) printJson({ step: 'inspect', connection: name, snapshot });
  else await showTree(terminal, snapshot, Math.min(COLUMNS, terminal.columns));

  chapter('What a resume would do:  .plan(…)');
  const plan = await connection.plan(ref);
  if (json) printJson({ step: 'plan', connection: name, plan });
  else showPlan(terminal, consequencesOf(plan));

  chapter('Exactly that, at most once:  .resume(plan)');
  const receipt = await connection.resume(plan);
  if (json) printJson({ step: 'resume', connection: name, status: 'accepted', receipt });
  else showReceipt(terminal, receipt, plan.snapshot.nodes);

  chapter('To its end:  .follow(receipt)');
  const moving = async function* () {
    for await (const progress of connection.follow(receipt, { pollMs: POLL_MS, maxPollMs: POLL_MS })) {
      yield progress;
      if (progress.kind === 'snapshot') clock.advance(STEP_MS);
    }
  };
  const more = { step: 'follow', connection: name };
  return await showRun(moving(), receipt, {
    json,
    more,
    stream: process.stdout,
    isResumed: true,
    nowMs: () => clock.nowMs,
  });
}

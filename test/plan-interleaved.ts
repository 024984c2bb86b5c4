import type { ResumePlan } from '../src/resume-plan.js';
import type { Outcome } from '../src/types.js';
import { readingConnection } from './inspect-bench.js';
import { fromFile, request } from './plan-bench.js';
import type { Moment } from './plan-service.js';
import { MOMENTS, PlanService } from './plan-service.js';
import { Chance } from './simulation/chance.js';

/** How often each thing happened. */
export interface Tally {
  plans: number;
  refusedPlans: number;
  staleBefore: number;
  untouched: number;
  cancelledOut: number;
  windowApplied: number;
  windowRevealed: number;
  windowSeen: number;
  windowRefused: number;
  appliedAgain: number;
}

export const emptyTally = (): Tally => ({
  plans: 0,
  refusedPlans: 0,
  staleBefore: 0,
  untouched: 0,
  cancelledOut: 0,
  windowApplied: 0,
  windowRevealed: 0,
  windowSeen: 0,
  windowRefused: 0,
  appliedAgain: 0,
});

export function lineOf(tally: Tally): string {
  return [
    `${tally.plans} plans (${tally.refusedPlans} of them refused from the start)`,
    `${tally.staleBefore} were stale before the re-read began: 0 applied`,
    `${tally.untouched} untouched and ${tally.cancelledOut} with changes that cancelled out: all applied`,
    `changed after the re-read began: ${tally.windowApplied} applied (${tally.windowRevealed} told by the receipt), ` +
      `${tally.windowSeen} seen by the re-read in time, ${tally.windowRefused} refused by the service`,
    `${tally.appliedAgain} applied a second time: 0 more commits`,
  ].join('; ');
}

type Plan = ResumePlan<'resume' | 'restart'>;

/** Plays one plan and what strangers do until it is applied. Returns what is wrong. */
export async function playInterleaving(seed: number, tally: Tally): Promise<string[]> {
  const chance = new Chance(seed, 0);
  const service = new PlanService(chance);
  const { workflow, runtime, ledger } = connect(service);
  const wrong: string[] = [];
  const plan = fromFile<Plan>(await workflow.plan(request));
  tally.plans += 1;
  const before = service.view;
  const strangers = new Map<Moment, number>();
  const count = chance.between(0, 3);
  for (let each = 0; each < count; each += 1) {
    const moment = MOMENTS[chance.between(0, MOMENTS.length - 1)] ?? 'made';
    strangers.set(moment, (strangers.get(moment) ?? 0) + 1);
  }
  service.onMoment = (moment) => {
    runtime.jumpTo(runtime.nowMs() + 1);
    for (let left = strangers.get(moment) ?? 0; left > 0; left -= 1) service.disturb();
    strangers.delete(moment);
  };
  ledger.lookup = withMoment(ledger.lookup.bind(ledger), () => service.onMoment('called'));
  service.onMoment('made');
  const reads = service.readsBegan.length;
  const key = chance.happens(0.3) ? { idempotencyKey: 'key' } : {};
  const calls = [workflow.attempt(plan, key), ...(chance.happens(0.2) ? [workflow.attempt(plan, key)] : [])];
  const [outcome, twin] = await Promise.all(calls);
  const atReread = service.readsBegan[reads];
  if (outcome === undefined) return ['no outcome'];
  if (twin !== undefined && twin.status !== outcome.status) wrong.push('two calls at once differ');
  judge(plan, before, atReread, service, outcome, tally, wrong);
  if (outcome.status === 'accepted') {
    tally.appliedAgain += 1;
    runtime.jumpTo(runtime.nowMs() + 1);
    const again = await workflow.attempt(plan, key);
    const isRight =
      again.status === 'refused' || (again.status === 'accepted' && again.receipt.confirmedBy === 'ledger');
    if (!isRight || service.commits.length > 1) wrong.push('it was applied twice');
  }
  return wrong.map((what) => `seed ${seed}: ${what}`);
}

function connect(service: PlanService) {
  const connection = readingConnection({
    doPlan: () => service.read(),
    doResume: async ({ execution }, _selection, attempt) => {
      return { execution, nodes: await service.resume(attempt), nodesBasis: 'reported' };
    },
  });
  return connection;
}

function withMoment<A extends unknown[], T>(call: (...given: A) => Promise<T>, moment: () => void) {
  return async (...given: A): Promise<T> => {
    const answer = await call(...given);
    moment();
    return answer;
  };
}

function judge(
  plan: Plan,
  before: string,
  atReread: string | undefined,
  { commits, touched }: PlanService,
  outcome: Outcome,
  tally: Tally,
  wrong: string[],
): void {
  const isRefused = outcome.status === 'refused' && outcome.error.effect === 'none' && commits.length === 0;
  const code = outcome.status === 'accepted' ? 'accepted' : outcome.error.code;
  const words = outcome.status === 'accepted' ? '' : outcome.error.message;
  if (plan.refusals.length > 0) {
    tally.refusedPlans += 1;
    if (!isRefused || atReread !== undefined) wrong.push('a plan that says it would be refused was not');
    return;
  }
  if (atReread !== before) {
    tally.staleBefore += 1;
    if (!isRefused || code !== 'FAILED_PRECONDITION') wrong.push(`a stale plan came to ${code}`);
    for (const word of changedWords(before, atReread ?? before)) {
      if (!words.includes(word)) wrong.push(`"${words}" does not name ${word}`);
    }
    return;
  }
  const [commit] = commits;
  if (commit === undefined) {
    if (!isRefused) wrong.push(`nothing was committed, and it came to ${outcome.status}`);
    if (words.includes('out of date')) tally.windowSeen += 1;
    else tally.windowRefused += 1;
    return;
  }
  if (outcome.status !== 'accepted') {
    wrong.push(`it was committed, and it came to ${code}`);
    return;
  }
  const { warnings } = outcome.receipt;
  const differs = sorted(commit.nodes) !== sorted(plan.starts.map(({ id }) => id));
  if (differs !== warnings.some((warning) => warning.includes('plan'))) wrong.push(`warnings: ${warnings.join()}`);
  if (commit.view === before) tally[touched ? 'cancelledOut' : 'untouched'] += 1;
  else tally.windowApplied += 1;
  if (differs) tally.windowRevealed += 1;
}

function sorted(ids: readonly string[]): string {
  return ids.toSorted().join();
}

/** What the difference must name, by the model's own account of it. */
function changedWords(before: string, after: string): string[] {
  const [one, other] = [before, after].map((view) => JSON.parse(view) as [string, string[], string[], string[]]);
  if (one === undefined || other === undefined) return [];
  const nodeOf = (line: string): string => line.split(' ')[0] ?? '';
  return [
    ...(one[0] === other[0] ? [] : ['the state of the execution']),
    ...differing(one[1], other[1]).map(nodeOf),
    ...differing(one[2], other[2]),
    ...differing(one[3], other[3]),
  ];
}

function differing(one: readonly string[], other: readonly string[]): string[] {
  return [...one.filter((line) => !other.includes(line)), ...other.filter((line) => !one.includes(line))];
}

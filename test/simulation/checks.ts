import type { Receipt } from '../../src/types.js';
import { candidatesFor, firstLookMs, isFollowed, isSameRequest, lastLookMs } from './candidates.js';
import type { History, TrackedCall, TrackedIntent } from './history.js';
import { commitOf } from './history.js';
import type { Commit, ModelService } from './service.js';
import type { Tally } from './tally.js';

/** Looks through a schedule that has come to rest for what must never happen, and counts what may. */
export function check(history: History, service: ModelService, tally: Tally): void {
  const truth = new Truth(history, service);
  for (const call of history.calls) {
    tally.calls += 1;
    if (call.outcome === undefined) {
      if (call.endedAtMs === undefined && call.process.isAlive) {
        history.note('never settled', `call ${call.planned.id}`);
      }
      continue;
    }
    if (call.planned.kind === 'attempt') tally.outcomes[call.outcome.status] += 1;
    if (call.outcome.status === 'accepted') truth.checkAccepted(call, call.outcome.receipt, tally);
    if (call.outcome.status === 'refused') truth.checkRefused(call, tally);
  }
  for (const tracked of history.intents.values()) truth.checkSettlement(tracked, tally);
  truth.checkDuplicates(tally);
}

/** Whose resume a verdict is about, the best that can be said first. */
const ORIGINS = ['ours', 'stranger', 'earlier stranger', 'earlier own', 'left over', 'nobody'] as const;
type Origin = (typeof ORIGINS)[number];

/** How long before an intent a resume can be and still pass for new: whole seconds twice, and what is between clocks. */
const YOUNG_MS = 2_500;

/** What is known of a schedule from outside. */
class Truth {
  readonly #history: History;
  readonly #service: ModelService;

  constructor(history: History, service: ModelService) {
    this.#history = history;
    this.#service = service;
  }

  /** Whose resume a verdict is about that says that an intent was accepted in an execution. */
  originOf({ sent, createdAtMs, lookedAtMs, intent }: TrackedIntent, execution: string): Origin {
    const { execution: target } = intent.target;
    const fits = (commit: Commit): boolean =>
      commit.target === target && (!this.#service.mintsExecutions || commit.execution === execution);
    if (sent.some(({ commit }) => commit !== undefined && fits(commit))) return 'ours';
    const others = this.#history.commits.filter((commit) => fits(commit) && this.#service.fits(commit, intent));
    if (others.some(({ atMs, by }) => by === 'stranger' && atMs >= createdAtMs)) return 'stranger';
    // What can be taken for new: too young for the clocks, or not yet seen when the baseline was read.
    const young = others.filter(({ atMs, seenFromMs }) => {
      return (
        atMs <= createdAtMs &&
        (this.#service.mintsExecutions ? atMs >= createdAtMs - YOUNG_MS : seenFromMs >= lookedAtMs)
      );
    });
    if (young.some(({ by }) => by === 'stranger')) return 'earlier stranger';
    if (young.length > 0) return 'earlier own';
    return others.some((commit) => this.#isLeftOver(commit)) ? 'left over' : 'nobody';
  }

  /**
   * A commit that comes when its intent is settled, for others to find: late, where a stranger's had been adopted for it
   * or `send-again` had sent a second request.
   */
  #isLeftOver({ by, atMs }: Commit): boolean {
    return [...this.#history.intents.values()].some(({ sent, settledAtMs = Number.POSITIVE_INFINITY }) => {
      return settledAtMs < atMs && sent.some((one) => one === by);
    });
  }

  checkAccepted(
    call: TrackedCall,
    { execution, confirmedBy }: Pick<Receipt, 'execution' | 'confirmedBy'>,
    tally: Tally,
  ) {
    const { id, kind } = call.planned;
    if (kind === 'attempt') tally.confirmedBy[confirmedBy] += 1;
    const origins = candidatesFor(this.#history, call).map((tracked) => this.originOf(tracked, execution));
    const origin = ORIGINS.find((known) => origins.includes(known)) ?? 'nobody';
    if (origin === 'stranger') tally.strangersAdopted += 1;
    if (origin === 'earlier stranger') tally.earlierStrangersAdopted += 1;
    if (origin === 'earlier own' || origin === 'left over') tally.earlierOwnAdopted += 1;
    if (origin === 'nobody') {
      this.#history.note('accepted although nothing was resumed', `call ${id}, by ${confirmedBy}, as ${execution}`);
    }
  }

  checkRefused(call: TrackedCall, tally: Tally): void {
    const { planned } = call;
    const intents = [...this.#history.intents.values()];
    const own = intents.filter(({ founder }) => founder === call);
    const about = own.length > 0 ? own : intents.filter((tracked) => isFollowed(call, tracked));
    const ran = about.find((tracked) => commitOf(tracked) !== undefined);
    if (ran !== undefined) {
      this.#history.note('refused although it ran', `call ${planned.id}: intent ${ran.intent.id}`);
      return;
    }
    if (planned.idempotencyKey === undefined) return;
    const sameKey = intents.find(({ intent }) => intent.key === planned.idempotencyKey);
    if (sameKey === undefined || !isSameRequest(call, sameKey)) return;
    if (about.length > 0 && sameKey.settlement?.verdict.status === 'accepted') {
      if (sameKey.couldNotSettle || !sameKey.process.isAlive) tally.ledgerToldOtherwise += 1;
      else
        this.#history.note('two verdicts for one key', `call ${planned.id} was refused, ${sameKey.intent.id} accepted`);
    }
    if (commitOf(sameKey) === undefined) return;
    if (sameKey.begunAtMs < lastLookMs(this.#history, call)) {
      this.#history.note('refused although it ran', `call ${planned.id}: its key's intent ${sameKey.intent.id} ran`);
    } else if (sameKey.begunAtMs <= (call.endedAtMs ?? 0)) tally.refusedBesideKey += 1;
  }

  /** What the ledger holds must be true as well, and every caller of a key must be told the same. */
  checkSettlement(tracked: TrackedIntent, tally: Tally): void {
    const { intent, settlement } = tracked;
    if (settlement === undefined) return;
    const { verdict, decision } = settlement;
    if (verdict.status === 'refused') {
      if (commitOf(tracked) !== undefined) this.#history.note('refused although it ran', `settled ${intent.id}`);
    } else if (decision === undefined && this.originOf(tracked, verdict.receipt.execution) === 'nobody') {
      this.#history.note('accepted although nothing was resumed', `settled ${intent.id}`);
    }
    // A person may well decide otherwise than a caller was told.
    if (intent.key === undefined || decision !== undefined) return;
    for (const call of this.#history.calls) {
      const { outcome, planned } = call;
      if (planned.idempotencyKey !== intent.key || planned.kind !== 'attempt' || !isSameRequest(call, tracked))
        continue;
      if (outcome?.status !== 'accepted') continue;
      const isSame = verdict.status === 'accepted' && verdict.receipt.execution === outcome.receipt.execution;
      if (isSame) continue;
      if (tracked.couldNotSettle || !tracked.process.isAlive) tally.ledgerToldOtherwise += 1;
      else this.#history.note('two verdicts for one key', `call ${planned.id} and settled ${intent.id}`);
    }
  }

  /**
   * One intent, one commit; and callers who ask for the same at the same time, without keys, are one: who looks into the
   * ledger before the other one is settled there.
   */
  checkDuplicates(tally: Tally): void {
    const intents = [...this.#history.intents.values()];
    for (const tracked of intents) {
      const commits = tracked.sent.filter(({ commit }) => commit !== undefined).length;
      tally.commits += commits;
      if (commits < 2) continue;
      if (tracked.founder?.planned.onUnknown === 'send-again') tally.sentAgainOnPurpose += 1;
      else this.#history.note('duplicate commit', `${commits} of intent ${tracked.intent.id}`);
    }
    const committed = intents.filter((tracked) => commitOf(tracked) !== undefined && tracked.intent.key === undefined);
    for (const second of committed) {
      const { founder } = second;
      if (founder === undefined) continue;
      for (const first of committed) {
        if (first.begunAtMs >= second.begunAtMs || !isSameRequest(founder, first) || first === second) continue;
        const { settledAtMs = Number.POSITIVE_INFINITY, toldAtMs = Number.POSITIVE_INFINITY } = first;
        if (firstLookMs(this.#history, founder) < settledAtMs) {
          this.#history.note('duplicate commit', `${first.intent.id} and ${second.intent.id} were asked for at once`);
        } else if (founder.startedAtMs < toldAtMs && first.settlement?.decision === undefined) {
          tally.resumedAgainUntold += 1;
        }
      }
    }
  }
}

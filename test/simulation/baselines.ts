import { Chance } from './chance.js';
import { VirtualClock } from './clock.js';
import { Faults } from './faults.js';
import { CLIMATES } from './model.js';
import type { Order } from './plan.js';
import { climateOf, STREAM } from './plan.js';
import type { Commit, ModelService } from './service.js';
import type { ServiceReply } from './service-reply.js';
import { replyTo } from './service-reply.js';
import { serviceOf } from './services.js';

/** The two clients that the library is compared with. */
export const POLICIES = ['sdk', 'never'] as const;
export type Policy = (typeof POLICIES)[number];

/** What came of calls, as a user would see it and as it was. */
export interface Comparison {
  calls: number;
  /** Resumes beyond the first one of a call. */
  duplicates: number;
  /** The caller was told that it failed, and it ran. */
  failedButRan: number;
  /** The caller was told that it is unknown. */
  unknown: number;
  /** The caller was told nothing, ever. */
  hangs: number;
}

export function emptyComparison(): Comparison {
  return { calls: 0, duplicates: 0, failedButRan: 0, unknown: 0, hangs: 0 };
}

/** Attempts of the AWS SDK's default retry mode, and its delays in milliseconds. */
const SDK = { attempts: 3, baseMs: 50, throttledBaseMs: 1_000, capMs: 20_000 };
/** When the operating system gives a connection up that nobody answers. */
const SYSTEM_CONNECT_MS = 130_000;
/** Who never retries gives up after this time. */
const PATIENCE_MS = 30_000;
/** The SDK's list of what is worth another try; it does not look at the operation. */
const SDK_RETRIES_STATUS: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** One call by a client that is not ours, in the same model. */
export function playBaseline(order: Order, policy: Policy, comparison: Comparison): void {
  const clock = new VirtualClock();
  const service = serviceOf(order, clock);
  const client = new PlainClient(order, policy, clock, service);
  client.attempt(1);
  while (clock.advance());
  comparison.calls += 1;
  comparison.duplicates += Math.max(0, client.commits - 1);
  if (client.told === 'error' && client.commits > 0) comparison.failedButRan += 1;
  if (client.told === undefined) comparison.hangs += 1;
}

class PlainClient {
  commits = 0;
  told: 'success' | 'error' | undefined;
  readonly #policy: Policy;
  readonly #clock: VirtualClock;
  readonly #service: ModelService;
  readonly #faults: Faults;
  readonly #chance: Chance;

  constructor({ seed }: Order, policy: Policy, clock: VirtualClock, service: ModelService) {
    this.#policy = policy;
    this.#clock = clock;
    this.#service = service;
    this.#faults = new Faults(CLIMATES[climateOf(seed)], new Chance(seed, STREAM.network));
    this.#chance = new Chance(seed, STREAM.baseline);
    if (policy === 'never') clock.after(PATIENCE_MS, () => this.#tell('error'));
  }

  attempt(number: number): void {
    const { fault, outMs, backMs } = this.#faults.mutation();
    const clock = this.#clock;
    if (fault === 'connect-fails' || fault === 'connect-hangs') {
      clock.after(fault === 'connect-fails' ? outMs : SYSTEM_CONNECT_MS, () => this.#failed(number, { kind: 'lost' }));
      return;
    }
    clock.after(outMs, () => {
      const selection = this.#service.strangerSelection('x1');
      const onCommit = (): void => {
        this.commits += 1;
      };
      const reply = replyTo(
        { fault, target: 'x1', selection, by: this, onCommit },
        { clock, faults: this.#faults, service: this.#service },
      );
      if (!('kind' in reply)) clock.after(backMs, () => this.#tell('success'));
      else if (reply.kind !== 'silence') clock.after(backMs, () => this.#failed(number, reply));
    });
  }

  #failed(number: number, reply: Exclude<ServiceReply, Commit>): void {
    if (this.#policy === 'never' || number >= SDK.attempts || !isRetried(reply)) {
      this.#tell('error');
      return;
    }
    const baseMs = reply.kind === 'throttled' ? SDK.throttledBaseMs : SDK.baseMs;
    const afterMs = this.#chance.next() * Math.min(SDK.capMs, baseMs * 2 ** (number - 1));
    this.#clock.after(afterMs, () => this.attempt(number + 1));
  }

  #tell(what: 'success' | 'error'): void {
    this.told ??= what;
  }
}

function isRetried(reply: Exclude<ServiceReply, Commit>): boolean {
  if (reply.kind === 'bad') return SDK_RETRIES_STATUS.has(reply.answer.status);
  return reply.kind === 'lost' || reply.kind === 'cut off' || reply.kind === 'throttled';
}

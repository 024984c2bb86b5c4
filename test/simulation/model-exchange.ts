import type { Attempt, Selection, Target } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { Boundary } from './boundaries.js';
import type { VirtualClock } from './clock.js';
import type { Faults } from './faults.js';
import type { History, Sent } from './history.js';
import { MODEL } from './model.js';
import { noteSent } from './sent-checks.js';
import type { Commit, ModelService } from './service.js';
import type { ServiceReply } from './service-reply.js';
import { replyTo } from './service-reply.js';
import type { SimulatedProcess } from './simulated-process.js';
import { never } from './simulated-process.js';

/** The provider's own refusals, whatever the adapter makes of them. */
const PROVEN_NONE: ReadonlySet<string> = new Set(['denied', 'throttled', 'credential', 'state']);

interface Parts {
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly history: History;
  readonly service: ModelService;
}

/** What lies between a process and the service: requests and answers take their time and go wrong. */
export class ModelExchange {
  readonly #process: SimulatedProcess;
  readonly #parts: Parts;
  #credential: object = {};

  constructor(process: SimulatedProcess, parts: Parts) {
    this.#process = process;
    this.#parts = parts;
  }

  /** @returns the time. */
  noteLooking({ execution }: Target): number {
    const { history, clock } = this.#parts;
    const tracked = history.workOf(this.#process, execution);
    if (tracked !== undefined) tracked.lookingSinceMs ??= clock.nowMs;
    return clock.nowMs;
  }

  /**
   * @param sinceMs - when this look began.
   * @param createdAtMs - of the intent that is looked for.
   */
  noteIdentified({ execution }: Target, sinceMs: number, createdAtMs: number): void {
    const { history, clock, service } = this.#parts;
    const tracked = history.workOf(this.#process, execution);
    if (tracked !== undefined) tracked.identifiedAtMs ??= clock.nowMs;
    const madeMs = createdAtMs - this.#process.runtime.nowMs() + clock.nowMs;
    const seen = history.commits.filter(({ target, atMs, seenFromMs }) => {
      return target === execution && atMs >= madeMs && seenFromMs <= sinceMs;
    });
    if (service.mintsExecutions && seen.length > 1) history.note('one of several was chosen', `of ${execution}`);
  }

  renewCredential(): void {
    this.#credential = {};
  }

  /** The read before a resume. */
  async discover<T>({ execution }: Target, attempt: Attempt, look: () => T): Promise<T> {
    return await this.read(attempt, 'discover: reading', () => {
      this.#parts.history.look(this.#process, execution, this.#parts.clock.nowMs);
      return look();
    });
  }

  /** One read: what `look` sees when the request arrives. */
  async read<T>(attempt: Attempt, boundary: Boundary, look: () => T): Promise<T> {
    const { fault, outMs, backMs } = this.#parts.faults.read();
    if (this.#process.reached(boundary)) return await never();
    if (fault === 'connect-fails') return await this.#failConnecting(outMs);
    attempt.dispatch();
    await this.#process.wait(outMs);
    const seen = look();
    this.#parts.history.tell?.(`${this.#process.name} ${boundary} (${fault}): ${JSON.stringify(seen)}`);
    if (fault === 'hangs') return await never();
    await this.#process.wait(backMs);
    if (fault === 'lost') throw lost();
    const { service, faults } = this.#parts;
    if (fault === 'server-error') throw service.judge({ kind: 'bad', answer: faults.serverError() });
    if (fault === 'throttled') throw service.judge({ kind: 'throttled', retryAfterS: undefined });
    return seen;
  }

  /** The one request that resumes. */
  async send(target: Target, selection: Selection, attempt: Attempt): Promise<Commit> {
    const { fault, outMs, backMs } = this.#parts.faults.mutation();
    const { clock, history, faults } = this.#parts;
    const process = this.#process;
    const waitMs = faults.waitMs();
    if (waitMs > 0) await process.wait(waitMs);
    history.tell?.(`${process.name} sends a resume of ${target.execution}, whose fate is ${fault}`);
    if (process.reached('resume: before it is sent')) return await never();
    if (fault === 'connect-fails') return await this.#failConnecting(outMs);
    if (fault === 'connect-hangs') return await this.#failConnecting(MODEL.connectTimeoutMs);
    attempt.dispatch();
    const sent: Sent = { atMs: clock.nowMs, fault, commit: undefined, provenNone: false };
    noteSent(history, process, target.execution, sent);
    const isCutOff = process.reached('resume: sent, before the commit') ? faults.closedInTime() : undefined;
    return await new Promise<Commit>((resolve, reject) => {
      clock.after(outMs, () => {
        const isClosed = !process.isAlive || hasEnded(attempt);
        if (isCutOff ?? (isClosed && faults.closedInTime())) return;
        const reply = replyTo({ fault, target: target.execution, selection, ...this.#commits(sent) }, this.#parts);
        history.tell?.(`service: ${JSON.stringify({ ...reply, by: undefined })}`);
        if (sent.commit !== undefined && process.reached('resume: committed, before the answer')) return;
        if ('kind' in reply && reply.kind === 'silence') return;
        process.after(backMs, () => {
          if (process.reached('resume: answered')) return;
          if (!('kind' in reply)) resolve(reply);
          else {
            sent.provenNone = PROVEN_NONE.has(reply.kind);
            reject(this.#errorOf(reply));
          }
        });
      });
    });
  }

  #commits(sent: Sent) {
    const onCommit = (commit: Commit): void => {
      sent.commit = commit;
      this.#parts.history.commits.push(commit);
      this.#parts.history.tell?.(`service: committed as ${commit.execution}`);
    };
    return { by: sent, onCommit };
  }

  #errorOf(reply: Exclude<ServiceReply, Commit>): Error {
    if (reply.kind === 'lost' || reply.kind === 'silence') return lost();
    return reply.kind === 'cut off' ? cutOff() : this.#parts.service.judge(reply, this.#credential);
  }

  async #failConnecting(afterMs: number): Promise<never> {
    await this.#process.wait(afterMs);
    throw new DriverFailure('no connection: it was refused', { code: 'UNAVAILABLE', effect: 'none' });
  }
}

function lost(): DriverFailure {
  return new DriverFailure('the connection was lost after the request had been sent', {
    code: 'UNAVAILABLE',
    effect: 'unknown',
  });
}

function cutOff(): DriverFailure {
  return new DriverFailure('answered 200, but the answer could not be read to its end', {
    code: 'INTERNAL',
    effect: 'unknown',
    httpStatus: 200,
  });
}

function hasEnded(attempt: Attempt): boolean {
  try {
    attempt.throwIfEnded();
    return false;
  } catch {
    return true;
  }
}

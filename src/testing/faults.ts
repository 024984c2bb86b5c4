import { parse } from '../schema.js';
import { faultSchema } from './fault-schema.js';

/** How the network or the server misbehaves. */
export type FaultKind =
  /** RST instead of an answer. */
  | 'reset'
  /** FIN instead of an answer. */
  | 'close'
  /** No answer, ever. */
  | 'hang'
  /** Headers and half of the body, then FIN. */
  | 'truncate'
  /** Headers and half of the body, then nothing, ever. */
  | 'stall'
  /** A complete 200 whose body is not what it should be. */
  | 'garbage'
  /** The answer given in `answer`: a status, a proxy's page, a throttle. */
  | 'answer'
  /** The right answer, after `delayMs`. */
  | 'delay';

/** A fault to inject. */
export interface Fault {
  readonly kind: FaultKind;
  /** Before the commit nothing happened; after it the resume did happen and only the answer suffers. */
  readonly when: 'before' | 'after';
  /** An operation's name; `mutating` or `any`. @default 'mutating' */
  readonly operation?: string | undefined;
  /** How many requests it strikes. @default 1 */
  readonly times?: number | undefined;
  /** For `answer`. */
  readonly answer?: EmulatedAnswer | undefined;
  /** For `delay`, in milliseconds of real time. */
  readonly delayMs?: number | undefined;
}

/** An answer of an emulator. */
export interface EmulatedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: string;
}

/** The faults that an emulator has still to inject, in the order in which they were added. */
export class FaultPlan {
  readonly #pending: { fault: Fault; left: number }[] = [];

  /** @throws {ResumeError} INVALID_ARGUMENT with every problem: one that is misspelt would strike nothing. */
  add(fault: Fault): void {
    const sound = parse(faultSchema(), fault, 'faults.add() of an emulator');
    this.#pending.push({ fault: sound, left: sound.times ?? 1 });
  }

  clear(): void {
    this.#pending.length = 0;
  }

  /** Takes the next fault that fits an operation. */
  take(operation: string, mutating: boolean): Fault | undefined {
    const index = this.#pending.findIndex(({ fault: { operation: wanted = 'mutating' } }) => {
      return wanted === 'any' || wanted === operation || (wanted === 'mutating' && mutating);
    });
    const found = this.#pending[index];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#pending.splice(index, 1);
    return found.fault;
  }
}

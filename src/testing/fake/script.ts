import type { ErrorCode } from '../../errors.js';
import type { ExecutionState, NodeState } from '../../snapshot.js';
import type { Action } from '../../types.js';

/** Which resumes a scripted answer is for. What is left out fits any. */
export interface FakeMatch<A extends Action = Action> {
  readonly workflow?: string | undefined;
  readonly execution?: string | undefined;
  readonly action?: A | undefined;
}

/** What every scripted answer takes. */
export interface FakeTiming {
  /** Answers so late, in milliseconds. @default 0 */
  readonly afterMs?: number | undefined;
  /** How many requests it is for. @default all */
  readonly times?: number | undefined;
}

/** An execution as the fake shows it. */
export interface FakeStanding {
  readonly state: ExecutionState;
  /** @default none; the state of each is that of the execution */
  readonly nodes?: readonly FakeNode[] | undefined;
  readonly error?: string | undefined;
}

/** A node as the fake shows it. */
export interface FakeNode {
  readonly id: string;
  readonly name?: string | undefined;
  readonly state?: NodeState | undefined;
}

/** How a resume is accepted. */
export interface FakeAcceptance extends FakeTiming {
  /** The execution to follow. @default the same, or a made-up one where new ones are minted */
  readonly execution?: string | undefined;
  /** @default those that were asked for */
  readonly nodes?: readonly string[] | undefined;
  readonly requestId?: string | undefined;
  /** What each later read of it shows, one after the other; the last one stays. @default ['succeeded'] */
  readonly becomes?: readonly (ExecutionState | FakeStanding)[] | undefined;
}

/** How a resume is refused, with no effect. */
export interface FakeRefusal extends FakeTiming {
  /** @default 'scripted by the test' */
  readonly message?: string | undefined;
  readonly providerCode?: string | undefined;
  readonly httpStatus?: number | undefined;
}

/** How the answer to a resume is lost: its effect is unknown. */
export interface FakeLoss extends FakeTiming {
  /** Whether it happened all the same. @default false */
  readonly happened?: boolean | undefined;
}

/** A scripted answer. */
export type FakeAnswer =
  | ({ readonly kind: 'accept' } & FakeAcceptance)
  | ({ readonly kind: 'refuse'; readonly code: ErrorCode } & FakeRefusal)
  | ({ readonly kind: 'lose' } & FakeLoss);

/** What a request is matched by. */
interface Matched {
  readonly workflow: string;
  readonly execution: string;
  readonly action: Action;
}

/** The answers that a fake has been told to give. */
export class FakeScript {
  readonly #rules: { readonly match: FakeMatch; readonly answer: FakeAnswer; left: number }[] = [];

  add(match: FakeMatch, answer: FakeAnswer): void {
    this.#rules.push({ match, answer, left: answer.times ?? Number.POSITIVE_INFINITY });
  }

  /** The newest answer that fits and is not used up. */
  next(target: Matched): FakeAnswer {
    return this.#find(target)?.answer ?? { kind: 'accept' };
  }

  /** The same, and uses it. */
  take(target: Matched): FakeAnswer {
    const rule = this.#find(target);
    if (rule === undefined) return { kind: 'accept' };
    rule.left -= 1;
    return rule.answer;
  }

  #find({ workflow, execution, action }: Matched) {
    return this.#rules.findLast(({ match, left }) => {
      return (
        left > 0 &&
        (match.workflow ?? workflow) === workflow &&
        (match.execution ?? execution) === execution &&
        (match.action ?? action) === action
      );
    });
  }
}

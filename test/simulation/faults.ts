import type { Chance } from './chance.js';
import type { Climate, MutationFault, ReadFault } from './model.js';
import { MODEL } from './model.js';

/** What will become of one request, decided before it is sent. */
export interface Fate<Fault extends string> {
  readonly fault: Fault | 'none';
  /** Until it reaches the service, and until its answer is back, in milliseconds. */
  readonly outMs: number;
  readonly backMs: number;
}

/** The answer of a request that went wrong: a status, and the provider's own word if it is the provider's. */
export interface BadAnswer {
  readonly status: number;
  readonly own: 'internal' | 'unavailable' | 'timeout' | undefined;
}

const SERVER_ERRORS: readonly [BadAnswer, ...BadAnswer[]] = [
  { status: 500, own: 'internal' },
  { status: 500, own: undefined },
  { status: 502, own: undefined },
  { status: 503, own: 'unavailable' },
  { status: 504, own: undefined },
];

/** Answers that say nothing about whether the request was carried out. The 4xx and the wordless ones are a proxy's. */
const BAD_ANSWERS: readonly [BadAnswer, ...BadAnswer[]] = [
  ...SERVER_ERRORS,
  { status: 400, own: 'timeout' },
  { status: 408, own: undefined },
  { status: 403, own: undefined },
];

/** Deals out what goes wrong. */
export class Faults {
  readonly #climate: Climate;
  readonly #chance: Chance;

  readonly #mutation: Climate['mutation'];

  /** @param answersAreLost - every request that resumes is carried out, and none is answered. */
  constructor(climate: Climate, chance: Chance, answersAreLost = false) {
    this.#climate = climate;
    this.#chance = chance;
    this.#mutation = answersAreLost ? onlyLost(climate.mutation) : climate.mutation;
  }

  mutation(): Fate<MutationFault> {
    const fault = this.#chance.oneOf(this.#mutation, 'none');
    return { fault, ...this.#ways(fault === 'slow') };
  }

  read(): Fate<ReadFault> {
    const fault = this.#chance.oneOf(this.#climate.read, 'none');
    return { fault, ...this.#ways(fault === 'slow') };
  }

  /** How long a request that resumes has to wait before it can be sent. */
  waitMs(): number {
    const { least, most } = MODEL.waitMs;
    return this.#chance.happens(this.#climate.waits) ? this.#chance.acrossMagnitudes(least, most) : 0;
  }

  badAnswer(): BadAnswer {
    return this.#chance.pick(BAD_ANSWERS);
  }

  serverError(): BadAnswer {
    return this.#chance.pick(SERVER_ERRORS);
  }

  lateMs(): number {
    return this.#chance.exponential(MODEL.lateCommitMs.mean, MODEL.lateCommitMs.most);
  }

  retryAfterS(): number {
    return this.#chance.between(MODEL.retryAfterS.least, MODEL.retryAfterS.most);
  }

  /** Whether a connection that was closed in the meantime keeps its request from being carried out. */
  closedInTime(): boolean {
    return this.#chance.happens(MODEL.closedInTime);
  }

  happens(probability: number): boolean {
    return this.#chance.happens(probability);
  }

  #ways(slow: boolean): { outMs: number; backMs: number } {
    const { least, most } = MODEL.oneWayMs;
    const outMs = this.#chance.between(least, most);
    const backMs = slow
      ? this.#chance.acrossMagnitudes(MODEL.slowAnswerMs.least, MODEL.slowAnswerMs.most)
      : this.#chance.between(least, most);
    return { outMs, backMs };
  }
}

const LOST: readonly MutationFault[] = [
  'fails-after-commit',
  'lost-after-commit',
  'hangs-after-commit',
  'cut-off-after-commit',
  'late-commit',
];

/** The faults after a commit, in the climate's proportions. */
function onlyLost(mutation: Climate['mutation']): Climate['mutation'] {
  const whole = LOST.reduce((sum, fault) => sum + mutation[fault], 0);
  const share = (fault: MutationFault): number => (LOST.includes(fault) ? mutation[fault] / whole : 0);
  return Object.fromEntries(
    Object.keys(mutation).map((fault) => [fault, share(fault as MutationFault)]),
  ) as Climate['mutation'];
}

import type { ErrorCode } from '../../errors.js';
import { check } from './fake-schema.js';
import type { FakeAcceptance, FakeLoss, FakeMatch, FakeRefusal, FakeScript } from './script.js';

/** Says what becomes of the resumes that fit. */
export interface FakeRule {
  accept(how?: FakeAcceptance): void;
  /** Refuses with no effect. */
  refuse(code: ErrorCode, how?: FakeRefusal): void;
  /** Loses the answer: the effect is unknown, and the intent stays unsettled as it does in production. */
  lose(how?: FakeLoss): void;
}

/** Writes down what is said, once it has been checked. */
export function ruleFor(script: FakeScript, match: FakeMatch): FakeRule {
  return {
    accept: (how = {}) => {
      check('accept', how);
      script.add(match, { ...how, kind: 'accept' });
    },
    refuse: (code, how = {}) => {
      check('refuse', { ...how, code });
      script.add(match, { ...how, kind: 'refuse', code });
    },
    lose: (how = {}) => {
      check('lose', how);
      script.add(match, { ...how, kind: 'lose' });
    },
  };
}

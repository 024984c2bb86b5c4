import type { Selection } from '../../src/driver.js';
import type { VirtualClock } from './clock.js';
import type { Faults } from './faults.js';
import type { MutationFault } from './model.js';
import type { Commit, ModelAnswer, ModelService } from './service.js';

/** A request that resumes, at the moment at which it reaches the service. */
export interface Arriving {
  readonly fault: MutationFault | 'none';
  readonly target: string;
  readonly selection: Selection;
  readonly by: Commit['by'];
  /** Is told of the commit, also of one that comes late. */
  readonly onCommit: (commit: Commit) => void;
}

/** What comes back: an acceptance, an answer that does not accept, or no answer. */
export type ServiceReply =
  | Commit
  | ModelAnswer
  | { readonly kind: 'lost' }
  | { readonly kind: 'cut off' }
  | { readonly kind: 'silence' };

const WITHOUT_COMMIT: ReadonlySet<string> = new Set([
  'lost-before-commit',
  'hangs-before-commit',
  'fails-before-commit',
]);

/** What the service does with a request, and what it answers. */
export function replyTo(
  arriving: Arriving,
  { clock, faults, service }: { clock: VirtualClock; faults: Faults; service: ModelService },
): ServiceReply {
  const { fault, target, selection, by, onCommit } = arriving;
  const carryOut = (): ReturnType<ModelService['resume']> => {
    const commit = service.resume(target, selection, by);
    if ('execution' in commit) onCommit(commit);
    return commit;
  };
  const lostOrBad = (): ServiceReply =>
    faults.happens(0.5) ? { kind: 'lost' } : { kind: 'bad', answer: faults.badAnswer() };

  if (fault === 'refused') return { kind: 'denied' };
  if (fault === 'throttled') return { kind: 'throttled', retryAfterS: undefined };
  if (fault === 'throttled-with-retry-after') return { kind: 'throttled', retryAfterS: faults.retryAfterS() };
  if (fault === 'credential-refused') return { kind: 'credential' };
  if (fault === 'late-commit') {
    clock.after(faults.lateMs(), carryOut);
    return faults.happens(0.3) ? { kind: 'silence' } : lostOrBad();
  }
  const carriedOut = WITHOUT_COMMIT.has(fault) ? undefined : carryOut();
  if (fault === 'hangs-before-commit' || fault === 'hangs-after-commit') return { kind: 'silence' };
  if (fault === 'cut-off-after-commit') return { kind: 'cut off' };
  if (fault === 'lost-before-commit' || fault === 'lost-after-commit') return { kind: 'lost' };
  if (fault === 'fails-before-commit' || fault === 'fails-after-commit' || carriedOut === undefined) {
    return { kind: 'bad', answer: faults.badAnswer() };
  }
  return 'refused' in carriedOut ? { kind: 'state', ...carriedOut } : carriedOut;
}

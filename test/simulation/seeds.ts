import type { Order } from './plan.js';

/** A schedule that once went wrong, or that alone shows what a guard is for. */
export interface Pinned extends Order {
  /** What was wrong. */
  readonly found: string;
}

/** Replayed by every test run, for good. */
export const PINNED: readonly Pinned[] = [
  ...pinned('refused after a second request was refused, although the first one ran', 'glue 1981, glue 4575, obs 3112'),
  ...pinned('refused for a key that had run, before the ledger had answered', 'glue 873, glue 1165, glue 2614'),
  ...pinned('a begin that failed or came late left an intent behind', 'glue 1259, glue 4339, obs 2121'),
  ...pinned('two processes resumed at once, without keys', 'glue 512, glue 552, glue 883, glue 2524'),
  ...pinned('reconcile() threw what its ledger threw', 'glue 1, glue 183, glue 425'),
  ...pinned('reconcile() threw what close() ended it with', 'glue 795, glue 3725, glue 6291'),
  ...pinned('a call outlived its time behind one that was ending', 'obs 11819, aom 2043, aom 1117'),
  ...pinned('a call resumed again behind one that was ending as accepted', 'glue 2663'),
  ...pinned('(guard) an owner who slept through its lease told the ledger', 'glue 359'),
  ...pinned('(guard) an owner who slept through its lease sent', 'glue 11719'),
  ...pinned('(guard) a run of other nodes, and one of several', 'glue 45'),
];

function pinned(found: string, words: string): Pinned[] {
  return words.split(', ').map((word) => {
    const [provider, seed] = word.split(' ');
    return { provider: provider as Order['provider'], seed: Number(seed), found };
  });
}

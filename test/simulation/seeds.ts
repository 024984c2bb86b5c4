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
  ...pinned(
    'refused for a key that another process had begun after the only look',
    'glue 4845, glue 19817, glue 26595, obs 19927, obs 22488, aom 24575',
  ),
  ...pinned(
    'resumed again beside an equal call of another process, after which a different one was settled',
    'glue 107762, glue 161580, glue 472466, glue 569646',
  ),
  ...pinned(
    'refused for a key whose intent another process had taken over and settled',
    'glue 129297, glue 134587, glue 222741, glue 287545, glue 472667, obs 443763, obs 639983',
  ),
  ...pinned(
    'refused by a closed connection, although an equal call was still under way',
    'obs 319181, obs 784335, obs 801295, obs 845757, obs 987937',
  ),
  ...pinned('(oracle) looked when an equal call had just been settled', 'glue 550090, glue 637930, glue 787384'),
  ...pinned('(oracle) another intent’s late commit in the very millisecond', 'glue 632663'),
  ...pinned('(model) a run left its page while it was listed, and was not seen', 'glue 47619'),
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

import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// For `npm run mutation` only: the tests of what is mutated that neither start processes nor draw at random.
export default defineConfig({
  test: {
    include: [
      'test/{http,retry*,read-back,reading,lost-answer,sending,settling,settled-elsewhere,single-flight*,traces,verdict*}.test.ts',
      'test/{flight-broken,keyed-looked-up,landing,own-ledger,reconcile-broken,recovering,workflow-effects}.test.ts',
      'test/ledger-*.test.ts',
      'test/{aom-read-back*,obs-read-back}.test.ts',
    ],
    exclude: ['test/ledger-file-{processes,property}.test.ts'],
    // In memory where there is such a file system: each mutant makes some hundred ledgers.
    env: existsSync('/dev/shm') ? { TMPDIR: '/dev/shm' } : {},
  },
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import { LatestFew } from '../src/ledger/latest-few.js';
import { ledgerOver, MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import { MemoryRecords } from '../src/ledger/memory-records.js';
import { testResumeLedger } from '../src/testing/ledger-suite.js';

describe('MemoryResumeLedger', () => {
  testResumeLedger({ describe, it }, async () => {
    const ledger = new MemoryResumeLedger();
    return { ledger, reopen: async () => ledger, dispose: async () => {} };
  });
});

describe("a connection's own ledger", () => {
  testResumeLedger({ describe, it }, async () => {
    const ledger = ledgerOver(new MemoryRecords(10_000, new LatestFew(128), 'keyed and released'));
    return { ledger, reopen: async () => ledger, dispose: async () => {} };
  });
});

describe('FileResumeLedger', () => {
  testResumeLedger({ describe, it }, async () => {
    const parent = await mkdtemp(join(tmpdir(), 'resumable-ledger-'));
    const folder = join(parent, 'ledger');
    return {
      ledger: new FileResumeLedger(folder),
      reopen: async () => new FileResumeLedger(folder),
      dispose: () => rm(parent, { recursive: true }),
    };
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import { LatestFew } from '../src/ledger/latest-few.js';
import type { ResumeLedger } from '../src/ledger/ledger.js';
import { ledgerOver, MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import { MemoryRecords } from '../src/ledger/memory-records.js';
import { targetTextOf } from '../src/ledger/target-text.js';
import { testResumeLedger } from '../src/testing/ledger-suite.js';

describe('MemoryResumeLedger', () => {
  testResumeLedger({ describe, it }, async () => {
    const ledger = new MemoryResumeLedger();
    return { ledger, reopen: async () => ledger, dispose: async () => {} };
  });
});

describe("a connection's own ledger, which is handed the texts of targets", () => {
  testResumeLedger({ describe, it }, async () => {
    const records = new MemoryRecords(10_000, new LatestFew(128));
    const whole = ledgerOver(records);
    const ledger: ResumeLedger = {
      begin: async (intent, owner, nowMs, leaseMs) =>
        records.begin(intent, owner, nowMs, leaseMs, targetTextOf({ ...intent.target, connection: intent.connection })),
      lookup: (query) => whole.lookup(query),
      find: (id) => whole.find(id),
      claim: (id, owner, nowMs, leaseMs) => whole.claim(id, owner, nowMs, leaseMs),
      renew: (id, fence, nowMs, leaseMs) => whole.renew(id, fence, nowMs, leaseMs),
      release: (id, fence, unknownBecause) => whole.release(id, fence, unknownBecause),
      settle: (id, fence, settlement) => whole.settle(id, fence, settlement),
      list: () => whole.list(),
    };
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

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileResumeLedger, MemoryResumeLedger } from '../src/index.js';
import type { Intent, ResumeLedger } from '../src/ledger/ledger.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resumable-looked-up-'));
});
afterAll(() => rm(folder, { recursive: true }));

const BEFORE = 1_000;
const SETTLED = 2_000;
const intent = (id: string, lookedUpAtMs?: number, key?: string): Intent => ({
  id,
  key,
  provider: 'fake',
  connection: 'fake-eu',
  target: { workflow: 'w', execution: 'e', action: 'resume', nodes: [] },
  performed: 'resume',
  nodes: [],
  fingerprint: 'f',
  createdAtMs: BEFORE,
  lookedUpAtMs,
});

describe.each<[string, (name: string) => ResumeLedger]>([
  ['memory', () => new MemoryResumeLedger()],
  ['file', (name) => new FileResumeLedger(join(folder, name))],
])('a call that looked into the %s ledger before another one was settled', (_kind, make) => {
  async function settledOne(name: string): Promise<ResumeLedger> {
    const ledger = make(name);
    await ledger.begin(intent('first'), 'me', BEFORE, 60_000);
    const error = { message: 'no', code: 'ABORTED', attempts: 0 } as const;
    await ledger.settle('first', 1, { verdict: { status: 'refused', error }, settledAtMs: SETTLED });
    return ledger;
  }

  it('is told of it instead of beginning on what it has read', async () => {
    const ledger = await settledOne('told');
    const begun = await ledger.begin(intent('second', SETTLED - 1), 'me', BEFORE, 60_000);
    expect(begun).toMatchObject({ status: 'settled', record: { intent: { id: 'first' } } });
    expect(await ledger.find('second')).toBeUndefined();
    const keyed = await ledger.begin(intent('third', SETTLED - 1, 'k'), 'me', BEFORE, 60_000);
    expect(keyed.status).toBe('settled');
  });

  it.each([
    ['at the same time or later', SETTLED],
    ['at no known time', undefined],
  ])('begins where it looked %s', async (_when, lookedUpAtMs) => {
    const ledger = await settledOne(`begins-${lookedUpAtMs}`);
    expect(await ledger.begin(intent('second', lookedUpAtMs), 'me', BEFORE, 60_000)).toMatchObject({ status: 'owned' });
    const target = { connection: 'fake-eu', workflow: 'w', execution: 'e' };
    expect(await ledger.lookup({ target })).toMatchObject({ intent: { id: 'second' } });
  });
});

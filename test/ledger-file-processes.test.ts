import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import { intentOf, LEASE_MS, listed, refusedSettlement } from '../src/testing/ledger-bench.js';
import { startLedgerChild } from './ledger-child.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resumable-ledger-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Hammered {
  readonly round: number;
  readonly me: string;
  readonly byTarget: readonly [string, string];
  readonly byKey: readonly [string, string];
  readonly fence: number | null;
  readonly settled: boolean;
}

describe('a FileResumeLedger shared by four processes', () => {
  it('lets one begin each target, one each key, one claim, and one settle', { timeout: 60_000 }, async () => {
    const rounds = 8;
    const ledger = new FileResumeLedger(folder);
    for (let round = 0; round < rounds; round += 1) {
      const intent = intentOf({ id: `common-${round}` });
      await ledger.begin(intent, 'nobody', Date.now(), LEASE_MS);
      await ledger.release(intent.id, 1, 'lost');
    }
    const children = ['a', 'b', 'c', 'd'].map((name) =>
      startLedgerChild('hammer', folder, { name, rounds, concurrency: 4 }),
    );
    await Promise.all(children.map(({ ready }) => ready));
    for (const { go } of children) go();
    const ended = await Promise.all(children.map(({ done }) => done));
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    const said = ended.flatMap(({ lines }) => lines.slice(1)) as Hammered[];
    expect(said).toHaveLength(4 * 4 * rounds);
    for (let round = 0; round < rounds; round += 1) {
      const answers = said.filter((one) => one.round === round);
      const owners = answers.filter(({ byTarget }) => byTarget[0] === 'owned');
      // An owner is settled by the first who gets to it, and then the target is free for the next one.
      for (const { me, byTarget } of owners) expect(byTarget[1]).toBe(`t-${me}`);
      expect(answers.filter(({ settled }) => settled)).toHaveLength(owners.length);
      expect(answers.filter(({ byKey }) => byKey[0] === 'owned')).toHaveLength(1);
      expect(new Set(answers.map(({ byKey }) => byKey[1])).size).toBe(1);
      expect(answers.filter(({ fence }) => fence !== null).map(({ fence }) => fence)).toEqual([2]);
    }
    const unsettled = (await listed(ledger)).filter(({ settlement }) => settlement === undefined);
    expect(unsettled).toHaveLength(2 * rounds);
    expect(await readdir(join(folder, 'temporary'))).toEqual([]);
  });
});

describe('a FileResumeLedger in a process that may open 64 files', () => {
  it('does many calls at once', { timeout: 30_000 }, async () => {
    const child = startLedgerChild('hammer', folder, { name: 'a', rounds: 1, concurrency: 150 }, 64);
    await child.ready;
    child.go();
    expect((await child.done).exitCode).toBe(0);
  });
});

/** Which steps a life has, by killing it after ever more of them. */
async function killedAfter(dieAfter: number, place: string) {
  const { lines, signal } = await startLedgerChild('life', place, { dieAfter }).done;
  const answers = new Map<string, unknown>();
  let died: string | undefined;
  for (const line of lines as { call?: string; answer?: unknown; died?: string }[]) {
    if (line.call !== undefined) answers.set(line.call, line.answer);
    died = line.died ?? died;
  }
  return { answers, died, signal };
}

/** What must hold whenever the process has died: nothing that was answered is lost, and nobody is kept waiting. */
async function checkAfterDeath(place: string, answers: ReadonlyMap<string, unknown>): Promise<void> {
  const ledger = new FileResumeLedger(place, { keepSettledMs: 0 });
  const now = Date.now();
  for await (const record of ledger.list()) {
    // The process is gone, and with it its leases.
    expect(record.lease).toBeUndefined();
    expect(await ledger.find(record.intent.id)).toEqual(record);
  }
  const first = await ledger.find('first');
  if (answers.has('begin first') && !answers.has('begin second')) expect(first).toBeDefined();
  if (answers.has('release') && !answers.has('begin second'))
    expect(first?.unknownBecause ?? first?.settlement).toBeDefined();
  if (answers.has('claim') && !answers.has('begin second')) expect(first?.fence).toBe(2);
  if (answers.has('settle') && !answers.has('begin second')) expect(first?.settlement).toBeDefined();
  if (answers.has('begin second')) expect((await ledger.find('second'))?.settlement).toBeUndefined();

  const started = performance.now();
  const target = { workflow: 'w', execution: 'run-1', action: 'resume', nodes: [] } as const;
  const next = await ledger.begin(
    intentOf({ id: 'next', key: 'key-1', target, connection: 'c' }),
    'next',
    now,
    LEASE_MS,
  );
  // What is in the way can be taken over and settled at once.
  if (next.status === 'pending') {
    const { id } = next.record.intent;
    const claimed = await ledger.claim(id, 'next', now, LEASE_MS);
    expect(claimed?.fence).toBe(next.record.fence + 1);
    expect(await ledger.settle(id, claimed?.fence ?? 0, refusedSettlement())).toBe(true);
    const again = intentOf({ target, connection: 'c' });
    expect((await ledger.begin(again, 'next', now, LEASE_MS)).status).toBe('owned');
  }
  expect(performance.now() - started).toBeLessThan(1_000);
}

describe('a process that is killed with SIGKILL', () => {
  it('after any step of a ledger’s life loses nothing and blocks nobody', { timeout: 120_000 }, async () => {
    const died = new Set<string>();
    let isOver = false;
    for (let dieAfter = 1; !isOver; dieAfter += 4) {
      // Four at a time.
      const ended = await Promise.all(
        [0, 1, 2, 3].map(async (more) => {
          const place = join(folder, `life-${dieAfter + more}`);
          const { answers, died: step, signal } = await killedAfter(dieAfter + more, place);
          expect(signal).toBe(answers.has('end') ? null : 'SIGKILL');
          await checkAfterDeath(place, answers);
          if (step !== undefined) died.add(step);
          return answers.has('end');
        }),
      );
      isOver = ended.some(Boolean);
    }
    expect([...died].sort()).toEqual([
      'begun',
      'proposal written',
      'proposed',
      'record forgotten',
      'record made',
      'settlement noted',
      'slot freed',
      'slot prepared',
      'slot taken',
      'slots synced',
      'version linked',
      'version synced',
      'version written',
    ]);
  });

  it('leaves temporary files that the next process takes away', async () => {
    const place = join(folder, 'ledger');
    await killedAfter(1, place);
    const left = await readdir(join(place, 'temporary'));
    expect(left).toHaveLength(1);
    const ledger = new FileResumeLedger(place);
    await ledger.begin(intentOf(), 'next', Date.now(), LEASE_MS);
    // Fresh ones may be somebody's.
    expect(await readdir(join(place, 'temporary'))).toEqual(left);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(place, 'temporary', left[0] ?? ''), anHourAgo, anHourAgo);
    await new FileResumeLedger(place).begin(intentOf(), 'next', Date.now(), LEASE_MS);
    expect(await readdir(join(place, 'temporary'))).toEqual([]);
  });
});

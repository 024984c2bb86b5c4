import type { TestContext } from 'node:test';
import { describe, expect, it } from 'vitest';
import type { Begun, Intent, LedgerRecord, Settlement } from '../src/ledger/ledger.js';
import { MemoryResumeLedger } from '../src/ledger/memory-ledger.js';
import { testResumeLedger } from '../src/testing/ledger-suite.js';

/** Runs the suite by hand and names what failed. */
async function failuresOf(make: () => MemoryResumeLedger): Promise<string[]> {
  const tests: { name: string; body: () => Promise<void> }[] = [];
  const runner = {
    describe: (_name: string, body: () => void) => body(),
    it: (name: string, body: () => Promise<void>) => tests.push({ name, body }),
  };
  let disposed = 0;
  testResumeLedger(runner, async () => {
    const ledger = make();
    return {
      ledger,
      reopen: async () => ledger,
      dispose: async () => {
        disposed += 1;
      },
    };
  });
  const failed: string[] = [];
  for (const { name, body } of tests) await body().catch(() => failed.push(name));
  expect(disposed).toBe(tests.length);
  expect(tests.length).toBeGreaterThan(30);
  return failed;
}

const wrong: Record<string, () => MemoryResumeLedger> = {
  'says owned whatever it finds': () =>
    new (class extends MemoryResumeLedger {
      override async begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
        return { ...(await super.begin(intent, owner, nowMs, leaseMs)), status: 'owned' };
      }
    })(),
  'looks before it writes, with time in between': () =>
    new (class extends MemoryResumeLedger {
      override async begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
        const found = await super.lookup({
          key: intent.key,
          target: { ...intent.target, connection: intent.connection },
        });
        await new Promise(setImmediate);
        if (found !== undefined)
          return { status: found.settlement === undefined ? 'pending' : 'settled', record: found };
        const begun = await super.begin(intent, owner, nowMs, leaseMs);
        return { status: 'owned', record: begun.record };
      }
    })(),
  'frees a target whose lease has expired': () =>
    new (class extends MemoryResumeLedger {
      override async begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
        const begun = await super.begin(intent, owner, nowMs, leaseMs);
        const { lease, intent: found } = begun.record;
        if (begun.status !== 'pending' || lease === undefined || lease.expiresAtMs > nowMs) return begun;
        await super.settle(found.id, lease.fence, {
          verdict: { status: 'refused', error: { message: '', code: 'ABORTED', attempts: 0 } },
          settledAtMs: 0,
        });
        return await super.begin(intent, owner, nowMs, leaseMs);
      }
    })(),
  'begins on what was read before another one was settled': () =>
    new (class extends MemoryResumeLedger {
      override begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
        return super.begin({ ...intent, lookedUpAtMs: undefined }, owner, nowMs, leaseMs);
      }
    })(),
  'tells the latest of several that were settled since, not the equal one': () =>
    new (class extends MemoryResumeLedger {
      override begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
        const fingerprint = intent.lookedUpAtMs === undefined ? intent.fingerprint : 'unlike any other';
        return super.begin({ ...intent, fingerprint }, owner, nowMs, leaseMs);
      }
    })(),
  'knows a key for its own target only': () =>
    new (class extends MemoryResumeLedger {
      override begin(intent: Intent, owner: string, nowMs: number, leaseMs: number): Promise<Begun> {
        const { key, target } = intent;
        return super.begin({ ...intent, key: key && `${key} ${target.execution}` }, owner, nowMs, leaseMs);
      }
    })(),
  'forgets a key when it is settled': () => new MemoryResumeLedger({ keepSettled: 0 }),
  'lets a lease be claimed while it is good': () =>
    new (class extends MemoryResumeLedger {
      override claim(id: string, owner: string, nowMs: number, leaseMs: number) {
        return super.claim(id, owner, nowMs + 1, leaseMs);
      }
    })(),
  'keeps the fence when it is claimed': () =>
    new (class extends MemoryResumeLedger {
      override async claim(id: string, owner: string, nowMs: number, leaseMs: number) {
        const record = await super.claim(id, owner, nowMs, leaseMs);
        return record === undefined ? undefined : { ...record, fence: 1 };
      }
    })(),
  'lets a stale owner settle': () =>
    new (class extends MemoryResumeLedger {
      override async settle(id: string, fence: number, settlement: Settlement): Promise<boolean> {
        const latest = (await super.find(id))?.fence;
        return await super.settle(id, latest ?? fence, settlement);
      }
    })(),
  'lets a stale owner renew': () =>
    new (class extends MemoryResumeLedger {
      override async renew(id: string, fence: number, nowMs: number, leaseMs: number): Promise<boolean> {
        const latest = (await super.find(id))?.fence;
        return await super.renew(id, latest ?? fence, nowMs, leaseMs);
      }
    })(),
  'forgets why it is unknown': () =>
    new (class extends MemoryResumeLedger {
      override release(id: string, fence: number): Promise<boolean> {
        return super.release(id, fence, '');
      }
    })(),
  'shortens a lease instead of prolonging it': () =>
    new (class extends MemoryResumeLedger {
      override renew(id: string, fence: number, nowMs: number): Promise<boolean> {
        return super.renew(id, fence, nowMs, 0);
      }
    })(),
  'lists in the order of begin': () =>
    new (class extends MemoryResumeLedger {
      override async *list(): AsyncGenerator<LedgerRecord, void, undefined> {
        const records: LedgerRecord[] = [];
        for await (const record of super.list()) records.push(record);
        yield* records.toSorted((one, other) => ((one.intent.key ?? '') < (other.intent.key ?? '') ? -1 : 1));
      }
    })(),
  'loses the decision of an operator': () =>
    new (class extends MemoryResumeLedger {
      override settle(id: string, fence: number, { verdict, settledAtMs }: Settlement): Promise<boolean> {
        return super.settle(id, fence, { verdict, settledAtMs });
      }
    })(),
};

describe('the contract suite of ledgers', () => {
  it('passes a ledger that keeps the contract', async () => {
    expect(await failuresOf(() => new MemoryResumeLedger())).toEqual([]);
  });

  it.each(Object.keys(wrong))('fails one that %s', async (name) => {
    expect(await failuresOf(wrong[name] as () => MemoryResumeLedger)).not.toEqual([]);
  });

  it('takes the runner of node:test', () => {
    // Only its types: the suite is handed any runner whose tests are asynchronous functions.
    type NodeIt = (name: string, body: (context: TestContext) => Promise<void>) => Promise<void>;
    const nodeIt: NodeIt = async () => {};
    const runner: Parameters<typeof testResumeLedger>[0] = {
      describe: () => {},
      it: (name, body) => nodeIt(name, body),
    };
    expect(runner).toBeDefined();
  });
});

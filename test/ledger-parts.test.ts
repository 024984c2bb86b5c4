import { describe, expect, it } from 'vitest';
import { Ring } from '../src/ledger/ring.js';
import { Turnstile } from '../src/ledger/turnstile.js';

describe('the newest ids that a ledger keeps', () => {
  it('push the oldest one out, round after round', () => {
    const ring = new Ring(3);
    const dropped = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => ring.push(id));
    expect(dropped).toEqual([undefined, undefined, undefined, 'a', 'b', 'c', 'd', 'e']);
    expect([...ring.ids].sort()).toEqual(['f', 'g', 'h']);
  });

  it('are none where nothing is to be kept', () => {
    const ring = new Ring(0);
    expect([ring.push('a'), ring.push('b'), ring.ids]).toEqual(['a', 'b', []]);
  });

  it('are none before the first one', () => {
    expect(new Ring(2).ids).toEqual([]);
  });
});

describe('a turnstile', () => {
  /** Work that ends when it is told to. */
  function work() {
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const fails: ((error: Error) => void)[] = [];
    const one = (index: number) => () => {
      begun.push(index);
      return new Promise<number>((resolve, reject) => {
        ends[index] = () => resolve(index);
        fails[index] = reject;
      });
    };
    return { begun, ends, fails, one };
  }
  const soon = () => new Promise(setImmediate);

  it('lets only so many in at a time, the others in the order in which they came', async () => {
    const { begun, ends, one } = work();
    const turnstile = new Turnstile(2);
    const all = [0, 1, 2, 3, 4].map((index) => turnstile.pass(one(index)));
    await soon();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await soon();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await soon();
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    ends[3]?.();
    ends[4]?.();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
  });

  it('lets nobody wait for work that failed, and passes the failure on', async () => {
    const { begun, ends, fails, one } = work();
    const turnstile = new Turnstile(1);
    const first = turnstile.pass(one(0));
    const second = turnstile.pass(one(1));
    await soon();
    fails[0]?.(new Error('disk full'));
    await expect(first).rejects.toThrow('disk full');
    await soon();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    expect(await second).toBe(1);
  });

  it('has all its places again after a rush', async () => {
    const { begun, ends, one } = work();
    const turnstile = new Turnstile(2);
    const rush = [0, 1, 2].map((index) => turnstile.pass(one(index)));
    for (const index of [0, 1, 2]) {
      await soon();
      ends[index]?.();
    }
    await Promise.all(rush);
    void turnstile.pass(one(3));
    void turnstile.pass(one(4));
    void turnstile.pass(one(5));
    await soon();
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });
});

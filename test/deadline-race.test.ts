import { describe, expect, it, vi } from 'vitest';
import { CallEnded, CallScope } from '../src/deadline.js';
import { VirtualRuntime } from './virtual-runtime.js';

const reason = new CallEnded('CANCELLED', 'enough');
const scopeOf = (): CallScope => new CallScope(new VirtualRuntime());

describe('a race of a promise with the end of its scope', () => {
  it('settles like the promise', async () => {
    const scope = scopeOf();
    await expect(scope.race(Promise.resolve(1))).resolves.toBe(1);
    await expect(scope.race(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('rejects with the reason as soon as the scope ends, also one that has ended', async () => {
    const scope = scopeOf();
    const raced = scope.race(new Promise<never>(() => {}));
    scope.end(reason);
    await expect(raced).rejects.toBe(reason);
    await expect(scope.race(new Promise<never>(() => {}))).rejects.toBe(reason);
  });

  it('is won by a promise that has settled by the time that the scope ends', async () => {
    const scope = scopeOf();
    const instead = vi.fn(async () => 'instead');
    const raced = scope.race(Promise.resolve('settled'), instead);
    scope.end(reason);
    await expect(raced).resolves.toBe('settled');
    await expect(scope.race(Promise.resolve('settled'), instead)).resolves.toBe('settled');
    expect(instead).not.toHaveBeenCalled();
  });

  it('is answered instead where that is asked for, and what the promise does later is ignored', async () => {
    const scope = scopeOf();
    let fail = (_error: Error): void => {};
    const slow = new Promise<string>((_resolve, reject) => {
      fail = reject;
    });
    const raced = scope.race(slow, async ({ message }) => `because: ${message}`);
    scope.end(reason);
    await expect(raced).resolves.toBe('because: enough');
    fail(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('tells every listener that is still there, however many, once', () => {
    const scope = scopeOf();
    const told: string[] = [];
    const stops = ['a', 'b', 'c', 'd'].map((name) => scope.whenEnded(() => told.push(name)));
    stops[0]?.();
    stops[2]?.();
    scope.whenEnded(() => told.push('e'));
    scope.end(reason);
    scope.end(reason);
    expect(told.toSorted()).toEqual(['b', 'd', 'e']);
  });
});

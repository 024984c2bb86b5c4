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
    const raced = scope.race(Promise.resolve('settled'));
    scope.end(reason);
    await expect(raced).resolves.toBe('settled');
    await expect(scope.race(Promise.resolve('settled'))).resolves.toBe('settled');
    const failing = scopeOf();
    const failed = failing.race(Promise.reject(new Error('settled too')));
    failing.end(reason);
    await expect(failed).rejects.toThrow('settled too');
  });

  it('goes on with the one thing that came first, and ignores what the promise does later', async () => {
    const told = (what: string) => (thing: string | Error) =>
      `${what}: ${thing instanceof Error ? thing.message : thing}`;
    const goOn = (scope: CallScope, promise: Promise<string>): Promise<string> =>
      scope.raceTo(promise, told('value'), told('failure'), told('end'));
    await expect(goOn(scopeOf(), Promise.resolve('yes'))).resolves.toBe('value: yes');
    await expect(goOn(scopeOf(), Promise.reject(new Error('no')))).resolves.toBe('failure: no');
    const scope = scopeOf();
    const late: ((value: string) => void)[] = [];
    const failLate: ((error: Error) => void)[] = [];
    const slow = goOn(scope, new Promise((resolve) => late.push(resolve)));
    const failing = goOn(scope, new Promise((_resolve, reject) => failLate.push(reject)));
    scope.end(reason);
    await expect(slow).resolves.toBe('end: enough');
    await expect(failing).resolves.toBe('end: enough');
    late[0]?.('late');
    failLate[0]?.(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('is rejected with what going on has thrown', async () => {
    const thrower = (): never => {
      throw new Error('thrown');
    };
    const unused = vi.fn();
    await expect(scopeOf().raceTo(Promise.resolve(1), thrower, unused, unused)).rejects.toThrow('thrown');
    await expect(scopeOf().raceTo(Promise.reject(reason), unused, thrower, unused)).rejects.toThrow('thrown');
    const scope = scopeOf();
    const ended = scope.raceTo(new Promise(() => {}), unused, unused, thrower);
    scope.end(reason);
    await expect(ended).rejects.toThrow('thrown');
    expect(unused).not.toHaveBeenCalled();
  });

  it('does not tell a listener that another one has taken off meanwhile', () => {
    const scope = scopeOf();
    const told: string[] = [];
    const stops: (() => void)[] = [];
    scope.whenEnded(() => {
      told.push('first');
      stops[0]?.();
    });
    stops.push(scope.whenEnded(() => told.push('taken off')));
    scope.whenEnded(() => told.push('last'));
    scope.end(reason);
    expect(told).toEqual(['first', 'last']);
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

import { describe, expect, it } from 'vitest';
import { CallEnded, CallScope } from '../src/deadline.js';
import { Follower } from '../src/follower.js';
import { Landing } from '../src/landing.js';
import type { Outcome } from '../src/types.js';
import { VirtualRuntime } from './virtual-runtime.js';

const outcome = { status: 'refused' } as Outcome;
const other = { status: 'unknown' } as Outcome;

const broken = (): never => {
  throw new Error('broken');
};

/** Writes down who was told what. */
function witness() {
  const told: string[] = [];
  const waiting = (name: string) => ({
    landed: ({ status }: Outcome) => void told.push(`${name} ${status}`),
    failed: ({ message }: Error) => void told.push(`${name} ${message}`),
  });
  return { told, waiting };
}

describe('a landing', () => {
  it('tells all who wait at once, in the order in which they came, and who comes later too', () => {
    const { told, waiting } = witness();
    const landing = new Landing(() => {});
    for (const name of ['first', 'second', 'third']) landing.add(waiting(name));
    landing.landWith(() => outcome);
    landing.add(waiting('late'));
    expect(told).toEqual(['first refused', 'second refused', 'third refused', 'late refused']);
  });

  it('happens once: nobody is told a second end', async () => {
    const { told, waiting } = witness();
    const landing = new Landing(() => {});
    landing.add(waiting('first'));
    landing.landWith(() => outcome);
    landing.landWith(() => other);
    landing.landWith(broken);
    expect(told).toEqual(['first refused']);
    expect(await landing.outcome).toBe(outcome);
  });

  it('does not tell who has gone, nor keeps them', () => {
    const { told, waiting } = witness();
    const landing = new Landing(() => {});
    const all = ['first', 'second', 'third', 'fourth'].map(waiting);
    for (const one of all) landing.add(one);
    for (const one of all.slice(0, 2)) landing.remove(one);
    landing.add(waiting('late'));
    landing.landWith(() => outcome);
    expect(told).toEqual(['third refused', 'fourth refused', 'late refused']);
  });

  it('waits for what is not there at once', async () => {
    const { told, waiting } = witness();
    const landing = new Landing(() => told.push('closed'));
    landing.add(waiting('first'));
    landing.landWith(async () => outcome);
    expect(told).toEqual([]);
    await landing.outcome;
    expect(told).toEqual(['closed', 'first refused']);
  });

  it('is told where what it waits for fails', async () => {
    const landing = new Landing(() => {});
    landing.landWith(async () => broken());
    await expect(landing.outcome).rejects.toThrow('broken');
  });

  it('that fails is told, too, also to who comes later', async () => {
    const { told, waiting } = witness();
    const landing = new Landing(() => {});
    landing.add(waiting('first'));
    const before = landing.outcome.catch((thrown: Error) => thrown.message);
    landing.landWith(broken);
    landing.add(waiting('late'));
    expect(told).toEqual(['first broken', 'late broken']);
    expect(await before).toBe('broken');
  });
});

describe('a follower', () => {
  const ended = new CallEnded('CANCELLED', 'the caller aborted the call');
  const following = (own = new CallScope(new VirtualRuntime(), { timeoutMs: 1_000 })) => {
    const left: CallEnded[] = [];
    const follower = new Follower(own, async (reason) => {
      left.push(reason);
      return other;
    });
    return { own, left, follower };
  };

  it('lets go of its deadline as it is told', async () => {
    const runtime = new VirtualRuntime();
    const { follower, left } = following(new CallScope(runtime, { timeoutMs: 1_000 }));
    expect(runtime.pending).toBe(1);
    follower.landed(outcome);
    expect(runtime.pending).toBe(0);
    expect(await follower.outcome).toBe(outcome);
    expect(left).toEqual([]);
  });

  it('lets go of it where the flight fails, too', async () => {
    const runtime = new VirtualRuntime();
    const { follower } = following(new CallScope(runtime, { timeoutMs: 1_000 }));
    follower.failed(new Error('broken'));
    expect(runtime.pending).toBe(0);
    await expect(follower.outcome).rejects.toThrow('broken');
  });

  it('does not leave any more in the turn in which the flight fails', async () => {
    const { own, follower, left } = following();
    own.end(ended);
    follower.failed(new Error('broken'));
    await expect(follower.outcome).rejects.toThrow('broken');
    expect(left).toEqual([]);
  });

  it('leaves where its own life ends, and is told nothing more', async () => {
    const { own, follower, left } = following();
    own.end(ended);
    await Promise.resolve();
    follower.landed(outcome);
    follower.failed(new Error('broken'));
    expect(await follower.outcome).toBe(other);
    expect(left).toEqual([ended]);
  });

  it('takes an outcome that is there in the same turn as its end', async () => {
    const { own, follower, left } = following();
    own.end(ended);
    follower.landed(outcome);
    expect(await follower.outcome).toBe(outcome);
    expect(left).toEqual([]);
  });

  it('leaves where its life had ended before', async () => {
    const own = new CallScope(new VirtualRuntime());
    own.end(ended);
    const { follower, left } = following(own);
    expect(await follower.outcome).toBe(other);
    expect(left).toEqual([ended]);
  });
});

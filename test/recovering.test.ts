import { describe, expect, it } from 'vitest';
import { CallRecord } from '../src/attempt.js';
import { callOptionsOf } from '../src/call-options.js';
import { CallEnded } from '../src/deadline.js';
import type { Acceptance, Finding } from '../src/driver.js';
import { FlightLife } from '../src/flight-life.js';
import { recover } from '../src/recovering.js';
import { GivenUp } from '../src/sending.js';
import { intentOf } from '../src/testing/ledger-bench.js';
import type { ResumeOptions } from '../src/types.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

const acceptance: Acceptance = { execution: 'run-2', nodes: [], nodesBasis: 'observed' };
const resumed: Finding = { found: 'resumed', acceptance };
const nothing: Finding = { found: 'nothing', seen: 'a failed run' };
const lost = new GivenUp({ why: 'lost', details: { code: 'UNAVAILABLE', effect: 'unknown' } });
const certain = new GivenUp({ why: 'no', details: { code: 'NOT_FOUND', effect: 'none' } });

/** A lost call whose reads find these, one after the other and the last one for ever. */
function losing(options: ResumeOptions, ...found: Finding[]) {
  const runtime = new VirtualRuntime();
  const call = new CallRecord(runtime);
  const life = new FlightLife(runtime, 1_000);
  let reads = 0;
  const driver = fakeDriver({
    async doFindResumed() {
      reads += 1;
      return found[Math.min(reads, found.length) - 1] ?? nothing;
    },
  });
  const given = { driver, options: callOptionsOf({ readBackMs: 2_000, ...options }), call, life };
  const sent: string[] = [];
  const again = (thrown: unknown, answer?: () => Acceptance) => {
    const sendAgain = async (): Promise<Acceptance> => {
      sent.push('again');
      return answer?.() ?? Promise.reject(new Error('it must not be sent again'));
    };
    const outcome = recover(given, intentOf(), thrown, sendAgain);
    return runtime.run(outcome.catch((error: unknown) => ({ thrown: error })));
  };
  return { again, call, life, sent, reads: () => reads, runtime };
}

const thrower = (thrown: Error) => (): never => {
  throw thrown;
};

describe('a request that was given up', () => {
  it('stays so where that is certain, and where it is not the sender’s word: nothing is read', async () => {
    const bug = new TypeError('a bug');
    for (const thrown of [certain, bug]) {
      const { again, reads, sent, call } = losing({ onUnknown: 'send-again' }, resumed);
      expect(await again(thrown)).toEqual({ thrown });
      expect([reads(), sent, call.inDoubt]).toEqual([0, [], false]);
    }
  });

  it('is looked for where its answer was lost', async () => {
    const { again, sent, call } = losing({}, nothing, resumed);
    expect(await again(lost)).toEqual({ acceptance, confirmedBy: 'read-back' });
    expect([sent, call.inDoubt]).toEqual([[], true]);
  });

  it('is not looked for without read-back, and never sent again', async () => {
    const { again, reads, sent } = losing({ readBack: 'off', onUnknown: 'send-again' }, resumed);
    expect(await again(lost)).toEqual({ thrown: lost });
    expect([reads(), sent]).toEqual([0, []]);
  });

  it('is not sent again by itself: what was seen is told', async () => {
    const { again, sent } = losing({}, nothing);
    const { thrown } = (await again(lost)) as { thrown: GivenUp };
    expect(thrown).toBeInstanceOf(GivenUp);
    expect(thrown.failure).toMatchObject({ details: { effect: 'unknown' } });
    expect(thrown.failure.why).toContain('reading back found no proof: a failed run');
    expect(sent).toEqual([]);
  });
});

describe('with onUnknown: send-again', () => {
  const options = { onUnknown: 'send-again' } as const;

  it('is sent once more where nothing speaks for it, and answered', async () => {
    const { again, sent, life } = losing(options, nothing);
    const first = life.sending;
    expect(await again(lost, () => acceptance)).toEqual({ acceptance, confirmedBy: 'answer' });
    expect(sent).toEqual(['again']);
    expect(life.sending).not.toBe(first);
  });

  it('is looked for once more where that answer is lost as well, and then given up', async () => {
    const { again, sent, call } = losing(options, nothing);
    const { thrown } = (await again(lost, thrower(certain))) as { thrown: GivenUp };
    // The first one may have been carried out, whatever was said of the second.
    expect(thrown.failure).toMatchObject({ details: { code: 'UNAVAILABLE', effect: 'unknown' } });
    expect([sent, call.inDoubt]).toEqual([['again'], true]);
  });

  it('throws what is no word of the sender’s', async () => {
    const bug = new TypeError('a bug');
    const { again, sent } = losing(options, nothing);
    expect(await again(lost, thrower(bug))).toEqual({ thrown: bug });
    expect(sent).toEqual(['again']);
  });

  it('is not sent where something speaks for the first one, nor when everybody has left', async () => {
    const undecided = losing(options, { found: 'nothing', seen: 'a run', undecided: true });
    expect(await undecided.again(lost)).toMatchObject({ thrown: { name: 'GivenUp' } });
    const left = losing(options, nothing);
    const outcome = left.again(lost);
    left.life.end(new CallEnded('CANCELLED', 'enough'));
    expect(await outcome).toMatchObject({ thrown: { name: 'GivenUp' } });
    expect([undecided.sent, left.sent]).toEqual([[], []]);
  });
});

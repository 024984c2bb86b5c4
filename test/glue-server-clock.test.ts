import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerClock } from '../providers/glue/server-clock.js';

const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const dateOf = (epochMs: number): string => new Date(epochMs).toUTCString();

/** This machine's clock and the service's, moved by hand. */
class Clocks {
  localMs = START_MS;
  /** The service's clock less this machine's. */
  offsetMs: number;
  readonly clock = new ServerClock(() => this.localMs);

  constructor(offsetMs: number) {
    this.offsetMs = offsetMs;
  }

  get serverMs(): number {
    return this.localMs + this.offsetMs;
  }

  /** One request with its answer, which the service dates when it has been on its way for a while. */
  exchange(thereMs = 0, backMs = 0): void {
    const sentAtMs = this.localMs;
    this.localMs += thereMs;
    const date = dateOf(this.serverMs);
    this.localMs += backMs;
    this.clock.note(date, sentAtMs);
  }

  pass(ms: number): void {
    this.localMs += ms;
  }

  /** How early and late a moment may have been, less when it was. */
  around(localMs: number, serverMs: number): readonly [number, number] {
    const { earliestMs, latestMs } = this.clock.momentOf(localMs);
    return [earliestMs - serverMs, latestMs - serverMs];
  }
}

describe('the service’s time', () => {
  it('is not known before the first answer, nor after answers without a readable date', () => {
    const clocks = new Clocks(0);
    clocks.clock.note(undefined, START_MS);
    clocks.clock.note('soon', START_MS);
    expect(clocks.clock.momentOf(START_MS)).toEqual({
      earliestMs: Number.NEGATIVE_INFINITY,
      surelyFromMs: Number.POSITIVE_INFINITY,
      latestMs: Number.POSITIVE_INFINITY,
    });
  });

  it('is known to a second, the time on the way and what clocks may be apart from one answer', () => {
    const clocks = new Clocks(3_600_000);
    clocks.pass(400);
    clocks.exchange(20, 30);
    const { earliestMs, surelyFromMs, latestMs } = clocks.clock.momentOf(clocks.localMs);
    // The date says :00.000, while the service's clock shows :00.420 as it answers and :00.450 as the answer arrives.
    expect(clocks.serverMs - earliestMs).toBe(450 + 100);
    expect(surelyFromMs).toBe(earliestMs);
    expect(latestMs - clocks.serverMs).toBe(1_000 - 400 + 100);
  });

  it('is known more closely from more answers', () => {
    const clocks = new Clocks(-7_000);
    for (let count = 0; count < 20; count += 1) {
      clocks.exchange(5, 5);
      clocks.pass(337);
    }
    const [early, late] = clocks.around(clocks.localMs, clocks.serverMs);
    expect(late - early).toBeLessThan(1_000 / 3 + 200 + 40);
    expect(early).toBeLessThanOrEqual(0);
    expect(late).toBeGreaterThanOrEqual(0);
  });

  it('is never told wrongly by clocks that nobody sets', () => {
    const way = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(
        fc.integer({ min: -86_400_000, max: 86_400_000 }),
        fc.array(fc.record({ thereMs: way, backMs: way, passMs: fc.integer({ min: 0, max: 60_000 }) }), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.nat(29),
        (offsetMs, exchanges, asked) => {
          const clocks = new Clocks(offsetMs);
          let localMs = clocks.localMs;
          for (const [index, { thereMs, backMs, passMs }] of exchanges.entries()) {
            clocks.pass(passMs);
            if (index === asked) localMs = clocks.localMs;
            clocks.exchange(thereMs, backMs);
          }
          const [early, late] = clocks.around(localMs, localMs + offsetMs);
          expect(early).toBeLessThanOrEqual(0);
          expect(late).toBeGreaterThanOrEqual(0);
          const { earliestMs, surelyFromMs } = clocks.clock.momentOf(localMs);
          expect(surelyFromMs).toBe(earliestMs);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([12, -12])('bears a clock that drifts by %i ms a minute', (driftMs) => {
    const clocks = new Clocks(0);
    clocks.exchange();
    for (let minute = 0; minute < 60; minute += 1) {
      clocks.pass(60_000);
      clocks.offsetMs += driftMs;
      clocks.exchange();
      const moment = clocks.clock.momentOf(clocks.localMs);
      expect(moment.earliestMs).toBeLessThanOrEqual(clocks.serverMs);
      expect(moment.latestMs).toBeGreaterThanOrEqual(clocks.serverMs);
      expect(moment.surelyFromMs).toBe(moment.earliestMs);
    }
  });

  it.each([
    ['ahead', 600_000],
    ['back', -600_000],
  ])('is told by both settings for a time before this machine’s clock was set %s', (_way, setMs) => {
    const clocks = new Clocks(0);
    clocks.exchange();
    const before = clocks.localMs;
    clocks.pass(1_000);
    clocks.localMs += setMs;
    clocks.offsetMs -= setMs;
    clocks.exchange();
    const moment = clocks.clock.momentOf(before);
    expect(moment.earliestMs).toBeLessThanOrEqual(before);
    expect(moment.surelyFromMs).toBeGreaterThanOrEqual(before - 1_200);
    expect(moment.surelyFromMs - moment.earliestMs).toBeGreaterThan(590_000);
    // What comes later is told by the new setting alone.
    clocks.pass(1_300_000);
    clocks.exchange();
    const after = clocks.clock.momentOf(clocks.localMs);
    expect(after.surelyFromMs).toBe(after.earliestMs);
    expect(clocks.serverMs - after.earliestMs).toBeLessThan(1_200);
  });

  it('learns nothing from an answer during which this machine’s clock was set back', () => {
    const clocks = new Clocks(0);
    clocks.clock.note(dateOf(START_MS), START_MS + 1);
    expect(clocks.clock.momentOf(START_MS).earliestMs).toBe(Number.NEGATIVE_INFINITY);
  });

  it('bears a service whose Date lags behind by a second now and then: what it says stays true', () => {
    const clocks = new Clocks(0);
    for (let count = 0; count < 500; count += 1) {
      const made = clocks.localMs;
      clocks.clock.note(dateOf(clocks.serverMs - (count % 3 === 0 ? 1_000 : 0)), clocks.localMs);
      clocks.pass(333);
      expect(clocks.clock.momentOf(made).earliestMs).toBeLessThanOrEqual(made);
      expect(clocks.clock.momentOf(made).surelyFromMs).toBeLessThanOrEqual(made);
    }
  });
});

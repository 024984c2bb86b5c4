import { describe, expect, it } from 'vitest';
import { ChurningMap } from '../src/ledger/churning-map.js';

const numbered = (number: number) => ({ number });

describe('a ChurningMap', () => {
  it('has what was put in until it is dropped, as a Map has', () => {
    const churning = new ChurningMap<{ number: number }>();
    const map = new Map<string, { number: number }>();
    let chance = 7;
    for (let step = 0; step < 20_000; step += 1) {
      chance = (chance * 48_271) % 2_147_483_647;
      const key = `k${chance % 300}`;
      if (chance % 7 < 3) {
        if (!map.has(key)) churning.put(key, numbered(step));
        if (!map.has(key)) map.set(key, numbered(step));
      } else {
        if (map.has(key)) churning.drop(key);
        map.delete(key);
      }
      expect([churning.has(key), churning.get(key)]).toEqual([map.has(key), map.get(key)]);
    }
    const numbersOf = (values: Iterable<{ number: number }>) =>
      [...values].map(({ number }) => number).sort((one, other) => one - other);
    expect(numbersOf(churning.values())).toEqual(numbersOf(map.values()));
    expect(map.size).toBeGreaterThan(50);
  });

  it('keeps what stays through any number of others', () => {
    const churning = new ChurningMap<{ number: number }>();
    for (let stays = 0; stays < 500; stays += 1) churning.put(`stays ${stays}`, numbered(stays));
    for (let other = 0; other < 5_000; other += 1) {
      churning.put(`other ${other}`, numbered(other));
      churning.drop(`other ${other}`);
    }
    expect(churning.values()).toHaveLength(500);
    expect(churning.get('stays 499')).toEqual(numbered(499));
  });
});

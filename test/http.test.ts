import { describe, expect, it } from 'vitest';
import { retryAfterMsOf } from '../src/http/retry-after.js';

const NOW_MS = Date.parse('2026-11-21T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    [' 120 ', 120_000],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Saturday, 21-Nov-26 10:00:30 GMT', 30_000],
    ['Sat Nov 21 10:00:30 2026 GMT', 30_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
  ])('%j asks for %i ms', (value, expected) => {
    expect(retryAfterMsOf(value, NOW_MS)).toBe(expected);
  });

  it.each([
    undefined,
    '',
    'soon',
    '-5',
    '1.5',
    '1e3',
    '2026-11-21',
    'Xxx, 99 Nov 2026',
    '(or so) Sat, 21 Nov 2026 10:00:30 GMT',
  ])('%j asks for nothing', (value) => {
    expect(retryAfterMsOf(value, NOW_MS)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { instantOf, orderOf } from '../providers/huawei/instant.js';

describe('a time of an answer', () => {
  it.each([
    ['2020-04-23T13:37:43.847Z', '2020-04-23T13:37:43.847Z'],
    ['2020-04-23T13:37:43Z', '2020-04-23T13:37:43Z'],
    [' 2020-04-23T21:37:43+08:00 ', '2020-04-23T21:37:43+08:00'],
    [1670311148207, '2022-12-06T07:19:08.207Z'],
    ['1670311148207', '2022-12-06T07:19:08.207Z'],
  ])('%j is %s', (value, instant) => {
    expect(instantOf(value)).toBe(instant);
  });

  it.each([
    undefined,
    null,
    '',
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1670311148,
    'soon',
    '2020-13-23T13:37:43Z',
    '2020-04-23',
    '2020-04-23T13:37:43',
    '2020-04-23 13:37:43Z',
  ])('%j is none that can be told', (value) => {
    expect(instantOf(value)).toBeUndefined();
  });
});

describe('the order of two instants', () => {
  it.each([
    ['2020-04-23T13:37:43.846Z', '2020-04-23T13:37:43.847Z', 'before'],
    ['2020-04-23T13:37:43.847Z', '2020-04-23T13:37:43.847Z', 'since'],
    ['2020-04-23T21:37:43.900+08:00', '2020-04-23T13:37:43.847Z', 'since'],
    ['2020-04-23T13:37:42Z', '2020-04-23T13:37:43.847Z', 'before'],
    ['2020-04-23T13:37:44Z', '2020-04-23T13:37:43.847Z', 'since'],
    ['2020-04-23T13:37:44.000Z', '2020-04-23T13:37:43Z', 'since'],
  ])('%s is, seen from %s, %s', (one, other, order) => {
    expect(orderOf(one, other)).toBe(order);
  });

  it.each([
    ['2020-04-23T13:37:43Z', '2020-04-23T13:37:43.847Z'],
    ['2020-04-23T13:37:43.100Z', '2020-04-23T13:37:43Z'],
    [undefined, '2020-04-23T13:37:43Z'],
    ['2020-04-23T13:37:43Z', undefined],
    ['2020-04-23T13:37:43Z', 'soon'],
  ])('%s and %s is not told by their precision', (one, other) => {
    expect(orderOf(one, other)).toBe('unclear');
  });
});

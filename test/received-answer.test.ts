import fc from 'fast-check';
import { util } from 'undici';
import { describe, expect, it } from 'vitest';
import { headerOf } from '../src/http/header.js';
import type { HttpAnswer } from '../src/http/message.js';
import { ReceivedAnswer } from '../src/http/received-answer.js';

const TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
const FEW = ['X-Request-Id', 'x-request-id', 'Date', 'X-Amzn-RequestId', 'Retry-After', '__proto__', 'constructor'];

const names = fc.oneof(
  fc.constantFrom(...FEW),
  fc.string({ unit: fc.constantFrom(...TOKEN.split('')), minLength: 1, maxLength: 14 }),
);
/** What llhttp lets through: no control characters, and bytes beyond ASCII. */
const values = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((byte) => String.fromCharCode(byte)) });
const headers = fc.array(fc.tuple(names, values), { maxLength: 12 });

const bytesOf = (pairs: readonly (readonly [string, string])[]): Buffer[] =>
  pairs.flat().map((text) => Buffer.from(text, 'latin1'));
const answerOf = (pairs: readonly (readonly [string, string])[]): HttpAnswer =>
  new ReceivedAnswer(200, bytesOf(pairs), Buffer.alloc(0));

describe('the headers of an answer', () => {
  it('are found one by one as where all of them are read', () => {
    fc.assert(
      fc.property(headers, names, (pairs, asked) => {
        const answer = answerOf(pairs);
        for (const name of [asked, ...pairs.map(([given]) => given)].map((given) => given.toLowerCase())) {
          const all = util.parseHeaders(bytesOf(pairs));
          const value = Object.hasOwn(all, name) ? all[name] : undefined;
          expect(headerOf(answer, name)).toBe(Array.isArray(value) ? value[0] : value);
        }
      }),
    );
  });

  it('are undici’s for who asks for all of them', () => {
    const pairs = [
      ['X-Request-Id', 'one'],
      ['Set-Cookie', 'a'],
      ['set-cookie', 'b'],
    ] as const;
    expect(answerOf(pairs).headers).toEqual({ 'x-request-id': 'one', 'set-cookie': ['a', 'b'] });
  });

  it('are the first of those that are there', () => {
    const answer = answerOf([
      ['X-Second', 'second'],
      ['X-SECOND', 'again'],
      ['X-Third', 'third'],
    ]);
    expect(headerOf(answer, 'x-first', 'x-second', 'x-third')).toBe('second');
    expect(headerOf(answer, 'x-secon', 'x-second-')).toBeUndefined();
    // A name is a whole name, and its case alone may differ.
    expect(headerOf(answerOf([['x@id', 'other']]), 'x`id')).toBeUndefined();
  });

  it('are found in an answer that somebody else has made', () => {
    const made = {
      status: 200,
      headers: { 'x-request-id': 'one', via: ['a', 'b'] as unknown as string },
      body: Buffer.alloc(0),
    };
    expect([headerOf(made, 'x-request-id'), headerOf(made, 'via'), headerOf(made, 'date')]).toEqual([
      'one',
      'a',
      undefined,
    ]);
  });

  it.each([
    ['a copy', (answer: HttpAnswer) => ({ ...answer })],
    ['an heir', (answer: HttpAnswer) => Object.create(answer) as HttpAnswer],
    ['a proxy', (answer: HttpAnswer) => new Proxy(answer, {})],
  ])('are found in %s as well', (_what, made) => {
    expect(headerOf(made(answerOf([['X-Request-Id', 'one']])), 'date', 'x-request-id')).toBe('one');
  });

  it('are those that a copy was given, or none where it has lost them', () => {
    const answer = answerOf([['X-Request-Id', 'one']]);
    expect(headerOf({ ...answer, headers: { 'x-request-id': 'two' } }, 'x-request-id')).toBe('two');
    expect(headerOf(structuredClone({ ...answer }), 'x-request-id')).toBeUndefined();
  });

  it('are read by an heir and by a proxy', () => {
    const answer = answerOf([['X-Request-Id', 'one']]);
    for (const one of [answer, Object.create(answer) as HttpAnswer, new Proxy(answer, {})]) {
      expect(one.headers).toEqual({ 'x-request-id': 'one' });
    }
  });
});

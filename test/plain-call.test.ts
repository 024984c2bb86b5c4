import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResumeError } from '../src/errors.js';
import { plainCall } from '../src/plain-call.js';
import { requestParser } from '../src/schema.js';
import type { Action, Capabilities, IdRule, NodeRange } from '../src/types.js';

const actions: Partial<Record<Action, NodeRange>> = { resume: { min: 0, max: 2 }, restart: { min: 1, max: 1 } };
const rule: IdRule = { maxLength: 5, pattern: /^[a-z💥]+$/u, rule: 'be of small letters' };
const capabilities: Capabilities = {
  actions,
  newExecution: false,
  discoversNodes: true,
  ids: { workflow: rule, execution: rule, node: rule },
  reads: [],
  notices: [],
};

/** The same rules, of which the short way believes that their patterns have a memory. */
const bySchemas: Capabilities = (() => {
  const pattern = new RegExp(rule.pattern, 'u');
  Object.defineProperty(pattern, 'global', { value: true });
  const slow = { ...rule, pattern };
  return { ...capabilities, ids: { workflow: slow, execution: slow, node: slow } };
})();

const judged = (judge: () => unknown): unknown => {
  try {
    return judge();
  } catch (thrown) {
    if (!(thrown instanceof ResumeError)) throw thrown;
    return { refused: thrown.code, problems: thrown.problems };
  }
};

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'ok',
    'toolong',
    'A',
    '\ud800',
    '💥',
    0,
    1,
    1.5,
    -1,
    2 ** 31,
    Number.NaN,
  ),
  fc.constantFrom<unknown>([], ['a'], ['a', 'a'], ['a', 'b', 'c'], ['a', 1], {}, new Array(1), () => {}, true),
);
const id = fc.oneof({ weight: 30, arbitrary: fc.constantFrom('a', 'bc', 'xyz') }, { weight: 1, arbitrary: odd });
const mostly = <T>(...usual: T[]) =>
  fc.oneof({ weight: 30, arbitrary: fc.constantFrom<unknown>(...usual) }, { weight: 1, arbitrary: odd });

/** Some of the keys, and now and then one too many. */
const withExtra = (keys: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .tuple(fc.record(keys, { requiredKeys: Object.keys(keys).slice(0, 2) }), fc.integer({ min: 0, max: 9 }), odd)
    .map(([asked, chance, extra]) => (chance === 0 ? { ...asked, extra } : asked));

const request = fc.oneof(
  {
    weight: 12,
    arbitrary: withExtra({
      workflow: id,
      execution: id,
      action: mostly('resume', 'resume', 'restart', 'skip', 'toString', undefined),
      nodes: mostly([], ['a'], ['b', 'b'], ['b', 'a'], undefined),
    }),
  },
  { weight: 1, arbitrary: odd },
);
const options = fc.oneof(
  {
    weight: 12,
    arbitrary: withExtra({
      timeoutMs: mostly(1, 30_000, 2 ** 31 - 1),
      readBackMs: mostly(1, 90_000),
      signal: mostly(undefined, new AbortController().signal),
      reason: mostly('why', undefined),
      actor: mostly('who'),
      idempotencyKey: mostly('key', 'k'.repeat(1024), 'k'.repeat(1025)),
      readBack: mostly('on', 'off'),
      onUnknown: mostly('report', 'send-again'),
    }),
  },
  { weight: 1, arbitrary: odd },
);

describe('a call that is right as it stands', () => {
  const parse = requestParser('p', 'c', capabilities);
  const parseBySchemas = requestParser('p', 'c', bySchemas);

  it('is read without the schemas', () => {
    const asked = { workflow: 'a', execution: 'b', nodes: ['x', 'y', 'x'] };
    expect(plainCall(asked, { readBack: 'off', timeoutMs: 5 }, capabilities)).toEqual({
      target: { workflow: 'a', execution: 'b', action: 'resume', nodes: ['x', 'y'] },
      options: { readBack: 'off', timeoutMs: 5 },
    });
    expect(plainCall(asked, undefined, bySchemas)).toBeUndefined();
  });

  it('and any other is judged exactly as the schemas judge it', () => {
    let plain = 0;
    const runs = 3_000;
    fc.assert(
      fc.property(request, options, (asked, how) => {
        if (plainCall(asked, how, capabilities) !== undefined) plain += 1;
        expect(judged(() => parse(asked, how))).toEqual(judged(() => parseBySchemas(asked, how)));
      }),
      { numRuns: runs },
    );
    expect(plain).toBeGreaterThan(runs / 10);
    expect(plain).toBeLessThan(runs);
  });

  it('is left to the schemas where one of its properties throws', () => {
    const trap = {
      workflow: 'a',
      get execution(): string {
        throw new Error('no');
      },
    };
    expect(plainCall(trap, {}, capabilities)).toBeUndefined();
    expect(judged(() => parse(trap, {}))).toEqual(judged(() => parseBySchemas(trap, {})));
  });
});

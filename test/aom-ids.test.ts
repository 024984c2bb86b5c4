import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { historyRequest, operationRequest, statusRequest } from '../providers/aom/requests.js';
import { pathIdRule } from '../providers/huawei/path-id.js';
import { canonicalTargetOf } from '../providers/huawei/sdk-hmac.js';
import { AomBench } from './aom-bench.js';
import { rejected } from './rejected.js';

let bench: AomBench;
beforeEach(async () => {
  bench = await AomBench.start();
});
afterEach(() => bench.close());

describe('an id on AOM', () => {
  it.each([
    'run-script',
    'a b',
    ' ',
    '工作流-节点',
    'émigré',
    '🚀',
    "it's(a)*node!",
    'a+b&c=d;e,f@g:h$i',
    '"<{[|]}>"^`~',
    'a.b',
    '.hidden',
    'x'.repeat(64),
    '🚀'.repeat(32),
  ])('arrives intact: %s', async (id) => {
    bench.emulator.define({ workflow: id, execution: id, nodes: [{ id, status: 'fail' }] });
    const receipt = await bench.connect().resume({ workflow: id, execution: id, nodes: [id] });
    expect(receipt).toMatchObject({ workflow: id, execution: id, nodes: [id], performed: 'restart' });
    expect(bench.emulator.stateOf(id, id)?.nodes[0]).toMatchObject({ id, runs: 1 });
    for (const { target } of bench.emulator.journal.entries) {
      expect(target).toMatch(
        /^\/v1\/[0-9a-f]{32}\/cms\/workflow\/[\w.~%-]+\/executions\/[\w.~%-]+\/(status|operation\?[\w.~%=&-]+)$/,
      );
    }
  });

  it.each([
    'a/../../b?x=1',
    '../..',
    '..',
    '.',
    'a..b',
    '%2e%2e',
    'a%2fb',
    'a/b',
    'a\\b',
    'a?x=1',
    'a#b',
    'a\nb',
    'a\rb',
    'a\tb',
    'a\0b',
    'a\u007fb',
    'a\u0085b',
    '\ud800',
    '',
    'x'.repeat(65),
    '🚀'.repeat(33),
  ])('is refused before any byte is sent: %j', async (id) => {
    const good = { workflow: 'w', execution: 'e', nodes: ['n'], action: 'restart' as const };
    for (const request of [
      { ...good, workflow: id },
      { ...good, execution: id },
      { ...good, nodes: [id] },
    ]) {
      const error = await rejected(bench.connect().resume(request));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none', attempts: 0 });
      expect(error.problems).toHaveLength(1);
    }
    expect(bench.emulator.connections).toBe(0);
  });
});

it('whatever the ids, a request is signed as what it is on the wire', () => {
  const { pattern } = pathIdRule(64);
  const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => pattern.test(text));
  const address = { origin: 'https://aom.example', projectId: '0123456789abcdef0123456789abcdef' };
  fc.assert(
    fc.property(id, id, id, (workflow, execution, node) => {
      for (const { path, canonicalPath, canonicalQuery } of [
        operationRequest(address, { workflow, execution }, 'restart', node),
        operationRequest(address, { workflow, execution }, 'continue', node),
        statusRequest(address, { workflow, execution }),
        historyRequest(address, workflow),
      ]) {
        expect({ canonicalPath, canonicalQuery }).toEqual(canonicalTargetOf(path));
      }
    }),
    { numRuns: 500 },
  );
});

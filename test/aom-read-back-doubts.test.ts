import { describe, expect, it } from 'vitest';
import { baselineOf, operatedSince } from '../providers/aom/read-back.js';
import type { AomExecution } from '../providers/aom/wire.js';
import type { Finding } from '../src/driver.js';
import type { Action } from '../src/types.js';

type Run = readonly [id: string, status: string, began?: number | undefined];

const executionOf = (status: string | undefined, ...runs: readonly Run[]): AomExecution => ({
  status,
  nodes: runs.map(([id, word, beginMs = Number.NaN]) => ({ id, status: word, beginMs, endMs: Number.NaN })),
  planned: undefined,
  beginMs: Number.NaN,
  endMs: Number.NaN,
});

/** What is found of an operation on node `n`. */
function found(performed: Action, before: AomExecution, now: AomExecution): Finding {
  const target = { workflow: 'w', execution: 'e', action: performed, nodes: ['n'] };
  return operatedSince(target, { performed, nodes: ['n'] }, now, baselineOf(before, 'n'));
}

const resumed = { found: 'resumed', acceptance: { execution: 'e', nodes: ['n'], nodesBasis: 'observed' } };
const undecided = { found: 'nothing', undecided: true };

describe('an operation on AOM is not told, and nothing is sent again, where', () => {
  it.each([
    [
      'a node takes an unknown word',
      executionOf('fail', ['n', 'fail', 100]),
      executionOf('fail', ['n', 'approvalFailed', 100]),
    ],
    ['an execution takes an unknown word', executionOf('fail'), executionOf('killed')],
    [
      'a pause takes an unknown word',
      executionOf('pausing', ['n', 'pausing', 100]),
      executionOf('pausing', ['n', 'approvalFailed', 100]),
    ],
    [
      'what was cancelled before runs',
      executionOf('cancel', ['n', 'cancel', 100]),
      executionOf('running', ['n', 'running', 200]),
    ],
    [
      'what waited for an approval runs',
      executionOf('waitApproval', ['n', 'waitApproval', 100]),
      executionOf('running', ['n', 'success', 100]),
    ],
  ])('%s', (_what, before, now) => {
    for (const performed of ['restart', 'skip', 'continue'] as const) {
      expect(found(performed, before, now)).toMatchObject(undecided);
    }
  });

  it.each([
    [
      'another node that had halted too may have been acted on',
      'restart',
      executionOf('fail', ['n', 'fail', 100], ['m', 'fail', 100]),
      executionOf('running', ['n', 'fail', 100], ['m', 'success', 200]),
    ],
    [
      'another pause may have been passed',
      'continue',
      executionOf('pausing', ['n', 'pausing', 100], ['m', 'pausing', 100]),
      executionOf('running', ['n', 'pausing', 100], ['m', 'success', 100]),
    ],
    [
      'is not shown any more, while another one had halted',
      'restart',
      executionOf('fail', ['n', 'fail', 100], ['m', 'fail', 100]),
      executionOf('running', ['m', 'success', 200]),
    ],
    [
      'another node runs',
      'skip',
      executionOf('fail', ['n', 'fail', 100], ['m', 'success', 50]),
      executionOf('running', ['n', 'fail', 100], ['m', 'running', 200]),
    ],
  ] as const)('its own node does not tell, and %s', (_what, performed, before, now) => {
    expect(found(performed, before, now)).toMatchObject(undecided);
  });

  it('a node that was to be skipped has succeeded, and does not say when it began', () => {
    const now = executionOf('running', ['n', 'success']);
    expect(found('skip', executionOf('fail', ['n', 'fail']), now)).toMatchObject(undecided);
    expect(found('skip', executionOf('fail', ['n', 'fail', 100]), now)).toMatchObject(undecided);
  });
});

describe('nothing speaks for an operation on AOM where', () => {
  it.each([
    ['nothing has changed', executionOf('fail', ['n', 'fail', 100]), executionOf('fail', ['n', 'fail', 100])],
    ['only the spelling has', executionOf('fail', ['n', 'fail', 100]), executionOf('FAIL', ['n', ' Failed', 100])],
    ['no words are shown any more', executionOf('fail', ['n', 'fail', 100]), executionOf(undefined)],
    ['the node has no word any more', executionOf('fail', ['n', 'fail', 100]), executionOf('fail', ['n', '', 100])],
    [
      'an unknown word has stayed',
      executionOf('waitApproval', ['n', 'waitApproval', 100]),
      executionOf('waitApproval', ['n', ' WaitApproval', 100]),
    ],
    ['it was cancelled', executionOf('fail', ['n', 'fail', 100]), executionOf('cancel', ['n', 'canceling', 100])],
    ['a pause has run out', executionOf('pausing', ['n', 'pausing', 100]), executionOf('timeout', ['n', 'fail', 100])],
    [
      'a pause has another word',
      executionOf('pausing', ['n', 'pausing', 100]),
      executionOf('paused', ['n', 'suspended', 100]),
    ],
  ])('%s', (_what, before, now) => {
    const finding = found('restart', before, now);
    expect(finding.found).toBe('nothing');
    expect(finding).not.toHaveProperty('undecided');
  });
});

describe('an operation on AOM is told', () => {
  it('by its own node, whatever stands beside it', () => {
    const before = executionOf('fail', ['n', 'fail', 100], ['m', 'fail', 100]);
    expect(found('restart', before, executionOf('running', ['n', 'running', 200], ['m', 'fail', 100]))).toEqual(
      resumed,
    );
  });

  it('by its execution where no other node can have been acted on', () => {
    const before = executionOf('fail', ['n', 'fail', 100], ['m', 'success', 50]);
    const now = executionOf('running', ['n', 'fail', 100], ['m', 'success', 50]);
    const expected = { ...resumed, acceptance: { ...resumed.acceptance, nodesBasis: 'expected' } };
    expect(found('restart', before, now)).toEqual(expected);
  });

  it('by its execution where its node is not shown, whatever runs', () => {
    const expected = { ...resumed, acceptance: { ...resumed.acceptance, nodesBasis: 'expected' } };
    expect(found('restart', executionOf('fail'), executionOf('running', ['m', 'running', 200]))).toEqual(expected);
  });

  it('by a node that shows its skipping as a success, at the time at which it had failed', () => {
    const now = executionOf('running', ['n', 'success', 100]);
    expect(found('skip', executionOf('fail', ['n', 'fail', 100]), now)).toEqual(resumed);
  });

  it('as another one where a node that was to be skipped runs', () => {
    for (const began of [100, undefined]) {
      const other = found(
        'skip',
        executionOf('fail', ['n', 'fail', began]),
        executionOf('running', ['n', 'running', began]),
      );
      expect(other).toMatchObject({ found: 'different', seen: expect.stringContaining('it was started again') });
    }
  });
});

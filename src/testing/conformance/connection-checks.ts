import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Action, ResumableWorkflow } from '../../types.js';
import type { EmulatedAnswer } from '../faults.js';
import { aftermath, attempt, declaredActions, told, until, withinMs } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { errorOf, expectSilence } from './expectations.js';
import { printingChecks } from './printing-checks.js';

const CLOSING_MS = 1_000;

/** What holds of a connection before and after all calls. */
export function connectionChecks(workflow: ResumableWorkflow): CheckGroup {
  const [action = 'resume'] = declaredActions(workflow).declared;
  return {
    title: 'the connection',
    checks: [
      madeQuietly(),
      capabilitiesAsData(),
      {
        capability: 'close',
        fault: 'a call under way',
        expected: 'CANCELLED with effect unknown, all sockets closed',
        run: async (bench) => {
          bench.arm({ kind: 'hang', when: 'after', times: 99 });
          const connection = bench.connect();
          const call = attempt(connection, bench.request(connection, action));
          await bench.arrived();
          await withinMs(connection.close(), CLOSING_MS, 'close()');
          const outcome = await withinMs(call, CLOSING_MS, 'a call under way when close() came');
          const error = errorOf(outcome);
          deepEqual([error.code, error.effect], ['CANCELLED', 'unknown'], `it was told as ${told(outcome)}`);
          await until(() => bench.line.open === 0, 'all sockets to be closed', CLOSING_MS);
          return told(outcome);
        },
      },
      closing(action, 'no call under way'),
      closing(action, 'after an answer with 500', { status: 500, body: 'x'.repeat(100_000) }),
      ...printingChecks(workflow, action),
    ],
  };
}

function closing(action: Action, fault: string, answer?: EmulatedAnswer): Check {
  return {
    capability: 'close',
    fault,
    expected: 'idle sockets are closed, and nothing is sent any more',
    run: async (bench) => {
      if (answer !== undefined) bench.arm({ kind: 'answer', when: 'after', answer, times: 99 });
      const connection = bench.connect();
      const outcome = await attempt(connection, bench.request(connection, action));
      await withinMs(connection.close(), CLOSING_MS, 'close()');
      await until(() => bench.line.open === 0, 'all sockets to be closed', CLOSING_MS);
      const { opened, bytesSent } = bench.line;
      await aftermath();
      deepEqual([bench.line.opened, bench.line.bytesSent], [opened, bytesSent], 'something was sent after close()');
      return `${opened} opened and closed after: ${told(outcome)}`;
    },
  };
}

function madeQuietly(): Check {
  return {
    capability: 'connection',
    fault: 'none',
    expected: 'made without sending anything',
    run: async (bench) => {
      const { name, provider } = bench.connect();
      await aftermath();
      await expectSilence(bench);
      equal(bench.line.opened, 0, 'no socket may be opened before a call');
      return `${name} of ${provider}`;
    },
  };
}

function capabilitiesAsData(): Check {
  return {
    capability: 'capabilities',
    fault: 'none',
    expected: 'are sound and the same for each connection',
    run: async (bench) => {
      const { capabilities, provider, name } = bench.connect();
      ok(provider !== '' && name !== '', 'provider and name must not be empty');
      deepEqual(bench.connect().capabilities, capabilities, 'two connections alike must have the same capabilities');
      ok(Object.keys(capabilities.actions).length > 0, 'at least one action must be declared');
      for (const [action, { min, max }] of Object.entries(capabilities.actions)) {
        const isWhole = Number.isInteger(min) && (Number.isInteger(max) || max === Number.POSITIVE_INFINITY);
        ok(isWhole && min >= 0 && min <= max, `the nodes of ${action} must be whole numbers, min to max`);
      }
      for (const [what, { maxLength, pattern, rule }] of Object.entries(capabilities.ids)) {
        ok(maxLength > 0 && rule !== '', `the rule for a ${what} id must have a length and words`);
        ok(!pattern.global && !pattern.sticky, `the pattern for a ${what} id keeps state between calls: drop g and y`);
        ok(!pattern.test(''), `the pattern for a ${what} id must not allow an empty one`);
      }
      const { discoversNodes, actions } = capabilities;
      ok(!discoversNodes || actions.resume?.min === 0, 'discoversNodes needs a resume that takes no nodes');
      return JSON.stringify(capabilities.actions);
    },
  };
}

import { deepEqual } from 'node:assert/strict';
import type { Action, ResumableWorkflow } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt } from './bench.js';
import type { Check } from './check.js';
import { errorOf } from './expectations.js';
import { printedBy } from './printed.js';

/** A driver that prints would print in its users' logs. */
export function printingChecks({ capabilities }: ResumableWorkflow, action: Action): Check[] {
  const { reads = [] } = capabilities;
  return [
    printing('a call that is refused', async (bench) => {
      const answer = bench.harness.refusal('a conformance refusal').answer;
      bench.arm({ kind: 'answer', when: 'before', answer, times: 99 });
      await failing(bench, action);
    }),
    printing('a call whose answer is lost', async (bench) => {
      bench.arm({ kind: 'reset', when: 'after', times: 99 });
      await failing(bench, action);
    }),
    ...(reads.includes('inspect') ? [printing('a read', (bench) => inspecting(bench, action))] : []),
  ];
}

async function failing(bench: Bench, action: Action): Promise<void> {
  const connection = bench.connect();
  errorOf(await attempt(connection, bench.request(connection, action)));
}

async function inspecting(bench: Bench, action: Action): Promise<void> {
  const { workflow, execution } = bench.target(action);
  await bench.connect().inspect({ workflow, execution });
}

function printing(fault: string, call: (bench: Bench) => Promise<void>): Check {
  return {
    capability: 'connection',
    fault,
    expected: 'nothing is printed',
    run: async (bench) => {
      deepEqual(await printedBy(() => call(bench)), [], 'a driver may not print anything');
      return 'silent';
    },
  };
}

import { equal } from 'node:assert/strict';
import type { ResumableWorkflow, ResumeRequest } from '../../types.js';
import type { Bench } from './bench.js';
import { told } from './bench.js';
import type { Check, CheckGroup } from './check.js';
import { acceptedReceipt, errorOf } from './expectations.js';
import type { DriverHarness } from './harness.js';
import { BRIEF, PATIENT, requestFor } from './read-back-checks.js';

/** Where new executions are minted, reading back has to look through all of them, not through those on the first page. */
export function crowdChecks({ capabilities }: ResumableWorkflow, harness: DriverHarness): CheckGroup {
  const title = 'read-back among many';
  const { newExecution, reads = [] } = capabilities;
  const reasons = [
    ...(harness.readsBack ? [] : ['the harness says that answers are not read back']),
    ...(newExecution ? [] : ['a resume starts no new execution']),
    ...(reads.includes('list') && harness.pages !== undefined ? [] : ['the harness has no pages']),
  ];
  const [reason] = reasons;
  if (reason !== undefined) return { title, checks: [], skipped: [{ capability: title, reason }] };
  return { title, checks: [foundAmong(), adoptedFromLater()] };
}

/** Several pages of executions, and some that were resumed from ours before. */
async function crowd(bench: Bench, request: ResumeRequest, times: number): Promise<void> {
  bench.harness.pages?.(bench.service);
  for (let resumed = 0; resumed < times; resumed += 1) {
    // A provider may refuse the second one.
    await bench.connect().attempt(request, { readBack: 'off' });
    bench.harness.finish?.(bench.service);
  }
}

function foundAmong(): Check {
  return {
    capability: 'read-back',
    fault: 'reset after the commit, among several pages',
    expected: 'accepted by evidence, one request',
    run: async (bench) => {
      const connection = bench.connect();
      const request = requestFor(bench, connection);
      await crowd(bench, request, 3);
      const before = bench.mutating.length;
      bench.arm({ kind: 'reset', when: 'after' });
      const outcome = await connection.attempt(request, PATIENT);
      // What the provider would refuse by now proves nothing.
      if (bench.mutating.length === before) return `was not sent on: ${told(outcome)}`;
      equal(acceptedReceipt(outcome).confirmedBy, 'read-back');
      equal(bench.mutating.length, before + 1, 'it must not be sent again');
      return told(outcome);
    },
  };
}

function adoptedFromLater(): Check {
  return {
    capability: 'read-back',
    fault: 'resumed by somebody before, on a later page, then reset before the commit',
    expected: 'not accepted: the resume of before is not adopted',
    run: async (bench) => {
      const connection = bench.connect();
      const request = requestFor(bench, connection);
      await crowd(bench, request, 1);
      const before = bench.committed;
      bench.arm({ kind: 'reset', when: 'before', times: 99 });
      const outcome = await connection.attempt(request, BRIEF);
      errorOf(outcome);
      equal(bench.committed, before);
      return told(outcome);
    },
  };
}

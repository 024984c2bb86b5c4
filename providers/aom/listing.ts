import { z } from 'zod';
import type { HttpAnswer } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import { unreadable } from '../../src/http/verdict.js';
import type { ListPage } from '../../src/inspection.js';
import { requestIdOf } from '../huawei/error-body.js';
import { instantOf } from '../huawei/instant.js';
import { executionStateOf, latestRuns, nodeStateOf } from './states.js';
import { executionIn, executionSchema } from './wire.js';

/** The schema of a history writes `workflow_edit_time`, its example `workflowEditTime`: any key may come either way. */
const historySchema = z.array(z.preprocess(inSnakeCase, executionSchema.extend({ execution_id: z.string().min(1) })));

/**
 * Reads a workflow's history: a bare array, all of it at once. Where an element shows results of nodes, they count.
 *
 * @throws {DriverFailure} INTERNAL (a read, so no effect) it is not a list of executions.
 */
export function historyOf(answer: HttpAnswer): ListPage {
  const parsed = historySchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw unreadable(answer, 'its body is not a list of executions', requestIdOf(answer));
  return {
    executions: parsed.data.map((element) => {
      const execution = executionIn(element);
      const { status: providerState = '' } = execution;
      const nodes = latestRuns(execution).map(({ status }) => ({ state: nodeStateOf(status) }));
      const [startedAt, endedAt] = [instantOf(execution.beginMs), instantOf(execution.endMs)];
      return {
        execution: element.execution_id,
        state: executionStateOf(providerState, nodes),
        providerState,
        ...(startedAt === undefined ? {} : { startedAt }),
        ...(endedAt === undefined ? {} : { endedAt }),
      };
    }),
  };
}

function inSnakeCase(element: unknown): unknown {
  if (typeof element !== 'object' || element === null) return element;
  const renamed = Object.entries(element).map(([key, value]) => {
    return [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value] as const;
  });
  return { ...Object.fromEntries(renamed), ...element };
}

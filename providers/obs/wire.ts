import { z } from 'zod';
import type { Acceptance, Target } from '../../src/driver.js';
import type { HttpAnswer, HttpRequest } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import { unreadable } from '../../src/http/verdict.js';
import { requestIdOf } from '../huawei/error-body.js';
import { percentEncode } from '../huawei/percent-encode.js';

/** @see OBS API reference, "恢复失败状态的工作流实例" */
const restoredSchema = z.object({ execution_name: z.string(), restored_at: z.string().nullish() });

/**
 * @see OBS API reference, "查询工作流实例". That a time of the last restore may be among it is undocumented: the answer
 * to a restore has one of this name.
 */
const instanceSchema = z.object({
  execution_info: z.object({
    execution_name: z.string(),
    execution_state: z.string().trim().min(1),
    restored_at: z
      .union([z.string(), z.number().transform(String)])
      .nullish()
      .catch(undefined),
  }),
});

/** An instance as far as it matters for whether it was restored. */
export interface ObsInstanceState {
  /** In capitals: RUNNING, SUCCESS or FAILED are documented; it may be another word. */
  readonly state: string;
  /** Undocumented. */
  readonly restoredAt: string | undefined;
}

/** `PUT /v2/workflowexecutions/{execution_name}?x-workflow-graph-name={graph_name}`, without a body. */
export function restoreRequest(origin: string, target: Target): HttpRequest {
  return instanceRequest('PUT', origin, target);
}

/** `GET` of the same: the instance as it stands. */
export function readRequest(origin: string, target: Target): HttpRequest {
  return instanceRequest('GET', origin, target);
}

function instanceRequest(method: string, origin: string, { workflow, execution }: Target): HttpRequest {
  const path = `/v2/workflowexecutions/${percentEncode(execution)}?x-workflow-graph-name=${percentEncode(workflow)}`;
  return { origin, method, path, headers: { 'Content-Type': 'application/json' } };
}

/**
 * Reads the answer that accepts; the sample in the documents has no Content-Type, so only the body is looked at.
 *
 * @throws {DriverFailure} INTERNAL (unknown) it does not say that this execution was restored.
 */
export function acceptanceOf(answer: HttpAnswer, { execution }: Target): Acceptance {
  const requestId = requestIdOf(answer);
  const restored = restoredSchema.safeParse(jsonOf(answer));
  if (!restored.success) throw unreadable(answer, 'its body does not name the restored execution', requestId);
  const { execution_name, restored_at } = restored.data;
  if (execution_name !== execution) {
    throw unreadable(answer, `it names another execution, ${JSON.stringify(execution_name)}`, requestId);
  }
  return { execution, nodes: [], nodesBasis: 'expected', acceptedAt: restored_at ?? undefined, requestId };
}

/**
 * Reads the answer that holds an instance.
 *
 * @throws {DriverFailure} INTERNAL (a read, so no effect) it holds none with a state, or another one than asked.
 */
export function instanceOf(answer: HttpAnswer, { execution }: Target): ObsInstanceState {
  const requestId = requestIdOf(answer);
  const parsed = instanceSchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw unreadable(answer, 'its body does not hold an instance with its state', requestId);
  const { execution_name, execution_state, restored_at } = parsed.data.execution_info;
  if (execution_name !== execution) {
    throw unreadable(answer, `it is about another execution, ${JSON.stringify(execution_name)}`, requestId);
  }
  return {
    state: execution_state.toUpperCase(),
    restoredAt: restored_at === '' ? undefined : (restored_at ?? undefined),
  };
}

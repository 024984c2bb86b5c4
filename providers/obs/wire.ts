import { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import { unreadable } from '../../src/http/verdict.js';
import type { Acceptance, Target } from '../../src/types.js';
import { requestIdOf } from '../huawei/error-body.js';
import { percentEncode } from '../huawei/percent-encode.js';

/** @see OBS API reference, "恢复失败状态的工作流实例" */
const restoredSchema = z.object({ execution_name: z.string(), restored_at: z.string().nullish() });

/** `PUT /v2/workflowexecutions/{execution_name}?x-workflow-graph-name={graph_name}`, without a body. */
export function restoreRequest(origin: string, { workflow, execution }: Target): HttpRequest {
  const path = `/v2/workflowexecutions/${percentEncode(execution)}?x-workflow-graph-name=${percentEncode(workflow)}`;
  return { origin, method: 'PUT', path, headers: { 'Content-Type': 'application/json' } };
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

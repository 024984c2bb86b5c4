import { z } from 'zod';
import type { Acceptance, Selection, Target } from '../../src/driver.js';
import type { HttpAnswer, HttpRequest } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import { unreadable } from '../../src/http/verdict.js';
import { requestIdOf } from '../huawei/error-body.js';
import { percentEncode } from '../huawei/percent-encode.js';

/** Where a connection's requests go. */
export interface AomAddress {
  readonly origin: string;
  readonly projectId: string;
}

/** One run of a node. Its state is an open word, empty where there is none. */
export interface AomNodeRun {
  readonly id: string;
  readonly status: string;
  /** Epoch milliseconds; NaN where it does not say. */
  readonly beginMs: number;
}

/** What a status answer says, as far as it is needed. Every state is an open word. */
export interface AomExecution {
  readonly status: string | undefined;
  readonly nodes: readonly AomNodeRun[];
}

const HEADERS = { 'Content-Type': 'application/json' };

/** The schema says object, the documented example is a string; both are taken, and a missing one. */
const resultSchema = z.object({
  result: z.union([z.literal('success'), z.record(z.string(), z.unknown())]).nullish(),
  error_code: z.union([z.null(), z.literal('')]).optional(),
});

const executionSchema = z.object({
  execution_id: z.string().nullish(),
  status: z.string().nullish(),
  execution_result_list: z
    .array(
      z.object({
        node_id: z.string(),
        status: z.string().nullish(),
        begin_time: z.union([z.number(), z.string()]).nullish(),
      }),
    )
    .nullish(),
});

/**
 * `POST …/operation?action=…&node_id=…`, without a body.
 *
 * @see https://support.huaweicloud.com/api-aom/StartPausingWorkflowExecutions.html
 */
export function operationRequest(address: AomAddress, target: Target, action: string, node: string): HttpRequest {
  const query = `action=${percentEncode(action)}&node_id=${percentEncode(node)}`;
  const path = `${executionPath(address, target)}/operation?${query}`;
  return { origin: address.origin, method: 'POST', path, headers: HEADERS };
}

/** `GET …/status`: the execution with the results of its nodes. */
export function statusRequest(address: AomAddress, target: Target): HttpRequest {
  return { origin: address.origin, method: 'GET', path: `${executionPath(address, target)}/status`, headers: HEADERS };
}

/**
 * Reads a 200 of an operation. It names neither a node nor an id: the execution stays the same, which is inferred.
 *
 * @throws {DriverFailure} INTERNAL (unknown) it does not say success.
 */
export function acceptanceOf(answer: HttpAnswer, { execution }: Target, { nodes }: Selection): Acceptance {
  const requestId = requestIdOf(answer);
  const body = jsonOf(answer);
  if (!resultSchema.safeParse(body).success) throw unreadable(answer, whyNotAccepted(body), requestId);
  return { execution, nodes, nodesBasis: 'expected', requestId };
}

/**
 * Reads a 200 of a status request.
 *
 * @throws {DriverFailure} INTERNAL it is not an execution, or another one than asked; that reading has no effect is for
 * the caller to say.
 */
export function executionOf(answer: HttpAnswer, { execution }: Target): AomExecution {
  const requestId = requestIdOf(answer);
  const parsed = executionSchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw unreadable(answer, 'its body is not an execution', requestId);
  const { execution_id, status, execution_result_list } = parsed.data;
  if (typeof execution_id === 'string' && execution_id !== execution) {
    throw unreadable(answer, `it is about another execution, ${JSON.stringify(execution_id)}`, requestId);
  }
  const nodes = (execution_result_list ?? []).map(({ node_id, status: state, begin_time }) => ({
    id: node_id,
    status: state ?? '',
    beginMs: Number(begin_time ?? Number.NaN),
  }));
  return { status: status ?? undefined, nodes };
}

function executionPath({ projectId }: AomAddress, { workflow, execution }: Target): string {
  return `/v1/${projectId}/cms/workflow/${percentEncode(workflow)}/executions/${percentEncode(execution)}`;
}

function whyNotAccepted(body: unknown): string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'its body is not a JSON object';
  const { error_code: code, result } = body as { error_code?: unknown; result?: unknown };
  if (code !== undefined && code !== null) return `it carries the error code ${JSON.stringify(code)}`;
  return `its result is ${JSON.stringify(result)}, not "success"`;
}

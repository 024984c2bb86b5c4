import type { HttpRequest } from '../../src/http/message.js';
import type { ExecutionRef } from '../../src/snapshot.js';
import type { Action } from '../../src/types.js';
import { percentEncode } from '../huawei/percent-encode.js';
import type { CanonicalTarget } from '../huawei/sdk-hmac.js';

/** Where a connection's requests go. */
export interface AomAddress {
  readonly origin: string;
  readonly projectId: string;
}

/** A request as this service is sent it. */
export type AomRequest = HttpRequest & CanonicalTarget;

/** A history has no pages and an execution as many results as it has run nodes: neither is bounded by a document. */
const MAX_READ_BYTES = 16 * 1024 * 1024;
/** Never changed: what is signed of them is made once. */
const HEADERS = Object.freeze({ 'Content-Type': 'application/json' });

/**
 * `POST …/operation?action=…&node_id=…`, without a body.
 *
 * @see https://support.huaweicloud.com/api-aom/StartPausingWorkflowExecutions.html
 */
export function operationRequest(address: AomAddress, target: ExecutionRef, action: Action, node: string): AomRequest {
  const query = `action=${action}&node_id=${percentEncode(node)}`;
  return requestTo(address, 'POST', `${executionPath(address, target)}/operation`, query);
}

/** `GET …/status`: the execution with the results of its nodes. */
export function statusRequest(address: AomAddress, target: ExecutionRef): AomRequest {
  return requestTo(address, 'GET', `${executionPath(address, target)}/status`, '', MAX_READ_BYTES);
}

/** `GET …/executions`: the history of a workflow, which has no pages. */
export function historyRequest(address: AomAddress, workflow: string): AomRequest {
  return requestTo(address, 'GET', executionsPath(address, workflow), '', MAX_READ_BYTES);
}

/** @param path - every part of it encoded already, as of the query. */
function requestTo(
  { origin }: AomAddress,
  method: string,
  path: string,
  canonicalQuery: string,
  maxBodyBytes?: number,
): AomRequest {
  const target = canonicalQuery === '' ? path : `${path}?${canonicalQuery}`;
  return { origin, method, path: target, headers: HEADERS, maxBodyBytes, canonicalPath: `${path}/`, canonicalQuery };
}

function executionPath(address: AomAddress, { workflow, execution }: ExecutionRef): string {
  return `${executionsPath(address, workflow)}/${percentEncode(execution)}`;
}

function executionsPath({ projectId }: AomAddress, workflow: string): string {
  return `/v1/${projectId}/cms/workflow/${percentEncode(workflow)}/executions`;
}

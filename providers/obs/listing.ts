import { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import { unreadable } from '../../src/http/verdict.js';
import type { ListPage } from '../../src/inspection.js';
import { requestIdOf } from '../huawei/error-body.js';
import { instantOf } from '../huawei/instant.js';
import { percentEncode } from '../huawei/percent-encode.js';
import { instanceStateOf } from './states.js';

/** The documented maximum. */
const PAGE_SIZE = 1_000;
const MAX_PAGE_BYTES = 16 * 1024 * 1024;

const text = z.string().trim().nullish().catch(undefined);

/** @see OBS API reference, the list of a workflow's instances */
const pageSchema = z.object({
  is_truncated: z.boolean().nullish(),
  next_marker: z.string().nullish(),
  executions: z.array(
    z.object({ execution_name: z.string().min(1), execution_state: text, started_at: text, stopped_at: text }),
  ),
});

/**
 * `GET /v2/workflowexecutions` of one workflow, a thousand instances a page.
 *
 * The official SDKs disagree on whether `x-workflow-next-marker` is signed, which every page but the first carries: it is
 * signed here, as the Python and the Node SDK do it and the browser SDK does not. `x-workflow-execution-type`, on which
 * they disagree as well, is never sent.
 */
export function listRequest(origin: string, workflow: string, marker: string | undefined): HttpRequest {
  const query = [
    `x-workflow-graph-name=${percentEncode(workflow)}`,
    `x-workflow-limit=${PAGE_SIZE}`,
    ...(marker === undefined ? [] : [`x-workflow-next-marker=${percentEncode(marker)}`]),
  ];
  return {
    origin,
    method: 'GET',
    path: `/v2/workflowexecutions?${query.join('&')}`,
    headers: { 'Content-Type': 'application/json' },
    maxBodyBytes: MAX_PAGE_BYTES,
  };
}

/**
 * Reads a page of a listing. It shows no states of instances, so that these are judged by their own word alone.
 *
 * @param marker - that of the page itself.
 * @throws {DriverFailure} INTERNAL (a read, so no effect) it is no page, or says that there are more without saying where.
 */
export function listPageOf(answer: HttpAnswer, marker: string | undefined): ListPage {
  const requestId = requestIdOf(answer);
  const parsed = pageSchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw unreadable(answer, 'its body does not hold a list of instances', requestId);
  const { is_truncated, next_marker, executions } = parsed.data;
  const isLast = is_truncated === false || (is_truncated !== true && (next_marker ?? '') === '');
  if (!isLast && ((next_marker ?? '') === '' || next_marker === marker)) {
    throw unreadable(answer, 'it says that there are more instances, but not where', requestId);
  }
  return {
    executions: executions.map(({ execution_name, execution_state, started_at, stopped_at }) => {
      const providerState = execution_state ?? '';
      const [startedAt, endedAt] = [instantOf(started_at), instantOf(stopped_at)];
      return {
        execution: execution_name,
        state: instanceStateOf(providerState),
        providerState,
        ...(startedAt === undefined ? {} : { startedAt }),
        ...(endedAt === undefined ? {} : { endedAt }),
      };
    }),
    ...(isLast ? {} : { next: next_marker ?? undefined }),
  };
}

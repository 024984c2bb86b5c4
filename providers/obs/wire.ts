import { z } from 'zod';
import type { Acceptance } from '../../src/driver.js';
import type { HttpAnswer, HttpRequest } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import { unreadable } from '../../src/http/verdict.js';
import type { ExecutionRef } from '../../src/snapshot.js';
import { reportsError, requestIdOf } from '../huawei/error-body.js';
import { instantOf } from '../huawei/instant.js';
import { percentEncode } from '../huawei/percent-encode.js';

/** No document bounds the states of a graph or the length of what they were given. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/** Never changed: what is signed of them is made once. */
const HEADERS = Object.freeze({ 'Content-Type': 'application/json' });

const text = z.string().trim().nullish().catch(undefined);

/** Only `started_at` is documented of these; that there may be an end or an error is not, and that has names of its own. */
const particulars = {
  started_at: text,
  stopped_at: text,
  error: text,
  error_msg: text,
  error_message: text,
};

const stateSchema = z.object({ state_name: text, status: text, type: text, ...particulars });

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
    state_map: z.record(z.string(), stateSchema).nullish().catch(undefined),
    ...particulars,
  }),
});

/** What may be known of an instance and of each of its states. Times are ISO 8601. */
interface Particulars {
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  readonly error: string | undefined;
}

/** A state of an instance. Its status is an open word, empty where there is none. */
export interface ObsNode extends Particulars {
  readonly id: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly status: string;
}

/** An instance as it was read. */
export interface ObsInstance extends Particulars {
  /** In capitals: RUNNING, SUCCESS or FAILED are documented; it may be another word. */
  readonly state: string;
  /** The service's own spelling of it. */
  readonly word: string;
  /** Undocumented. */
  readonly restoredAt: string | undefined;
  readonly nodes: readonly ObsNode[];
}

/** `PUT /v2/workflowexecutions/{execution_name}?x-workflow-graph-name={graph_name}`, without a body. */
export function restoreRequest(origin: string, target: ExecutionRef): HttpRequest {
  return { origin, method: 'PUT', path: instancePath(target), headers: HEADERS };
}

/** `GET` of the same: the instance as it stands. */
export function readRequest(origin: string, target: ExecutionRef): HttpRequest {
  return { origin, method: 'GET', path: instancePath(target), headers: HEADERS, maxBodyBytes: MAX_READ_BYTES };
}

function instancePath({ workflow, execution }: ExecutionRef): string {
  return `/v2/workflowexecutions/${percentEncode(execution)}?x-workflow-graph-name=${percentEncode(workflow)}`;
}

/**
 * Reads the answer that accepts; the sample in the documents has no Content-Type, so only the body is looked at.
 *
 * @throws {DriverFailure} INTERNAL (unknown) it does not say that this execution was restored.
 */
export function acceptanceOf(answer: HttpAnswer, { execution }: ExecutionRef): Acceptance {
  const requestId = requestIdOf(answer);
  const restored = restoredIn(jsonOf(answer));
  if (restored === undefined)
    throw unreadable(answer, 'its body does not name the restored execution, or carries an error', requestId);
  const { execution_name, restored_at } = restored;
  if (execution_name !== execution) {
    throw unreadable(answer, `it names another execution, ${JSON.stringify(execution_name)}`, requestId);
  }
  return { execution, nodes: [], nodesBasis: 'expected', acceptedAt: restored_at, requestId };
}

/** By hand: the one answer that every call reads. @see OBS API reference, "恢复失败状态的工作流实例" */
function restoredIn(body: unknown): { execution_name: string; restored_at: string | undefined } | undefined {
  const said = (body ?? {}) as Readonly<Record<string, unknown>>;
  const { execution_name, restored_at } = said;
  if (typeof execution_name !== 'string' || reportsError(said)) return undefined;
  if (typeof restored_at === 'string') return { execution_name, restored_at };
  return restored_at === undefined || restored_at === null ? { execution_name, restored_at: undefined } : undefined;
}

/**
 * Reads the answer that holds an instance.
 *
 * @throws {DriverFailure} INTERNAL (a read, so no effect) it holds none with a state, or another one than asked.
 */
export function instanceOf(answer: HttpAnswer, { execution }: ExecutionRef): ObsInstance {
  const requestId = requestIdOf(answer);
  const parsed = instanceSchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw unreadable(answer, 'its body does not hold an instance with its state', requestId);
  const { execution_name, execution_state, restored_at, state_map, ...more } = parsed.data.execution_info;
  if (execution_name !== execution) {
    throw unreadable(answer, `it is about another execution, ${JSON.stringify(execution_name)}`, requestId);
  }
  return {
    state: execution_state.toUpperCase(),
    word: execution_state,
    restoredAt: restored_at === '' ? undefined : (restored_at ?? undefined),
    nodes: Object.entries(state_map ?? {}).map(([id, { state_name, status, type, ...particular }]) => ({
      id,
      name: given(state_name) ?? id,
      type: given(type),
      status: status ?? '',
      ...particularsOf(particular),
    })),
    ...particularsOf(more),
  };
}

function particularsOf(read: z.infer<z.ZodObject<typeof particulars>>): Particulars {
  return {
    startedAt: instantOf(read.started_at),
    endedAt: instantOf(read.stopped_at),
    error: given(read.error) ?? given(read.error_msg) ?? given(read.error_message),
  };
}

function given(value: string | null | undefined): string | undefined {
  return value === '' || value === null ? undefined : value;
}

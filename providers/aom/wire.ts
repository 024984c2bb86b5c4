import { z } from 'zod';
import type { Acceptance, Selection } from '../../src/driver.js';
import type { HttpAnswer } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import { unreadable } from '../../src/http/verdict.js';
import type { ExecutionRef } from '../../src/snapshot.js';
import { reportsError, requestIdOf } from '../huawei/error-body.js';
import { errorInOutput } from './node-output.js';
import { isFailed } from './states.js';

/** One run of a node. Its state is an open word, empty where there is none. */
export interface AomNodeRun {
  readonly id: string;
  readonly status: string;
  /** Epoch milliseconds; NaN where it does not say. */
  readonly beginMs: number;
  /** Epoch milliseconds; NaN where it does not say, or runs on. */
  readonly endMs: number;
  /** What the run says went wrong inside it, whatever became of the run itself. */
  readonly error?: string | undefined;
}

/** A node of the workflow as it was when the execution began, whether it has run or not. */
interface AomPlannedNode {
  readonly id: string;
  readonly name: string | undefined;
  readonly type: string | undefined;
}

/** What a status answer says, as far as it is needed. Every state is an open word. */
export interface AomExecution {
  readonly status: string | undefined;
  /** The runs of its nodes. A node may have several. */
  readonly nodes: readonly AomNodeRun[];
  /** Undefined where the service does not show them. */
  readonly planned: readonly AomPlannedNode[] | undefined;
  /** Epoch milliseconds; NaN where it does not say. */
  readonly beginMs: number;
  /** Epoch milliseconds; NaN where it does not say, or runs on. */
  readonly endMs: number;
}

/** The schema says object, the documented example is a string; both are taken, and a missing one. */
const resultSchema = z.object({
  result: z.union([z.literal('success'), z.record(z.string(), z.unknown())]).nullish(),
});

/** Read by {@link millisecondsOf}: documented as numbers, in examples strings too. */
const time = z.unknown().optional();
const text = z.string().nullish().catch(undefined);

/** What a node is called and what it is are not documented: only its id is in the example. */
const plannedSchema = z.object({ id: z.string(), name: text, type: text });

/**
 * @see the pages of an execution's detail and of a workflow's history in the AOM API reference; `workflow_snapshot` is in
 * the example only
 */
export const executionSchema = z.object({
  execution_id: z.string().nullish(),
  status: z.string().nullish(),
  begin_time: time,
  end_time: time,
  execution_result_list: z
    .array(
      z.object({
        node_id: z.string(),
        status: z.string().nullish(),
        begin_time: time,
        end_time: time,
        output: z.unknown().optional(),
      }),
    )
    .nullish(),
  workflow_snapshot: z
    .object({ nodes: z.array(plannedSchema) })
    .nullish()
    .catch(undefined),
});

/**
 * Reads a 200 of an operation. It names neither a node nor an id: the execution stays the same, which is inferred.
 *
 * @throws {DriverFailure} INTERNAL (unknown) it does not say success.
 */
export function acceptanceOf(answer: HttpAnswer, { execution }: ExecutionRef, { nodes }: Selection): Acceptance {
  const requestId = requestIdOf(answer);
  const body = jsonOf(answer);
  if (!isSuccess(body)) {
    const why = whyNotAccepted(body);
    if (why !== undefined) throw unreadable(answer, why, requestId);
  }
  return { execution, nodes, nodesBasis: 'expected', requestId };
}

/**
 * Reads a 200 of a status request.
 *
 * @throws {DriverFailure} INTERNAL it is not an execution, or another one than asked; that reading has no effect is for
 * the caller to say.
 */
export function executionOf(answer: HttpAnswer, { execution }: ExecutionRef): AomExecution {
  const requestId = requestIdOf(answer);
  const parsed = executionSchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw unreadable(answer, 'its body is not an execution', requestId);
  const { execution_id } = parsed.data;
  if (typeof execution_id === 'string' && execution_id !== execution) {
    throw unreadable(answer, `it is about another execution, ${JSON.stringify(execution_id)}`, requestId);
  }
  return executionIn(parsed.data);
}

/** What any answer says of an execution, a status or an element of a history. */
export function executionIn(read: z.infer<typeof executionSchema>): AomExecution {
  const { status, begin_time, end_time, execution_result_list, workflow_snapshot } = read;
  const nodes = (execution_result_list ?? []).map((run) => ({
    id: run.node_id,
    status: run.status ?? '',
    beginMs: millisecondsOf(run.begin_time),
    endMs: millisecondsOf(run.end_time),
    error: errorInOutput(run.output),
  }));
  return {
    status: status ?? undefined,
    nodes,
    planned: workflow_snapshot?.nodes.map(({ id, name, type }) => ({
      id,
      name: name || undefined,
      type: type || undefined,
    })),
    beginMs: millisecondsOf(begin_time),
    endMs: millisecondsOf(end_time),
  };
}

/** The documented form of it, and nothing else. */
function isSuccess(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  for (const key in body) if (key !== 'result') return false;
  return (body as { readonly result?: unknown }).result === 'success';
}

function millisecondsOf(value: unknown): number {
  const read = typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN;
  // One that is no time must not be later than all others.
  return Number.isFinite(read) ? read : Number.NaN;
}

/** Undefined where it is. What is beside the result may take it back. */
function whyNotAccepted(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'its body is not a JSON object';
  const said = body as Readonly<Record<string, unknown>>;
  const { result } = said;
  if (!resultSchema.safeParse(body).success) return `its result is ${JSON.stringify(result)}, not "success"`;
  const parts = typeof result === 'object' && result !== null ? [said, result as typeof said] : [said];
  for (const part of parts) {
    if (reportsError(part)) {
      const code = part['error_code'] ?? part['code'];
      return code === undefined ? 'it carries an error' : `it carries the error code ${JSON.stringify(code)}`;
    }
    const { status } = part;
    if (typeof status === 'string' && isFailed(status)) return `its status is ${JSON.stringify(status)}`;
  }
  const inner = parts[1]?.['result'];
  return typeof inner === 'string' && inner !== 'success'
    ? `its result is ${JSON.stringify(inner)}, not "success"`
    : undefined;
}

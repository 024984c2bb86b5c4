import { AomDriver } from '../providers/aom/driver.js';
import type { AomEmulatorOptions, AomNodeDefinition } from '../providers/aom/emulator.js';
import { AomEmulator } from '../providers/aom/emulator.js';
import { parseAomOptions } from '../providers/aom/options.js';
import type { Inspection, Projection } from '../src/inspection.js';
import { VirtualClock } from '../src/testing/index.js';
import type { Action, Receipt } from '../src/types.js';
import { attemptOf } from './driver-attempt.js';

/** The execution that the emulator starts with. */
export const SAMPLE = { workflow: 'wf-0001', execution: 'ex-0001' } as const;

/** One run in a status answer: node, word, begin, end. */
export type Run = readonly [node: string, status?: string | null, beginMs?: number, endMs?: number];

/** A driver on an emulator whose clock stands still until it is moved. */
export class AomDriverBench {
  readonly startMs: number;
  readonly emulator: AomEmulator;
  readonly driver: AomDriver;

  private constructor(emulator: AomEmulator, startMs: number) {
    this.startMs = startMs;
    this.emulator = emulator;
    const { endpoint, projectId, credentials } = emulator;
    this.driver = new AomDriver(parseAomOptions({ name: 'aom-north', endpoint, projectId, credentials }));
  }

  static async start(knobs: AomEmulatorOptions['knobs'] = {}): Promise<AomDriverBench> {
    const startMs = Date.now();
    return new AomDriverBench(await new AomEmulator({ clock: new VirtualClock(startMs), knobs }).start(), startMs);
  }

  define(nodes: readonly AomNodeDefinition[], status?: string): void {
    this.emulator.define({ ...SAMPLE, nodes, status });
  }

  /** The next read is answered with this. */
  answer(body: unknown, operation = 'status'): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = { status: 200, body: text };
    this.emulator.faults.add({ kind: 'answer', when: 'before', operation, answer });
  }

  /** The next read is answered with an execution. */
  answerRuns(status: string | null, runs: readonly Run[], more: object = {}): void {
    const execution_result_list = runs.map(([node_id, word, begin_time, end_time]) => {
      return { node_id, status: word, begin_time, end_time };
    });
    this.answer({ execution_id: SAMPLE.execution, status, execution_result_list, ...more });
  }

  inspect(resumed?: Receipt): Promise<Inspection> {
    return this.driver.doInspect(SAMPLE, attemptOf(), resumed);
  }

  plan(action: Action, ...nodes: readonly string[]): Promise<Projection> {
    return this.driver.doPlan({ ...SAMPLE, action, nodes }, attemptOf());
  }

  async operate(performed: Action, node: string, action: Action = performed): Promise<Receipt> {
    const target = { ...SAMPLE, action, nodes: action === 'resume' ? [] : [node] };
    await this.driver.doResume(target, { performed, nodes: [node] }, attemptOf({ mutating: true }));
    return receiptOf(performed, node, action);
  }

  async close(): Promise<void> {
    await this.driver.close();
    await this.emulator.close();
  }
}

export function receiptOf(performed: Action, node: string, action: Action = performed, acceptedAt?: string): Receipt {
  return {
    provider: 'aom',
    connection: 'aom-north',
    workflow: SAMPLE.workflow,
    previousExecution: SAMPLE.execution,
    execution: SAMPLE.execution,
    sameExecution: true,
    action,
    performed,
    nodes: [node],
    nodesBasis: 'expected',
    confirmedBy: 'answer',
    acceptedAt,
    attempts: 1,
    durationMs: 1,
    warnings: [],
  };
}

/** Each node with its state, and whether it was carried over. */
export function standing({ nodes }: Inspection): string {
  return nodes.map(({ id, state, carriedOver }) => `${id}:${state}${carriedOver ? ':old' : ''}`).join(' ');
}

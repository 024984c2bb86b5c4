import { ObsDriver } from '../providers/obs/driver.js';
import type { ObsInstanceDefinition, ObsKnobs } from '../providers/obs/emulator.js';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { parseObsOptions } from '../providers/obs/options.js';
import type { Inspection, Projection } from '../src/inspection.js';
import { VirtualClock } from '../src/testing/index.js';
import type { Receipt } from '../src/types.js';
import { attemptOf } from './driver-attempt.js';

export const TARGET = { workflow: 'graph_1', execution: 'exec-001', action: 'resume', nodes: [] } as const;

/** A driver on an emulator whose clock stands still until it is moved. */
export class ObsBench {
  readonly startMs = Date.now();
  readonly emulator: ObsEmulator;
  readonly driver: ObsDriver;

  private constructor(emulator: ObsEmulator, startMs: number) {
    this.startMs = startMs;
    this.emulator = emulator;
    const { endpoint, credentials } = emulator;
    this.driver = new ObsDriver(parseObsOptions({ name: 'obs-north', endpoint, credentials }));
  }

  static async start(knobs: Partial<ObsKnobs> = {}): Promise<ObsBench> {
    const startMs = Date.now();
    return new ObsBench(await new ObsEmulator({ clock: new VirtualClock(startMs), knobs }).start(), startMs);
  }

  /** Three steps of a second, stopped at the second one. */
  define(definition: Partial<ObsInstanceDefinition> = {}): void {
    const steps = [{ name: 'a' }, { name: 'b' }, { name: 'c', type: 'END' }];
    this.emulator.define({ ...TARGET, steps, standsAt: 'b', ...definition });
  }

  /** The next read is answered with this. */
  answer(body: unknown, operation = 'get'): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = { status: 200, body: text };
    this.emulator.faults.add({ kind: 'answer', when: 'before', operation, answer });
  }

  /** The next read is answered with an instance. */
  answerInstance(execution_state: string, state_map: object = {}, more: object = {}): void {
    this.answer({ execution_info: { execution_name: 'exec-001', execution_state, state_map, ...more } });
  }

  inspect(resumed?: Receipt): Promise<Inspection> {
    return this.driver.doInspect(TARGET, attemptOf(), resumed);
  }

  plan(): Promise<Projection> {
    return this.driver.doPlan(TARGET, attemptOf());
  }

  async restore(): Promise<Receipt> {
    const selection = { performed: 'resume', nodes: [] } as const;
    const { acceptedAt } = await this.driver.doResume(TARGET, selection, attemptOf({ mutating: true }));
    return this.receipt(acceptedAt);
  }

  receipt(acceptedAt: string | undefined): Receipt {
    return {
      provider: 'obs',
      connection: 'obs-north',
      workflow: TARGET.workflow,
      previousExecution: TARGET.execution,
      execution: TARGET.execution,
      sameExecution: true,
      action: 'resume',
      performed: 'resume',
      nodes: [],
      nodesBasis: 'expected',
      confirmedBy: 'answer',
      acceptedAt,
      attempts: 1,
      durationMs: 1,
      warnings: [],
    };
  }

  async close(): Promise<void> {
    await this.driver.close();
    await this.emulator.close();
  }
}

/** Each node with its state, and whether it was carried over. */
export function standing({ nodes }: Inspection): string {
  return nodes.map(({ id, state, carriedOver }) => `${id}:${state}${carriedOver ? ':old' : ''}`).join(' ');
}

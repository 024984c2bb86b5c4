import type { Inspection } from './inspection.js';
import { soundInspection } from './plan/sound-inspection.js';
import { snapshotOf } from './planning.js';
import type { ReadCall, Reads, StepOptions } from './read-call.js';
import type { ExecutionRef, ExecutionSnapshot, ReadOptions } from './snapshot.js';
import type { Receipt } from './types.js';

/** What was read, in a driver's words, and when, in epoch milliseconds. */
export interface Reading {
  readonly inspection: Inspection;
  /** Before it was read: what is shown is no older. */
  readonly readAtMs: number;
}

/** Reads how an execution stands. */
export async function inspectExecution(
  reads: Reads,
  ref: ExecutionRef,
  options: ReadOptions,
): Promise<ExecutionSnapshot> {
  return await reads.run(`inspecting ${ref.workflow} / ${ref.execution}`, options, (reading) =>
    snapshotIn(reads, ref, reading),
  );
}

/** The same as a part of a call. */
export async function snapshotIn(reads: Reads, ref: ExecutionRef, reading: ReadCall): Promise<ExecutionSnapshot> {
  return snapshotOf(reads.parts, ref, await inspectionIn(reads, ref, reading));
}

/**
 * Reads how the execution of a resume stands, in a driver's words.
 *
 * @param resumed - the resume that is followed.
 */
export async function readFollowed(reads: Reads, resumed: Receipt, options: StepOptions): Promise<Reading> {
  const { workflow, execution } = resumed;
  return await reads.run(`following ${workflow} / ${execution}`, options, (reading) =>
    inspectionIn(reads, { workflow, execution }, reading, resumed),
  );
}

async function inspectionIn(
  { parts, conceal }: Reads,
  ref: ExecutionRef,
  { call, scope }: ReadCall,
  resumed?: Receipt,
): Promise<Reading> {
  const { driver, sender, runtime } = parts;
  return await sender.read(
    async (attempt) => {
      const readAtMs = runtime.nowMs();
      const inspection = soundInspection(await driver.doInspect?.(ref, attempt, resumed), conceal);
      return { inspection, readAtMs };
    },
    call,
    scope,
  );
}

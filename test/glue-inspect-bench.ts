import type { GivenRun } from '../providers/glue/emulator.js';
import { inspectionOf } from '../providers/glue/inspection.js';
import { readRun } from '../providers/glue/run-reader.js';
import { standingRunOf } from '../providers/glue/standing-run.js';
import type { Inspection } from '../src/inspection.js';
import type { Receipt } from '../src/types.js';

type Run = Readonly<Record<string, unknown>>;

/** What is made of a run as it comes over the wire; by default one that began at 1,000 s. */
export function inspected(run: Run, resumed?: Partial<Receipt>): Inspection {
  const read = readRun(
    JSON.parse(JSON.stringify({ WorkflowRunId: 'wr_2', StartedOn: 1_000, Status: 'COMPLETED', ...run })),
  );
  if (read === undefined) throw new Error('the run must be readable');
  return inspectionOf(standingRunOf(read), resumed as Receipt | undefined);
}

/** A COMPLETED run of these nodes. */
export function inspectedNodes(nodes: NonNullable<GivenRun['graph']>['Nodes'], resumed?: Partial<Receipt>): Inspection {
  return inspected({ Graph: { Nodes: nodes, Edges: [] } }, resumed);
}

import type { EndState, NodeOutcome } from './emulator-definition.js';

/** What becomes of a node, with the defaults filled in. */
export interface PlannedOutcome {
  readonly state: EndState;
  readonly durationMs: number;
  readonly startingMs: number;
  readonly retries: number;
  readonly error: string | undefined;
}

const END_STATES: Readonly<Record<'JOB' | 'CRAWLER', ReadonlySet<string>>> = {
  JOB: new Set(['SUCCEEDED', 'FAILED', 'TIMEOUT', 'ERROR', 'STOPPED', 'EXPIRED']),
  CRAWLER: new Set(['SUCCEEDED', 'FAILED', 'CANCELLED', 'ERROR']),
};
const DURATION_MS = { JOB: 2000, CRAWLER: 1000 };

/** The scripts of the nodes: each start of a node, in whatever run, takes the next outcome; the last one stays. */
export class Outcomes {
  readonly #scripts = new Map<string, { readonly outcomes: readonly PlannedOutcome[]; taken: number }>();

  /** @throws Error where a node of this type cannot end so. */
  script(workflow: string, id: string, type: 'JOB' | 'CRAWLER', outcomes: readonly (EndState | NodeOutcome)[]): void {
    this.#scripts.set(keyOf(workflow, id), { outcomes: outcomes.map((outcome) => planned(type, outcome)), taken: 0 });
  }

  take(workflow: string, id: string, type: 'JOB' | 'CRAWLER'): PlannedOutcome {
    const script = this.#scripts.get(keyOf(workflow, id));
    const outcome = script?.outcomes[Math.min(script.taken, script.outcomes.length - 1)];
    if (script !== undefined) script.taken += 1;
    return outcome ?? planned(type, {});
  }
}

function planned(type: 'JOB' | 'CRAWLER', outcome: EndState | NodeOutcome): PlannedOutcome {
  const {
    state = 'SUCCEEDED',
    durationMs = DURATION_MS[type],
    startingMs = 0,
    retries = 0,
    error,
  } = typeof outcome === 'string' ? { state: outcome } : outcome;
  if (!END_STATES[type].has(state)) throw new Error(`a ${type} cannot end ${state}`);
  if (!(durationMs >= 0)) throw new Error(`durationMs must be 0 or more, not ${durationMs}`);
  if (!(startingMs >= 0)) throw new Error(`startingMs must be 0 or more, not ${startingMs}`);
  if (!Number.isInteger(retries) || retries < 0) throw new Error(`retries must be a whole number, not ${retries}`);
  if (type === 'CRAWLER' && retries > 0) throw new Error('Glue does not retry crawlers');
  return { state, durationMs, startingMs, retries, error };
}

function keyOf(workflow: string, id: string): string {
  return JSON.stringify([workflow, id]);
}

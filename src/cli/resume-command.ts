import type { Action } from '../types.js';
import { readConfig } from './config.js';
import { connect } from './connect.js';
import { UsageError } from './exit-codes.js';
import { openLedger } from './open-ledger.js';
import { tellVerdict } from './verdict.js';

/** The flags of `resumable resume`. */
export interface ResumeFlags {
  readonly action: Action;
  readonly node?: string[];
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
  readonly reason?: string;
  readonly actor?: string;
  /** False with `--no-read-back`. */
  readonly readBack: boolean;
  readonly readBackMs?: number;
  readonly ledger?: string;
  readonly json?: boolean;
  readonly config?: string;
}

/** Resumes one execution; the verdict is the exit code. What was tried is remembered in the ledger. */
export async function resumeCommand(
  connection: string,
  workflow: string,
  execution: string,
  { action, node: nodes, readBack, ledger, json = false, config, ...options }: ResumeFlags,
): Promise<number> {
  const configs = await readConfig(config);
  const chosen = configs.get(connection);
  if (chosen === undefined) {
    throw new UsageError(`There is no connection "${connection}". There are: ${[...configs.keys()].join(', ')}.`);
  }
  const registry = await connect([chosen], openLedger(ledger));
  try {
    return await tellVerdict(json, async (signal) => {
      const receipt = await registry
        .get(connection)
        .resume({ workflow, execution, action, nodes }, { ...options, readBack: readBack ? 'on' : 'off', signal });
      return { status: 'accepted', receipt };
    });
  } finally {
    await registry.close();
  }
}

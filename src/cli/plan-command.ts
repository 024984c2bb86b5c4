import { resolve } from 'node:path';
import { visible } from '../render/plain-text.js';
import type { Action } from '../types.js';
import { named, wordsLine } from './command-line.js';
import { EXIT, UsageError } from './exit-codes.js';
import { withConnection } from './open-connection.js';
import { openLedger } from './open-ledger.js';
import type { PictureFlags } from './show-picture.js';
import { showPicture } from './show-picture.js';
import { tellReading } from './tell-reading.js';
import { Terminal } from './terminal.js';
import { writeNamed } from './write-file.js';

/** The flags of `resumable plan`. */
export interface PlanFlags extends PictureFlags {
  readonly action?: Action;
  readonly node?: string[];
  /** Where to write the plan. */
  readonly out?: string;
  readonly timeoutMs?: number;
  readonly ledger?: string;
  readonly config?: string;
}

/** Shows what a resume would do, and writes it down. Resumes nothing; the exit code says whether it could be applied. */
export async function planCommand(
  connection: string,
  workflow: string,
  execution: string,
  { action, node: nodes, out, timeoutMs, ledger, config, ...picture }: PlanFlags,
): Promise<number> {
  if (out !== undefined && typeof picture.html === 'string' && resolve(out) === resolve(picture.html)) {
    throw new UsageError('--out and --html name the same file.');
  }
  return await withConnection(connection, { config, ledger: openLedger(ledger) }, (opened) =>
    tellReading(picture.json === true, async (signal) => {
      const plan = await opened.plan({ workflow, execution, action, nodes }, { timeoutMs, signal });
      await showPicture(plan, picture);
      if (out !== undefined) {
        // Of no secret: an identity is an endpoint, a region and a project.
        await writeNamed(out, `${JSON.stringify(plan, null, 2)}\n`);
        const apply = ['resumable', 'resume', '--plan', out, ...named('ledger', ledger), ...named('config', config)];
        const next = plan.refusals.length > 0 ? '' : `; apply it with  ${wordsLine(apply)}`;
        new Terminal(process.stderr).line(`The plan is in ${visible(out)}${next}`);
      }
      return plan.refusals.length === 0 ? EXIT.accepted : EXIT.refused;
    }),
  );
}

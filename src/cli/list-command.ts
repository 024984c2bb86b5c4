import { oneLine } from '../render/plain-text.js';
import type { ExecutionState } from '../snapshot.js';
import { executionLine } from './execution-line.js';
import { EXIT } from './exit-codes.js';
import { withConnection } from './open-connection.js';
import { printJson } from './print-json.js';
import { tellReading } from './tell-reading.js';
import { Terminal } from './terminal.js';

/** The flags of `resumable list`. */
export interface ListFlags {
  readonly state?: readonly ExecutionState[];
  readonly since?: Date;
  readonly json?: boolean;
  readonly config?: string;
}

/** Lists executions as they are read, page by page; with `--json` one line for each. */
export async function listCommand(
  connection: string,
  workflow: string,
  { state, since, json = false, config }: ListFlags,
): Promise<number> {
  const terminal = new Terminal(process.stdout);
  let isRead = true;
  // Nobody needs the other pages when `head` has gone.
  process.stdout.once('error', () => {
    isRead = false;
  });
  return await withConnection(connection, { config }, (opened) =>
    tellReading(json, async (signal) => {
      let count = 0;
      for await (const listed of opened.list(workflow, { state, since, signal })) {
        count += 1;
        if (json) printJson(listed);
        else terminal.line(`${executionLine(terminal, listed)}${from(terminal, listed.previousExecution)}`);
        if (!isRead) break;
      }
      if (count === 0) new Terminal(process.stderr).line(nothing(workflow, state, since));
      return EXIT.accepted;
    }),
  );
}

function from(terminal: Terminal, previous: string | undefined): string {
  return previous === undefined ? '' : terminal.style('dim', `  resumed from ${previous}`);
}

function nothing(workflow: string, states: readonly ExecutionState[] = ['failed', 'paused'], since?: Date): string {
  const later = since === undefined ? '' : ` that began since ${since.toISOString()}`;
  return `There is no execution of ${oneLine(workflow)}${later} that is ${states.join(' or ')}.`;
}

import { oneLine } from '../render/plain-text.js';
import { counted } from '../render/wording.js';
import type { Lineage, ListedExecution } from '../snapshot.js';
import { executionLine } from './execution-line.js';
import { EXIT } from './exit-codes.js';
import { withConnection } from './open-connection.js';
import { printJson } from './print-json.js';
import { tellReading } from './tell-reading.js';
import { Terminal } from './terminal.js';

/** The flags of `resumable lineage`. */
export interface LineageFlags {
  readonly timeoutMs?: number;
  readonly json?: boolean;
  readonly config?: string;
}

/** Shows where an execution comes from and what was resumed from it. */
export async function lineageCommand(
  connection: string,
  workflow: string,
  execution: string,
  { timeoutMs, json = false, config }: LineageFlags,
): Promise<number> {
  return await withConnection(connection, { config }, (opened) =>
    tellReading(json, async (signal) => {
      const lineage = await opened.lineage({ workflow, execution }, { timeoutMs, signal });
      if (json) printJson(lineage);
      else show(new Terminal(process.stdout), connection, lineage);
      return EXIT.accepted;
    }),
  );
}

function show(terminal: Terminal, connection: string, { ancestors, execution, descendants }: Lineage): void {
  const all = [...ancestors, execution, ...descendants];
  const what = terminal.style('bold', oneLine(execution.workflow));
  terminal.line(`${what} on ${oneLine(connection)}: ${counted(all.length, 'execution')} in this chain`);
  for (const [listed, depth] of inOrder(all)) {
    const branch = depth === 0 ? '' : `${'  '.repeat(depth - 1)}└ `;
    const mark = listed === execution ? terminal.style('cyan', '  ← this one') : '';
    terminal.line(`${executionLine(terminal, listed, branch)}${mark}`);
  }
}

/** Each after what it was resumed from, with how many there are above it; each one once. */
function inOrder(all: readonly ListedExecution[]): [ListedExecution, number][] {
  const ids = new Set(all.map(({ execution }) => execution));
  const children = new Map<string, ListedExecution[]>();
  for (const listed of all) {
    const { previousExecution: parent = '' } = listed;
    children.set(parent, [...(children.get(parent) ?? []), listed]);
  }
  const roots = all.filter(({ previousExecution = '' }) => !ids.has(previousExecution));
  const open = (roots.length > 0 ? roots : all.slice(0, 1))
    .map((root): [ListedExecution, number] => [root, 0])
    .reverse();
  const ordered = new Map<ListedExecution, number>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [listed, depth] = next;
    if (ordered.has(listed)) continue;
    ordered.set(listed, depth);
    const below = (children.get(listed.execution) ?? []).map((child): [ListedExecution, number] => [child, depth + 1]);
    open.push(...below.reverse());
  }
  return [...ordered];
}

import { visible } from '../render/plain-text.js';
import type { Read, ResumableWorkflow } from '../types.js';
import { readConfig } from './config.js';
import { connect } from './connect.js';
import { EXIT } from './exit-codes.js';
import { printJson } from './print-json.js';
import { Terminal } from './terminal.js';

/** Lists the configured connections and what each can do. Sends nothing. */
export async function connectionsCommand({
  json = false,
  config,
}: {
  json?: boolean;
  config?: string;
}): Promise<number> {
  const configs = await readConfig(config);
  const registry = await connect(configs.values());
  try {
    const workflows = registry.names.map((name) => registry.get(name));
    if (json) printJson(workflows.map(describe));
    else for (const workflow of workflows) show(new Terminal(process.stdout), workflow);
    return EXIT.accepted;
  } finally {
    await registry.close();
  }
}

function describe({ name, provider, capabilities }: ResumableWorkflow) {
  const { actions, newExecution, discoversNodes, reads = [], notices } = capabilities;
  const limits = Object.entries(actions).map(([action, { min, max }]) => {
    return [action, { minNodes: min, maxNodes: Number.isFinite(max) ? max : null }];
  });
  const can = { actions: Object.fromEntries(limits) as unknown, newExecution, discoversNodes, reads };
  return { name, provider, ...can, notices };
}

function show(terminal: Terminal, { name, provider, capabilities }: ResumableWorkflow): void {
  const { actions, newExecution, reads = [], notices } = capabilities;
  terminal.line(`${terminal.style('bold', name)} (${visible(provider)})`);
  terminal.fields([
    ...Object.entries(actions).map(([action, { min, max }]) => [action, nodesOf(min, max)] as const),
    ['looks', looksOf(reads)],
    ['id after', newExecution ? 'a new one' : 'the same'],
    ...notices.map((notice) => ['notice', notice] as const),
  ]);
}

/** Whoever can inspect can follow. */
function looksOf(reads: readonly Read[]): string {
  const looks = reads.flatMap((read) => (read === 'inspect' ? [read, 'follow'] : [read]));
  return looks.length === 0 ? 'none: it can only resume' : looks.join(', ');
}

function nodesOf(min: number, max: number): string {
  if (max === 0) return 'takes no nodes';
  if (min === max) return `needs ${min} node${min === 1 ? '' : 's'}`;
  const upper = Number.isFinite(max) ? ` to ${max}` : ' or more';
  return min === 0
    ? `nodes are optional${Number.isFinite(max) ? ` (at most ${max})` : ''}`
    : `needs ${min}${upper} nodes`;
}

import { ResumeError } from '../errors.js';
import type { WorkflowRegistry } from '../registry.js';
import { createRegistry } from '../registry.js';
import { VirtualClock } from '../testing/clock.js';
import type { EmulatedConnection } from '../testing/emulated-connection.js';
import { ACTIONS } from '../vocabulary.js';
import type { Telling } from './demo-story.js';
import { tellStory } from './demo-story.js';
import { startEmulators } from './emulate-command.js';
import { EXIT } from './exit-codes.js';
import { printJson } from './print-json.js';
import { loadProvider, ownProviders } from './providers.js';
import { showError } from './show.js';
import { Terminal } from './terminal.js';

/**
 * On each provider's emulator, through the same lines: sees what failed, plans, resumes, follows to the end. Then shows
 * one refusal.
 */
export async function demoCommand({ json = false }: { json?: boolean }): Promise<number> {
  const telling: Telling = { terminal: new Terminal(process.stdout), json };
  // It stands still, and moves only as the story goes on.
  const clock = new VirtualClock(Date.now());
  const emulators = await startEmulators(await ownProviders(), () => ({ clock }));
  const registry = createRegistry();
  try {
    const connections = emulators.map((emulator) => emulator.describe());
    for (const connection of connections) await register(registry, connection);
    if (!json) intro(telling.terminal, connections);
    const exitCodes: number[] = [];
    for (const { provider, workflow, execution } of connections) {
      // The orchestration code knows a name, not a cloud.
      const connection = registry.get(`my-${provider}`);
      if (!json) heading(telling.terminal, `${workflow} on ${connection.name}`);
      exitCodes.push(await tellStory(connection, { workflow, execution }, clock, telling));
    }
    await refuseOne(registry, connections, telling);
    return Math.max(EXIT.accepted, ...exitCodes);
  } finally {
    await registry.close();
    await Promise.all(emulators.map((emulator) => emulator.close()));
  }
}

async function register(registry: WorkflowRegistry, connection: EmulatedConnection): Promise<void> {
  const { provider, endpoint, region, projectId, credentials } = connection;
  const create = await loadProvider(provider);
  const name = `my-${provider}`;
  registry.register(name, () =>
    create({ name, endpoint, region, credentials, ...(projectId === null ? {} : { projectId }) }),
  );
}

function intro(terminal: Terminal, connections: readonly EmulatedConnection[]): void {
  terminal.line(
    terminal.style('bold', 'One story, three services. Each is played by a local emulator over real HTTP.'),
  );
  for (const { provider, endpoint } of connections) terminal.line(`  ${provider.padEnd(5)} ${endpoint}`);
}

function heading(terminal: Terminal, text: string): void {
  terminal.line(`\n${terminal.style('bold', `━━ ${text} ${'━'.repeat(Math.max(0, 76 - text.length))}`)}`);
}

/** Asks for something that a service cannot do: it is refused before any byte is sent. */
async function refuseOne(
  registry: WorkflowRegistry,
  connections: readonly EmulatedConnection[],
  { terminal, json }: Telling,
): Promise<void> {
  for (const { provider, workflow, execution } of connections) {
    const connection = registry.get(`my-${provider}`);
    const action = ACTIONS.find((candidate) => connection.capabilities.actions[candidate] === undefined);
    if (action === undefined) continue;
    if (!json) heading(terminal, `And one call that cannot work: ${action} on ${connection.name}`);
    try {
      await connection.resume({ workflow, execution, action });
    } catch (error) {
      if (!ResumeError.isInstance(error)) throw error;
      if (json) printJson({ step: 'refusal', connection: connection.name, status: 'refused', error });
      else showError(terminal, error);
    }
    return;
  }
}

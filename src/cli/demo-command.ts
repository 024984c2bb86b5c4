import { ResumeError } from '../errors.js';
import type { WorkflowRegistry } from '../registry.js';
import { createRegistry } from '../registry.js';
import type { EmulatedConnection } from '../testing/emulated-connection.js';
import type { Action } from '../types.js';
import { startEmulators } from './emulate-command.js';
import { EXIT } from './exit-codes.js';
import { loadProvider, ownProviders } from './providers.js';
import { showError, showReceipt } from './show.js';
import { Terminal } from './terminal.js';

const ACTIONS: readonly Action[] = ['resume', 'restart', 'skip', 'continue'];

/** Resumes one failed workflow on each provider's emulator, through the same lines, and shows one refusal. */
export async function demoCommand({ json = false }: { json?: boolean }): Promise<number> {
  const terminal = new Terminal(process.stdout);
  // The note of a vendor's SDK on coming Node versions is not what a first look is about.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const emulators = await startEmulators(await ownProviders(), () => ({}));
  const registry = createRegistry();
  try {
    const connections = emulators.map((emulator) => emulator.describe());
    for (const connection of connections) await register(registry, connection);
    if (!json) intro(terminal, connections);
    for (const { provider, workflow, execution } of connections) {
      // The orchestration code knows a name, not a cloud.
      const receipt = await registry.get(`my-${provider}`).resume({ workflow, execution });
      if (json) process.stdout.write(`${JSON.stringify({ status: 'accepted', receipt })}\n`);
      else showReceipt(terminal, receipt);
      if (!json) terminal.line();
    }
    await refuseOne(registry, connections, terminal, json);
    return EXIT.accepted;
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
  terminal.line(terminal.style('bold', 'One call, three services. Each is played by a local emulator over real HTTP.'));
  for (const { provider, endpoint } of connections) terminal.line(`  ${provider.padEnd(5)} ${endpoint}`);
  terminal.line();
}

/** Asks for something that a service cannot do: it is refused before any byte is sent. */
async function refuseOne(
  registry: WorkflowRegistry,
  connections: readonly EmulatedConnection[],
  terminal: Terminal,
  json: boolean,
): Promise<void> {
  for (const { provider, workflow, execution } of connections) {
    const connection = registry.get(`my-${provider}`);
    const action = ACTIONS.find((candidate) => connection.capabilities.actions[candidate] === undefined);
    if (action === undefined) continue;
    if (!json) terminal.line(terminal.style('bold', `And one call that cannot work: ${action} on ${connection.name}.`));
    try {
      await connection.resume({ workflow, execution, action });
    } catch (error) {
      if (!ResumeError.isInstance(error)) throw error;
      if (json) process.stdout.write(`${JSON.stringify({ status: 'refused', error })}\n`);
      else showError(terminal, error);
    }
    return;
  }
}

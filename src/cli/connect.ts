import { ResumeError } from '../errors.js';
import type { ResumeLedger } from '../ledger/ledger.js';
import type { WorkflowRegistry } from '../registry.js';
import { createRegistry } from '../registry.js';
import type { ConnectionConfig } from './config.js';
import { listed } from './config.js';
import { UsageError } from './exit-codes.js';
import { loadProvider } from './providers.js';

/**
 * Makes a registry of some configured connections; only their providers are loaded.
 *
 * @param ledger - where they remember what they tried. @default each in its own memory
 * @throws {UsageError} with every problem of every connection's options.
 */
export async function connect(configs: Iterable<ConnectionConfig>, ledger?: ResumeLedger): Promise<WorkflowRegistry> {
  const registry = createRegistry();
  const problems: string[] = [];
  for (const { provider, options, unset } of configs) {
    const { name } = options;
    if (unset.length > 0) {
      problems.push(listed(unset));
      continue;
    }
    try {
      const create = await loadProvider(provider);
      const workflow = create(ledger === undefined ? options : { ...options, ledger });
      registry.register(name, () => workflow);
      registry.get(name);
    } catch (error) {
      if (error instanceof UsageError) {
        problems.push(`  - connections.${name}.provider: ${error.message}`);
        continue;
      }
      if (!ResumeError.isInstance(error)) throw error;
      const fields = error.problems.map((problem) => ({ ...problem, field: `connections.${name}.${problem.field}` }));
      problems.push(fields.length > 0 ? listed(fields) : `  - connections.${name}: ${error.message}`);
    }
  }
  if (problems.length === 0) return registry;
  await registry.close();
  throw new UsageError(`The configuration cannot be used:\n${problems.join('\n')}`);
}

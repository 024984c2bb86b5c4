import { concealIn, Secrets } from '../conceal.js';
import type { Problem } from '../errors.js';
import { ResumeError } from '../errors.js';
import type { ResumeLedger } from '../ledger/ledger.js';
import { messageOf } from '../message.js';
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
  const problems: Problem[] = [];
  for (const { provider, options, unset } of configs) {
    const { name } = options;
    try {
      const create = await loadProvider(provider);
      const workflow = create(ledger === undefined ? options : { ...options, ledger });
      registry.register(name, () => workflow);
      registry.get(name);
      problems.push(...unset);
    } catch (error) {
      // What is not set is told as that, and not as empty.
      const others = problemsOf(name, error, options).filter(({ field }) => unset.every((one) => one.field !== field));
      problems.push(...unset, ...others);
    }
  }
  if (problems.length === 0) return registry;
  await registry.close();
  throw new UsageError(`The configuration cannot be used:\n${listed(problems)}`);
}

/** What is wrong with a connection, whatever its provider has thrown. */
function problemsOf(name: string, error: unknown, options: ConnectionConfig['options']): readonly Problem[] {
  const connection = `connections.${name}`;
  if (error instanceof UsageError) return [{ field: `${connection}.provider:`, message: error.message }];
  if (!ResumeError.isInstance(error)) {
    const message = `its provider has failed: ${concealIn(messageOf(error), secretsIn({ ...options, name: '' }))}`;
    return [{ field: `${connection}:`, message }];
  }
  if (error.problems.length === 0) return [{ field: `${connection}:`, message: error.message }];
  return error.problems.map((problem) => ({ ...problem, field: `${connection}.${problem.field}` }));
}

/** Every text of the options may be one, but for those that say which connection it is. */
function secretsIn(value: unknown, secrets = new Secrets()): Secrets {
  if (typeof value === 'string') secrets.add(value);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) secretsIn(one, secrets);
  return secrets;
}

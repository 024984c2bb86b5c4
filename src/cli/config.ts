import { access, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../errors.js';
import { problemsOf, text } from '../schema.js';
import { UsageError } from './exit-codes.js';
import { jsonIn, membersOf } from './json-file.js';
import { repeatedKeysIn } from './repeated-keys.js';

/** One connection of the configuration: which provider, and the options that its `create…Workflow` takes. */
export interface ConnectionConfig {
  readonly provider: string;
  readonly options: Readonly<Record<string, unknown>> & { readonly name: string };
  /** Environment variables that it needs and that are not set: nothing else of the file depends on them. */
  readonly unset: readonly Problem[];
}

const FILE_NAMES = ['resumable.config.json', 'resumable.config.yaml', 'resumable.config.yml'];

/**
 * Reads the configuration and fills in `${ENV_NAME}`.
 *
 * @param path - a file. @default the first of resumable.config.json, .yaml and .yml in the working directory
 * @throws {UsageError} with every problem at once: no file, not JSON or YAML, unknown keys.
 */
export async function readConfig(path?: string): Promise<ReadonlyMap<string, ConnectionConfig>> {
  const file = path === undefined ? await findFile() : resolve(path);
  const content = await parseFile(file);
  const schema = z.strictObject(
    {
      connections: z
        .record(
          text(),
          z.looseObject({ provider: text() }, { error: 'must be an object with provider and its options' }),
          { error: 'must be an object of connections by name' },
        )
        .refine((connections) => Object.keys(connections).length > 0, 'must name at least one connection'),
    },
    { error: 'must be an object with connections' },
  );
  const problems: Problem[] = [];
  const unset = new Map<string, Problem[]>();
  const filled = withConnections(content, (name, connection) => {
    const own: Problem[] = [];
    unset.set(name, own);
    const { name: other = name } = membersOf(connection);
    if (other !== name) {
      problems.push({ field: `connections.${name}.name`, message: `must be left out: its name is ${name}` });
    }
    return fillIn(connection, `connections.${name}`, { problems, unset: own });
  });
  const result = schema.safeParse(filled);
  if (!result.success) problems.push(...problemsOf(result.error.issues));
  if (!result.success || problems.length > 0) {
    throw new UsageError(`${file}:\n${listed([...problems, ...[...unset.values()].flat()])}`);
  }
  return new Map(
    Object.entries(result.data.connections).map(([name, { provider, ...options }]) => {
      return [name, { provider, options: { ...options, name }, unset: unset.get(name) ?? [] }];
    }),
  );
}

/** Problems as a list for a terminal. */
export function listed(problems: readonly Problem[]): string {
  return problems.map(({ field, message }) => `  - ${field === '' ? 'the file' : field} ${message}`).join('\n');
}

async function findFile(): Promise<string> {
  for (const name of FILE_NAMES) {
    const file = resolve(name);
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists) return file;
  }
  throw new UsageError(`No configuration: make ${FILE_NAMES.join(' or ')} here, or name a file with --config.`);
}

async function parseFile(file: string): Promise<unknown> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  });
  if (!file.endsWith('.json')) {
    const { yamlIn } = await import('./yaml-file.js');
    return await yamlIn(file, content);
  }
  const parsed = jsonIn(file, content);
  const repeated = repeatedKeysIn(content);
  if (repeated.length === 0) return parsed;
  throw new UsageError(`${file}:\n${listed(repeated.map((field) => ({ field, message: 'is given twice' })))}`);
}

/** A configuration with each of its connections as a step makes it; what is none stays as it is, for the schema to refuse. */
function withConnections(content: unknown, step: (name: string, connection: unknown) => unknown): unknown {
  const { connections } = (content ?? {}) as { readonly connections?: unknown };
  if (typeof connections !== 'object' || connections === null || Array.isArray(connections)) return content;
  const stepped = Object.entries(connections).map(([name, connection]) => [name, step(name, connection)] as const);
  return { ...(content as object), connections: Object.fromEntries(stepped) };
}

/** Options are no deeper than a few levels; YAML can hold itself. */
const MOST_LEVELS = 16;

/** Replaces `${NAME}` in every string by the environment variable of that name. */
function fillIn(
  value: unknown,
  field: string,
  found: { readonly problems: Problem[]; readonly unset: Problem[] },
  level = 0,
): unknown {
  if (level > MOST_LEVELS) {
    found.problems.push({ field, message: `is nested more than ${MOST_LEVELS} levels deep, or holds itself` });
    return undefined;
  }
  if (typeof value === 'string') {
    return value.replace(/\$\{([^}]*)\}?/g, (whole, name: string) => {
      if (!/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(whole)) {
        found.problems.push({ field, message: `has a $\{ that does not name an environment variable: write $\{NAME}` });
        return '';
      }
      const variable = process.env[name];
      if (variable === undefined || variable === '') {
        found.unset.push({ field, message: `needs the environment variable ${name}, which is not set` });
      }
      return variable ?? '';
    });
  }
  if (Array.isArray(value)) return value.map((item, index) => fillIn(item, `${field}[${index}]`, found, level + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillIn(item, `${field}.${key}`, found, level + 1)]),
  );
}

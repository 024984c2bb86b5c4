import { access, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../errors.js';
import { problemsOf, text } from '../schema.js';
import { UsageError } from './exit-codes.js';
import { jsonIn } from './json-file.js';

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
  if (file.endsWith('.json')) return jsonIn(file, content);
  const { parse } = await import('yaml');
  try {
    return parse(content) as unknown;
  } catch (cause) {
    // Not the parser's own message: it quotes the file, and with it perhaps a secret.
    const where = (cause as { linePos?: { line: number }[] }).linePos?.[0]?.line;
    throw new UsageError(`${file} is not valid YAML${where === undefined ? '' : ` (line ${where})`}.`);
  }
}

/** A configuration with each of its connections as a step makes it; what is none stays as it is, for the schema to refuse. */
function withConnections(content: unknown, step: (name: string, connection: unknown) => unknown): unknown {
  const { connections } = (content ?? {}) as { readonly connections?: unknown };
  if (typeof connections !== 'object' || connections === null || Array.isArray(connections)) return content;
  const stepped = Object.entries(connections).map(([name, connection]) => [name, step(name, connection)] as const);
  return { ...(content as object), connections: Object.fromEntries(stepped) };
}

/** Replaces `${NAME}` in every string by the environment variable of that name. */
function fillIn(
  value: unknown,
  field: string,
  found: { readonly problems: Problem[]; readonly unset: Problem[] },
): unknown {
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
  if (Array.isArray(value)) return value.map((item, index) => fillIn(item, `${field}[${index}]`, found));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, `${field}.${key}`, found)]));
}

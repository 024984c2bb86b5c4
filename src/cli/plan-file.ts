import type { Action } from '../types.js';
import { UsageError } from './exit-codes.js';
import { membersOf, readJson } from './json-file.js';

/** What was asked for on the command line. */
export interface Asked {
  readonly connection?: string | undefined;
  readonly workflow?: string | undefined;
  readonly execution?: string | undefined;
  readonly action?: Action | undefined;
  readonly nodes?: readonly string[] | undefined;
}

/** A plan as a file has it: who applies it checks the rest. */
export interface PlanFile {
  readonly connection: string;
  readonly content: unknown;
}

/**
 * Reads a plan, with which the command line has to agree.
 *
 * @throws {UsageError} it cannot be read, is no plan, or is about something else.
 */
export async function readPlan(file: string, asked: Asked): Promise<PlanFile> {
  const content = await readJson(file);
  const plan = membersOf(content);
  const { connection } = plan;
  if (typeof connection !== 'string' || typeof plan['fingerprint'] !== 'string') {
    throw new UsageError(`${file} holds no plan: it takes what "resumable plan --out" wrote.`);
  }
  const compared = [
    ['connection', asked.connection],
    ['workflow', asked.workflow],
    ['execution', asked.execution],
    ['--action', asked.action],
    ['--node', asked.nodes],
  ] as const;
  const wrong = compared.flatMap(([name, given]) => {
    const planned = name === '--node' ? plan['nodes'] : plan[name.replace('--', '')];
    return given === undefined || same(given, planned)
      ? []
      : [`  - ${name}: ${told(planned)} there, ${told(given)} here`];
  });
  if (wrong.length > 0) throw new UsageError(`${file} is a plan for something else:\n${wrong.join('\n')}`);
  return { connection, content };
}

function same(given: string | readonly string[], planned: unknown): boolean {
  if (typeof given === 'string') return given === planned;
  return Array.isArray(planned) && told(new Set(given)) === told(new Set(planned as unknown[]));
}

function told(value: unknown): string {
  if (value instanceof Set) return JSON.stringify([...(value as Set<unknown>)].map(String).sort());
  return JSON.stringify(value) ?? 'nothing';
}

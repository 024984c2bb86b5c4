import { readFile } from 'node:fs/promises';
import { UsageError } from './exit-codes.js';
import { jsonTroubleOf } from './json-trouble.js';

/** Reads a file of JSON. @throws {UsageError} it cannot be read, or is no JSON. */
export async function readJson(file: string): Promise<unknown> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  });
  return jsonIn(file, content);
}

/** What a file holds as JSON. @throws {UsageError} it is none: in which line, and why. */
export function jsonIn(file: string, text: string): unknown {
  // Some editors begin a file with a mark of its byte order.
  const content = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(content) as unknown;
  } catch {
    const { line = 1, why } = jsonTroubleOf(content) ?? {};
    throw new UsageError(`${file} is not valid JSON (line ${line})${why === undefined ? '' : `: ${why}`}.`);
  }
}

/** The members of a value that has members. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

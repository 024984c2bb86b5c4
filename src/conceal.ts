import { inspect } from 'node:util';

const CONCEALED = '[concealed]';

/** Replaces every secret in a text, in the spellings in which it may have been echoed. */
export function concealIn(text: string, secrets: ReadonlySet<string>): string {
  let concealed = text;
  for (const secret of longestFirst(secrets)) {
    for (const spelling of spellings(secret)) concealed = concealed.replaceAll(spelling, CONCEALED);
  }
  return concealed;
}

/**
 * The error itself where no secret shows anywhere in it, otherwise a copy that keeps its name, message and stack without
 * the secret.
 */
export function concealInCause(cause: unknown, secrets: ReadonlySet<string>): unknown {
  if (cause === undefined || secrets.size === 0) return cause;
  if (typeof cause === 'string') return concealIn(cause, secrets);
  const shown = inspect(cause, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null });
  if (concealIn(shown, secrets) === shown) return cause;
  if (!(cause instanceof Error)) return concealIn(shown, secrets);
  const copy = new Error(concealIn(cause.message, secrets));
  copy.name = cause.name;
  copy.stack = concealIn(cause.stack ?? '', secrets);
  return copy;
}

function longestFirst(secrets: ReadonlySet<string>): string[] {
  return [...secrets].sort((one, other) => other.length - one.length);
}

function spellings(secret: string): Set<string> {
  const encoded = secret.isWellFormed() ? encodeURIComponent(secret) : secret;
  return new Set([secret, encoded, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')]);
}

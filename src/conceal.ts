import { inspect } from 'node:util';

const CONCEALED = '[concealed]';
/** Rotating credentials leave no more than this behind. */
const MAX_SECRETS = 256;
/** Shorter strings are no secrets and would garble every message. */
const MIN_LENGTH = 4;

/** The secrets that a connection has seen, the newest ones. */
export class Secrets {
  /** Each with the spellings in which it may be echoed. */
  readonly #spellings = new Map<string, readonly string[]>();
  #longestFirst: readonly string[] | undefined;

  add(secret: string): void {
    if (secret.length < MIN_LENGTH || this.#spellings.has(secret)) return;
    this.#spellings.set(secret, spellingsOf(secret));
    this.#longestFirst = undefined;
    if (this.#spellings.size <= MAX_SECRETS) return;
    const [oldest = ''] = this.#spellings.keys();
    this.#spellings.delete(oldest);
  }

  get isEmpty(): boolean {
    return this.#spellings.size === 0;
  }

  /** Every spelling of every secret; longest first, so that one that holds another is replaced whole. */
  get spellings(): readonly string[] {
    this.#longestFirst ??= [...this.#spellings.values()].flat().sort((one, other) => other.length - one.length);
    return this.#longestFirst;
  }
}

/** Replaces every secret in a text, in the spellings in which it may have been echoed. */
export function concealIn(text: string, secrets: Secrets): string {
  let concealed = text;
  for (const spelling of secrets.spellings) {
    if (concealed.includes(spelling)) concealed = concealed.replaceAll(spelling, CONCEALED);
  }
  return concealed;
}

/**
 * The error itself where no secret shows anywhere in it, otherwise a copy that keeps its name, message and stack without
 * the secret.
 */
export function concealInCause(cause: unknown, secrets: Secrets): unknown {
  if (cause === undefined || secrets.isEmpty) return cause;
  if (typeof cause === 'string') return concealIn(cause, secrets);
  let shown: string;
  try {
    shown = inspect(cause, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null });
  } catch {
    return new Error('a cause that cannot be shown');
  }
  if (concealIn(shown, secrets) === shown) return cause;
  if (!(cause instanceof Error)) return concealIn(shown, secrets);
  const copy = new Error(concealIn(cause.message, secrets));
  copy.name = cause.name;
  copy.stack = concealIn(cause.stack ?? '', secrets);
  return copy;
}

function spellingsOf(secret: string): string[] {
  const encoded = secret.isWellFormed() ? encodeURIComponent(secret) : secret;
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, encoded, escaped, Buffer.from(secret).toString('base64')])];
}

import { Refusal } from './emulator-error.js';

/** What the service model allows in names and ids; the model counts in characters. */
const NAME_PATTERN = /^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\t]*$/u;
const MEDIA_TYPE = 'application/x-amz-json-1.1';
const MAX_NAME_LENGTH = 255;
const MAX_RESULTS = 1000;

/**
 * The members of a request, held against the service model. Which errors answer a violation is inferred:
 * SerializationException for JSON of the wrong shape, ValidationException (as seen on other Glue operations) for the rest.
 */
export class Input {
  readonly #members: Readonly<Record<string, unknown>>;

  private constructor(members: Readonly<Record<string, unknown>>) {
    this.#members = members;
  }

  /** @throws Refusal where the body is not a JSON object of the protocol's media type. */
  static read(contentType: string | undefined, body: Buffer): Input {
    if (contentType?.split(';')[0]?.trim().toLowerCase() !== MEDIA_TYPE)
      throw malformed(`the body is not ${MEDIA_TYPE}`);
    return new Input(parse(body));
  }

  /** A required name or id. */
  name(member: string): string {
    const value = this.#members[member];
    if (value === undefined || value === null) throw invalid(`${member} is required`);
    return checkName(value, member);
  }

  /** A required list of names; an empty one is within the model. */
  names(member: string): readonly string[] {
    const value = this.#members[member];
    if (value === undefined || value === null) throw invalid(`${member} is required`);
    if (!Array.isArray(value)) throw malformed(`${member} is no list`);
    return value.map((element: unknown, at) => checkName(element, `${member}[${at}]`));
  }

  flag(member: string): boolean {
    const value = this.#members[member] ?? false;
    if (typeof value !== 'boolean') throw malformed(`${member} is no boolean`);
    return value;
  }

  text(member: string): string | undefined {
    const value = this.#members[member] ?? undefined;
    if (value !== undefined && typeof value !== 'string') throw malformed(`${member} is no string`);
    return value;
  }

  /** A page size. */
  size(member: string): number | undefined {
    const value = this.#members[member] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw malformed(`${member} is no integer`);
    if (value < 1 || value > MAX_RESULTS) throw invalid(`${member} is ${value}, not between 1 and ${MAX_RESULTS}`);
    return value;
  }

  /** A map from ids to strings. */
  map(member: string): Readonly<Record<string, string>> | undefined {
    const value = this.#members[member] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) throw malformed(`${member} is no map`);
    const entries = Object.entries(value as Record<string, unknown>).map(([key, text]) => {
      if (typeof text !== 'string') throw malformed(`${member}.${key} is no string`);
      return [checkName(key, `a key of ${member}`), text];
    });
    return Object.fromEntries(entries) as Record<string, string>;
  }
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw malformed('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('the body is no object');
  return value as Record<string, unknown>;
}

function checkName(value: unknown, what: string): string {
  if (typeof value !== 'string') throw malformed(`${what} is no string`);
  const { length } = Array.from(value);
  if (length < 1 || length > MAX_NAME_LENGTH) throw invalid(`${what} has ${length} characters, not 1 to 255`);
  if (!NAME_PATTERN.test(value)) throw invalid(`${what} holds a character that is not allowed`);
  return value;
}

function malformed(problem: string): Refusal {
  return new Refusal('SerializationException', problem);
}

function invalid(problem: string): Refusal {
  return new Refusal('ValidationException', problem);
}

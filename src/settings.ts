import { z } from 'zod';
import type { CredentialSource } from './auth/credentials.js';
import type { Problem } from './errors.js';
import type { TransportOptions } from './http/transport.js';
import { invalidArgument } from './invalid-argument.js';
import type { ResumeLedger } from './ledger/ledger.js';
import { checked, text } from './schema.js';

/** What every connection takes. */
export interface ConnectionOptions extends TransportOptions {
  /** How the orchestration code calls this connection: `glue-eu`. */
  readonly name: string;
  /** The service's origin, instead of the one that belongs to the region: `https://obs.cn-north-4.myhuaweicloud.com`. */
  readonly endpoint?: string | undefined;
  /** Allows `http:` to an address that is not this machine's own. @default false */
  readonly allowInsecureEndpoint?: boolean | undefined;
  /** Remembers what was tried, across processes where it is shared. @default one in memory, of this connection alone */
  readonly ledger?: ResumeLedger | undefined;
}

/** Which environment variables stand in for an option that is left out, first come first served. */
export type EnvironmentNames = Readonly<Record<string, readonly string[]>>;

/** Those of {@link ConnectionOptions}, to be spread into a provider's strict schema. */
export function connectionShape() {
  return {
    name: text().max(128, 'must have at most 128 characters'),
    endpoint: text().optional(),
    allowInsecureEndpoint: z.boolean('must be true or false').optional(),
    proxy: text().optional(),
    ca: pem().optional(),
    cert: pem().optional(),
    key: pem().optional(),
    ledger: z.custom<ResumeLedger>(isLedger, 'must be a ResumeLedger').optional(),
  };
}

function pem(): z.ZodType<string> {
  return text().refine((value) => value.includes('-----BEGIN '), 'must be the PEM itself, not the path of a file');
}

/** A credential by its schema, copied, with its own problems reported field by field; or a function that supplies one. */
export function credentialOption<C>(schema: z.ZodType<C>): z.ZodType<CredentialSource<C>> {
  return z.unknown().transform((value, context): CredentialSource<C> => {
    if (typeof value === 'function') return value as () => C | Promise<C>;
    const result = schema.safeParse(value);
    for (const issue of result.error?.issues ?? []) context.addIssue({ ...issue });
    return result.success ? result.data : z.NEVER;
  });
}

/**
 * Checks what a connection is configured with and reports every problem at once.
 *
 * @param environment - for each option that may come from the environment, the variables' names.
 * @param alsoCheck - what concerns several options; it sees them before they are checked.
 * @throws {ResumeError} INVALID_ARGUMENT (no effect); a missing option is named with its environment variable.
 */
export function parseConnection<T extends ConnectionOptions>(
  provider: string,
  schema: z.ZodType<T>,
  options: unknown,
  environment: EnvironmentNames = {},
  alsoCheck: (options: Partial<T>) => readonly Problem[] = () => [],
): T {
  const filled = filledFromEnvironment(options, environment);
  const result = checked(schema, filled);
  const problems = [
    ...result.problems,
    ...originProblems(filled, 'endpoint', ['http:', 'https:']),
    ...originProblems(filled, 'proxy', ['http:', 'https:']),
    ...insecureProblems(filled),
    ...certificateProblems(filled),
    ...(typeof filled === 'object' && filled !== null ? alsoCheck(filled as Partial<T>) : []),
  ].map((problem) => withVariables(problem, environment));
  if (result.data !== undefined && problems.length === 0) return result.data;
  const name = (filled as { name?: unknown } | null)?.name;
  throw invalidArgument(`the options of this ${provider} connection`, problems, {
    provider,
    ...(typeof name === 'string' && name !== '' ? { connection: name } : {}),
  });
}

/** The first of some environment variables that is set and not empty. */
export function fromEnvironment(names: readonly string[]): string | undefined {
  return names.map((name) => process.env[name]).find((value) => value !== undefined && value !== '');
}

function filledFromEnvironment(options: unknown, environment: EnvironmentNames): unknown {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options;
  const found = Object.entries(environment)
    .filter(([option]) => (options as Record<string, unknown>)[option] === undefined)
    .map(([option, names]) => [option, fromEnvironment(names)] as const)
    .filter(([, value]) => value !== undefined);
  return { ...options, ...Object.fromEntries(found) };
}

function withVariables({ field, message }: Problem, environment: EnvironmentNames): Problem {
  const names = environment[field];
  if (names === undefined || message !== 'is missing') return { field, message };
  return { field, message: `is missing: pass it, or set ${names.join(' or ')}` };
}

/** What is wrong with a second origin that secrets are sent to, by the rules of `endpoint`. */
export function endpointProblems(field: string, endpoint: unknown, allowInsecureEndpoint?: boolean): Problem[] {
  const options = { endpoint, allowInsecureEndpoint };
  const problems = [...originProblems(options, 'endpoint', ['http:', 'https:']), ...insecureProblems(options)];
  return problems.map(({ message }) => ({ field, message }));
}

function originProblems(options: unknown, field: 'endpoint' | 'proxy', protocols: readonly string[]): Problem[] {
  const value = (options as Record<string, unknown> | null)?.[field];
  if (typeof value !== 'string' || value === '') return [];
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !protocols.includes(url.protocol)) {
    return [{ field, message: 'must be a URL such as https://host or https://host:port' }];
  }
  const extra = [
    ...(url.pathname === '/' ? [] : ['path']),
    ...(url.search === '' ? [] : ['query']),
    ...(url.hash === '' ? [] : ['fragment']),
    ...(field === 'proxy' || (url.username === '' && url.password === '') ? [] : ['credentials']),
  ];
  return extra.length === 0 ? [] : [{ field, message: `must be an origin only, without ${extra.join(', ')}` }];
}

function insecureProblems(options: unknown): Problem[] {
  const { endpoint, allowInsecureEndpoint } = (options ?? {}) as Record<string, unknown>;
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint) || allowInsecureEndpoint === true) return [];
  const { protocol, hostname } = new URL(endpoint);
  if (protocol !== 'http:' || isLoopback(hostname)) return [];
  const message =
    'is plain http to another machine: use https, or set allowInsecureEndpoint to send credentials in the clear';
  return [{ field: 'endpoint', message }];
}

function certificateProblems(options: unknown): Problem[] {
  const { cert, key } = (options ?? {}) as Record<string, unknown>;
  if ((cert === undefined) === (key === undefined)) return [];
  const [field, other] = cert === undefined ? ['cert', 'key'] : ['key', 'cert'];
  return [{ field, message: `is missing: ${other} is of no use without it` }];
}

/** Whether a host name, as URLs write it, is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Told by one step that every ledger has. */
export function isLedger(value: unknown): boolean {
  return typeof (value as Partial<ResumeLedger> | null)?.begin === 'function';
}

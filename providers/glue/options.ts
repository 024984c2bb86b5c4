import type { GlueClient, GlueClientConfig } from '@aws-sdk/client-glue';
import { z } from 'zod';
import type { Problem } from '../../src/errors.js';
import { oneOf, text } from '../../src/schema.js';
import type { ConnectionOptions } from '../../src/settings.js';
import { connectionShape, credentialOption, parseConnection } from '../../src/settings.js';

/** Whatever the AWS SDK takes as credentials: an identity, or an async function that supplies and rotates it. */
export type GlueCredentials = NonNullable<GlueClientConfig['credentials']>;

/** A connection to AWS Glue. */
export interface GlueOptions extends ConnectionOptions {
  /** The region, such as `eu-west-1`. @default what the AWS SDK finds: AWS_REGION, then the profile, then the machine's */
  readonly region?: string | undefined;
  /**
   * What requests are signed with. A function is asked again shortly before what it supplied runs out, and never again
   * if that has no `expiration`.
   *
   * @default the AWS SDK's default chain: environment, profile, SSO, web identity, container, instance
   */
  readonly credentials?: GlueCredentials | undefined;
  /**
   * A client of the caller's own, which stays open. Its retry strategy is switched off for these calls; a request
   * handler of the caller's must not retry either. Nobody sees whether its requests leave: what fails after one was
   * handed to it has an unknown effect, a refused connection too.
   * It replaces `region`, `endpoint`, `allowInsecureEndpoint`, `credentials`, `proxy`, `ca`, `cert` and `key`, which
   * must then be left out.
   */
  readonly client?: GlueClient | undefined;
  /**
   * Undocumented: whether a `resume` without nodes starts again what was stopped by hand, that is, jobs in STOPPED and
   * crawlers in CANCELLED.
   *
   * @default 'restart'
   */
  readonly stoppedNodes?: 'restart' | 'leave' | undefined;
  /**
   * Inferred: whether a `resume` without nodes starts again what failed, was stopped or timed out where a trigger waited
   * for just that and started something, so that the workflow has dealt with it by design.
   *
   * @default 'restart'
   */
  readonly handledFailures?: 'restart' | 'leave' | undefined;
}

/** What the caller's client brings along. */
const OF_THE_CLIENT = [
  'region',
  'endpoint',
  'allowInsecureEndpoint',
  'credentials',
  'proxy',
  'ca',
  'cert',
  'key',
] as const satisfies readonly (keyof GlueOptions)[];

/** Checks the options of a connection. */
export function parseGlueOptions(options: unknown): GlueOptions {
  const schema = z.strictObject({
    ...connectionShape(),
    // It becomes a part of the host name.
    region: text()
      .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/, 'must be a region such as eu-west-1')
      .optional(),
    credentials: (credentialOption(identitySchema()) as unknown as z.ZodType<GlueCredentials>).optional(),
    client: z.custom<GlueClient>(isClient, 'must be a GlueClient of @aws-sdk/client-glue').optional(),
    stoppedNodes: oneOf(['restart', 'leave']).optional(),
    handledFailures: oneOf(['restart', 'leave']).optional(),
  });
  return parseConnection<GlueOptions>('glue', schema, options, {}, besideClient);
}

/**
 * What a connection talks to, in words. A client that was handed in tells its region only asynchronously, and the SDK
 * looks further for one than the environment: then this says less.
 */
export function identityOf({ client, region, endpoint }: GlueOptions): string {
  if (client !== undefined) return '';
  const found = region ?? process.env['AWS_REGION'] ?? '';
  return [found, endpoint === undefined ? '' : new URL(endpoint).origin].filter((part) => part !== '').join(' ');
}

/** Only what is signed with is looked at: an identity of the SDK's own carries more. */
function identitySchema() {
  return z.looseObject(
    { accessKeyId: text(), secretAccessKey: text(), sessionToken: text().optional() },
    { error: 'must be an object with accessKeyId and secretAccessKey, or a function that returns one' },
  );
}

function besideClient(options: Partial<GlueOptions>): Problem[] {
  if (options.client === undefined) return [];
  return OF_THE_CLIENT.filter((field) => options[field] !== undefined).map((field) => ({
    field,
    message: 'must be left out where a client is passed, which has its own',
  }));
}

function isClient(value: unknown): boolean {
  const client = value as Partial<GlueClient> | null;
  return (
    typeof client === 'object' &&
    client !== null &&
    typeof client.send === 'function' &&
    typeof client.middlewareStack === 'object' &&
    typeof client.config === 'object'
  );
}

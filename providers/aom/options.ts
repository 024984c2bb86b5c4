import { z } from 'zod';
import type { CredentialSource } from '../../src/auth/credentials.js';
import type { Problem } from '../../src/errors.js';
import { text } from '../../src/schema.js';
import type { ConnectionOptions } from '../../src/settings.js';
import { connectionShape, endpointProblems, parseConnection } from '../../src/settings.js';
import type { AccessKeys } from '../huawei/access-keys.js';
import { accessKeysSchema, expiry, headerText } from '../huawei/access-keys.js';
import type { AuthToken } from '../huawei/token-source.js';

/** A name and a password of an IAM user, for which tokens are got from IAM, kept and renewed. */
export interface AomPassword {
  readonly username: string;
  readonly password: string;
  /** The name of the account that the user belongs to. */
  readonly domainName: string;
  /** IAM's origin. @default https://iam.{region}.myhuaweicloud.com */
  readonly iamEndpoint?: string | undefined;
}

/** What a function that supplies credentials may return. */
export type AomSupplied = AccessKeys | AuthToken;

/**
 * How a connection proves who it is: an access key, a token, a password for which tokens are got, or an async function
 * that supplies an access key or a token.
 */
export type AomCredentials = CredentialSource<AomSupplied> | AomPassword;

/** A connection to Huawei AOM. */
export interface AomOptions extends ConnectionOptions {
  /**
   * The region, such as `cn-north-4`. Needed where `endpoint` is left out.
   *
   * @see the notices of the connection's capabilities: the API is open in four regions only
   */
  readonly region?: string | undefined;
  /** The project's id, 32 letters and digits. @default HUAWEICLOUD_SDK_PROJECT_ID */
  readonly projectId?: string | undefined;
  /**
   * Without `expiresAt`, what a function supplies is asked for again for each request. A token that is refused is
   * renewed once per call, unless it was passed as it is.
   *
   * @default HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_SECURITY_TOKEN
   */
  readonly credentials?: AomCredentials | undefined;
}

/** Checked options, with what follows from them. */
export type ParsedAomOptions = AomOptions & {
  readonly projectId: string;
  readonly origin: string;
  /** Where tokens are got, for a password. */
  readonly iamOrigin: string | undefined;
};

/** Checks the options of a connection. */
export function parseAomOptions(options: unknown): ParsedAomOptions {
  const schema = z.strictObject({
    ...connectionShape(),
    region: text()
      .regex(/^[a-z0-9-]+$/, 'must be a region id such as cn-north-4')
      .optional(),
    projectId: text().regex(/^[0-9a-zA-Z]{32}$/, 'must be 32 letters and digits'),
    credentials: credentialsSchema().optional(),
  });
  const environment = { projectId: ['HUAWEICLOUD_SDK_PROJECT_ID'] };
  const parsed = parseConnection<AomOptions & { projectId: string }>(
    'aom',
    schema,
    options,
    environment,
    addressProblems,
  );
  const { region, endpoint = `https://aom.${region}.myhuaweicloud.com` } = parsed;
  const iamEndpoint = iamEndpointOf(parsed) ?? (region && `https://iam.${region}.myhuaweicloud.com`);
  return {
    ...parsed,
    origin: new URL(endpoint).origin,
    iamOrigin: iamEndpoint === undefined ? undefined : new URL(iamEndpoint).origin,
  };
}

/** Of what a function returns; a password is not among it. @param orElse - what else may stand in its place */
export function suppliedSchema(orElse = ''): z.ZodType<AomSupplied> {
  return z.custom<AomSupplied>().superRefine((value, context) => {
    const schema = hasKey(value, 'token') ? tokenSchema() : accessKeysSchema(`, or with a token${orElse}`);
    reportAll(schema, value, context);
  });
}

const OR_ELSE = ', or with username, password and domainName, or a function that returns keys or a token';

/** Chooses the form by its keys, so that a problem is told of the form that was meant and not of all of them. */
function credentialsSchema(): z.ZodType<AomCredentials> {
  return z.custom<AomCredentials>().superRefine((value, context) => {
    if (typeof value === 'function') return;
    const isPassword = hasKey(value, 'username', 'password', 'domainName', 'iamEndpoint');
    reportAll(isPassword ? passwordSchema() : suppliedSchema(OR_ELSE), value, context);
  });
}

function reportAll(schema: z.ZodType, value: unknown, context: z.RefinementCtx): void {
  for (const issue of schema.safeParse(value).error?.issues ?? []) context.addIssue({ ...issue });
}

function tokenSchema(): z.ZodType<AuthToken> {
  return z.strictObject({ token: headerText(), expiresAt: expiry() });
}

function passwordSchema(): z.ZodType<AomPassword> {
  return z.strictObject({ username: text(), password: text(), domainName: text(), iamEndpoint: text().optional() });
}

function addressProblems(options: Partial<AomOptions>): Problem[] {
  const { endpoint, region, credentials, allowInsecureEndpoint } = options;
  const iamEndpoint = iamEndpointOf(options);
  const nowhere = hasKey(credentials, 'password') && iamEndpoint === undefined && region === undefined;
  return [
    ...(endpoint === undefined && region === undefined
      ? [{ field: 'region', message: 'is missing: pass region or endpoint' }]
      : []),
    ...(nowhere ? [{ field: 'credentials.iamEndpoint', message: 'is missing: pass it, or region' }] : []),
    ...endpointProblems('credentials.iamEndpoint', iamEndpoint, allowInsecureEndpoint),
  ];
}

function iamEndpointOf({ credentials }: Partial<AomOptions>): string | undefined {
  return hasKey(credentials, 'iamEndpoint') ? (credentials as AomPassword).iamEndpoint : undefined;
}

function hasKey(value: unknown, ...keys: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && keys.some((key) => Object.hasOwn(value, key));
}

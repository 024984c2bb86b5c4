import { z } from 'zod';
import type { CredentialSource } from '../../src/auth/credentials.js';
import { oneOf, text } from '../../src/schema.js';
import type { ConnectionOptions } from '../../src/settings.js';
import { connectionShape, credentialOption, parseConnection } from '../../src/settings.js';
import type { AccessKeys } from '../huawei/access-keys.js';
import { accessKeysSchema } from '../huawei/access-keys.js';
import type { CanonicalResource } from './signature.js';

/** A connection to Huawei OBS Data+. */
export interface ObsOptions extends ConnectionOptions {
  /** The region, such as `cn-north-4`. Needed where `endpoint` is left out. */
  readonly region?: string | undefined;
  /**
   * The access key, or an async function that supplies and rotates it. Without `expiresAt` the function is asked for
   * each request.
   *
   * @default OBS_ACCESS_KEY_ID, OBS_SECRET_ACCESS_KEY and OBS_SECURITY_TOKEN; then HUAWEICLOUD_SDK_AK,
   * HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_SECURITY_TOKEN
   */
  readonly credentials?: CredentialSource<AccessKeys> | undefined;
  /**
   * What 503 SlowDown says about the resume that it answers. No document says that a slowed-down request was not
   * carried out; set `none` only if you know it.
   *
   * @default 'unknown'
   */
  readonly slowDown?: 'unknown' | 'none' | undefined;
  /**
   * Writes the resource that is signed, should the live service disagree with the official SDKs. A wrong one is
   * refused with SignatureDoesNotMatch, which has no effect.
   *
   * @default the form on which the official SDKs agree
   */
  readonly canonicalResource?: CanonicalResource | undefined;
}

/** Checks the options of a connection. */
export function parseObsOptions(options: unknown): ObsOptions & { readonly origin: string } {
  const schema = z.strictObject({
    ...connectionShape(),
    region: text()
      .regex(/^[a-z0-9-]+$/, 'must be a region id such as cn-north-4')
      .optional(),
    credentials: credentialOption<AccessKeys>(accessKeysSchema(', or a function that returns one')).optional(),
    slowDown: oneOf(['unknown', 'none']).optional(),
    canonicalResource: z
      .custom<CanonicalResource>((value) => typeof value === 'function', 'must be a function')
      .optional(),
  });
  const parsed = parseConnection<ObsOptions>('obs', schema, options, {}, needsAddress);
  return { ...parsed, origin: originOf(parsed) };
}

function needsAddress({ endpoint, region }: Partial<ObsOptions>) {
  if (endpoint !== undefined || region !== undefined) return [];
  return [{ field: 'region', message: 'is missing: pass region or endpoint' }];
}

/** @see the endpoint table of Huawei's own SDK: one region has another domain */
function originOf({ endpoint, region = '' }: ObsOptions): string {
  if (endpoint !== undefined) return new URL(endpoint).origin;
  return `https://obs.${region}.myhuaweicloud.${region === 'eu-west-101' ? 'eu' : 'com'}`;
}

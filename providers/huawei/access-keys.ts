import { z } from 'zod';
import type { Expiring } from '../../src/auth/credentials.js';
import { text } from '../../src/schema.js';
import { fromEnvironment } from '../../src/settings.js';

/** An access key of a Huawei account, temporary where it comes with a security token. */
export interface AccessKeys extends Expiring {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly securityToken?: string | undefined;
}

/** Where access keys are looked for when none are passed: the variables' names, first come first served. */
export interface AccessKeyVariables {
  readonly accessKeyId: readonly string[];
  readonly secretAccessKey: readonly string[];
  readonly securityToken: readonly string[];
}

/** The variables that Huawei's own SDKs read. */
export const SDK_VARIABLES: AccessKeyVariables = {
  accessKeyId: ['HUAWEICLOUD_SDK_AK'],
  secretAccessKey: ['HUAWEICLOUD_SDK_SK'],
  securityToken: ['HUAWEICLOUD_SDK_SECURITY_TOKEN'],
};

const NO_INSTANT = 'must be a date, epoch milliseconds or ISO 8601';

/** When a credential runs out. */
export function expiry() {
  return z
    .union([z.date(), z.number(), z.string()], NO_INSTANT)
    .refine((value) => !Number.isNaN(new Date(value).getTime()), NO_INSTANT)
    .optional();
}

/**
 * Access keys as a caller, or a caller's function, passes them.
 *
 * @param orElse - what else the caller may pass, for the message about what is no object.
 */
export function accessKeysSchema(orElse = '') {
  return z.strictObject(
    {
      accessKeyId: headerText(),
      secretAccessKey: text(),
      securityToken: headerText().optional(),
      expiresAt: expiry(),
    },
    { error: `must be an object with accessKeyId and secretAccessKey${orElse}` },
  );
}

/** A value that goes into a header as it is. */
export function headerText() {
  return text().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');
}

/** Access keys from the environment; undefined where the key or its secret is not set. */
export function accessKeysFromEnvironment(variables: AccessKeyVariables): AccessKeys | undefined {
  const accessKeyId = fromEnvironment(variables.accessKeyId);
  const secretAccessKey = fromEnvironment(variables.secretAccessKey);
  const securityToken = fromEnvironment(variables.securityToken);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(securityToken === undefined ? {} : { securityToken }) };
}

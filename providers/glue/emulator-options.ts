import type { EmulatedConnection, EmulatorSettings } from '../../src/testing/emulated-connection.js';
import type { EmulatorOptions } from '../../src/testing/emulator-server.js';
import type { GlueKnobs } from './emulator-knobs.js';
import type { GlueEmulatorCredentials } from './sigv4-verify.js';

/** What the emulator of AWS Glue takes. */
export interface GlueEmulatorOptions extends EmulatorOptions {
  /** @default 'us-east-1' */
  readonly region?: string | undefined;
  /** @default a pair of made-up keys */
  readonly credentials?: GlueEmulatorCredentials | undefined;
  /** What no document says. */
  readonly knobs?: Partial<GlueKnobs> | undefined;
}

export const DEFAULT_CREDENTIALS: GlueEmulatorCredentials = {
  accessKeyId: 'AKIDEXAMPLE0000000',
  secretAccessKey: 'SKEXAMPLEsecretKey0123456789abcdefghij00',
};

/** The options that settings for any provider's emulator mean here. Glue knows no projects. */
export function optionsOf(settings: EmulatorSettings): GlueEmulatorOptions {
  const { port, clock, securityToken } = settings;
  const { accessKeyId = DEFAULT_CREDENTIALS.accessKeyId } = settings;
  const { secretAccessKey = DEFAULT_CREDENTIALS.secretAccessKey } = settings;
  const token = securityToken === undefined ? {} : { sessionToken: securityToken };
  return { port, clock, credentials: { accessKeyId, secretAccessKey, ...token } };
}

/** Credentials as a connection's options take them. */
export function describeCredentials(credentials: GlueEmulatorCredentials): EmulatedConnection['credentials'] {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

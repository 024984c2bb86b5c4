import type { GlueClient } from '@aws-sdk/client-glue';
import type { Attempt } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';

/** What the SDK signs with. */
export type SigningConfig = Pick<GlueClient['config'], 'region' | 'credentials'>;

/**
 * Has the SDK find region and credentials before it builds a request, so that what is missing can be named and what is
 * secret is known. The SDK keeps both, so that they are not looked up twice.
 *
 * @throws {DriverFailure} INVALID_ARGUMENT (no effect) there is no region; UNAUTHENTICATED (no effect) there are no
 * credentials, or their source failed.
 */
export async function prepareSigning({ region, credentials }: SigningConfig, attempt: Attempt): Promise<void> {
  try {
    await region();
  } catch (cause) {
    const advice = 'set the option region, or AWS_REGION, or the region of the profile that AWS_PROFILE names';
    throw new DriverFailure(`no region (${messageOf(cause)}): ${advice}`, {
      code: 'INVALID_ARGUMENT',
      effect: 'none',
      cause,
    });
  }
  const identity = await credentials().catch((cause: unknown) => {
    throw noCredentials(messageOf(cause), cause);
  });
  attempt.conceal(identity.accessKeyId);
  attempt.conceal(identity.secretAccessKey);
  attempt.conceal(identity.sessionToken);
  if (!isText(identity.accessKeyId) || !isText(identity.secretAccessKey)) {
    throw noCredentials('what was supplied has no accessKeyId or no secretAccessKey');
  }
}

/** Conceals what a signed request really carries: the SDK may have renewed the credentials in between. */
export function concealSigned(headers: Readonly<Record<string, string>>, attempt: Attempt): void {
  attempt.conceal(headers['x-amz-security-token']);
  attempt.conceal(/Credential=([^/]+)\//.exec(headers['authorization'] ?? '')?.[1]);
}

function noCredentials(why: string, cause?: unknown): DriverFailure {
  const advice =
    'pass the option credentials, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or whatever else the default ' +
    'chain of the AWS SDK reads';
  return new DriverFailure(`no credentials (${why}): ${advice}`, { code: 'UNAUTHENTICATED', effect: 'none', cause });
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

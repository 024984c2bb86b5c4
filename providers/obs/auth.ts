import type { KeyObject } from 'node:crypto';
import { createSecretKey } from 'node:crypto';
import type { CredentialSource } from '../../src/auth/credentials.js';
import { CachedCredentials } from '../../src/auth/credentials.js';
import type { RequestSigner } from '../../src/auth/signer.js';
import type { Attempt } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { HttpRequest } from '../../src/http/message.js';
import { parse } from '../../src/schema.js';
import type { AccessKeys, AccessKeyVariables } from '../huawei/access-keys.js';
import { accessKeysFromEnvironment, accessKeysSchema, SDK_VARIABLES } from '../huawei/access-keys.js';
import type { CanonicalResource } from './signature.js';
import { signatureOf, stringToSign } from './signature.js';

/** Read for OBS before those of Huawei's general SDKs; never mixed with them. */
const OBS_VARIABLES: AccessKeyVariables = {
  accessKeyId: ['OBS_ACCESS_KEY_ID'],
  secretAccessKey: ['OBS_SECRET_ACCESS_KEY'],
  securityToken: ['OBS_SECURITY_TOKEN'],
};

/** Signs with one access key: `Authorization: OBS AK:signature`. */
export class ObsSigner implements RequestSigner {
  readonly #keys: AccessKeys;
  readonly #key: KeyObject;
  readonly #canonicalResource: CanonicalResource;
  readonly #dateHeader: 'Date' | 'x-obs-date';

  constructor(keys: AccessKeys, canonicalResource: CanonicalResource, dateHeader: 'Date' | 'x-obs-date' = 'Date') {
    this.#keys = keys;
    this.#key = createSecretKey(keys.secretAccessKey, 'utf8');
    this.#canonicalResource = canonicalResource;
    this.#dateHeader = dateHeader;
  }

  sign(request: HttpRequest, now: Date): HttpRequest {
    const { accessKeyId, securityToken } = this.#keys;
    const headers: Record<string, string> = { ...request.headers, [this.#dateHeader]: now.toUTCString() };
    if (securityToken !== undefined) headers['x-obs-security-token'] = securityToken;
    const signed = stringToSign({
      method: request.method,
      headers: lowerCased(headers),
      resource: this.#resourceOf(request.path),
    });
    headers['Authorization'] = `OBS ${accessKeyId}:${signatureOf(this.#key, signed)}`;
    return { ...request, headers };
  }

  #resourceOf(target: string): string {
    const mark = target.indexOf('?');
    if (mark < 0) return this.#canonicalResource(target, new URLSearchParams());
    return this.#canonicalResource(target.slice(0, mark), new URLSearchParams(target.slice(mark + 1)));
  }
}

/** Turns a connection's credentials into signers, one per access key for as long as it is used. */
export class ObsSigners {
  readonly #credentials: CachedCredentials<AccessKeys>;
  readonly #canonicalResource: CanonicalResource;
  #latest: { readonly keys: AccessKeys; readonly signer: ObsSigner } | undefined;

  constructor(source: CredentialSource<AccessKeys> | undefined, canonicalResource: CanonicalResource) {
    const keepWithoutExpiry = typeof source !== 'function';
    this.#credentials = new CachedCredentials(supplyFrom(source), { keepWithoutExpiry });
    this.#canonicalResource = canonicalResource;
  }

  /** @throws {DriverFailure} UNAUTHENTICATED (no effect) there are no credentials, or their source failed. */
  async signerFor(attempt: Attempt): Promise<ObsSigner> {
    const keys = await this.#credentials.get(attempt);
    attempt.conceal(keys.accessKeyId);
    attempt.conceal(keys.secretAccessKey);
    attempt.conceal(keys.securityToken);
    if (this.#latest === undefined || !isSame(this.#latest.keys, keys)) {
      this.#latest = { keys, signer: new ObsSigner(keys, this.#canonicalResource) };
    }
    return this.#latest.signer;
  }
}

function supplyFrom(source: CredentialSource<AccessKeys> | undefined): () => Promise<AccessKeys> {
  if (typeof source === 'function') {
    const schema = accessKeysSchema();
    return async () => parse<AccessKeys>(schema, await source(), 'what the credentials function returned');
  }
  return async () =>
    source ?? accessKeysFromEnvironment(OBS_VARIABLES) ?? accessKeysFromEnvironment(SDK_VARIABLES) ?? missing();
}

function missing(): never {
  throw new DriverFailure(
    'no credentials: pass the option credentials, or set OBS_ACCESS_KEY_ID and OBS_SECRET_ACCESS_KEY, ' +
      'or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK',
    { code: 'UNAUTHENTICATED', effect: 'none' },
  );
}

function isSame(one: AccessKeys, other: AccessKeys): boolean {
  return (
    one.accessKeyId === other.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey &&
    one.securityToken === other.securityToken
  );
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

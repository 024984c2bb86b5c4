import type { CredentialSource } from '../../src/auth/credentials.js';
import { CachedCredentials } from '../../src/auth/credentials.js';
import type { RequestSigner } from '../../src/auth/signer.js';
import type { Attempt } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { HttpRequest } from '../../src/http/message.js';
import { parse } from '../../src/schema.js';
import type { AccessKeys, AccessKeyVariables } from '../huawei/access-keys.js';
import { accessKeysFromEnvironment, accessKeysSchema, SDK_VARIABLES } from '../huawei/access-keys.js';
import { HmacKey } from '../huawei/hmac-key.js';
import { onceASecond } from '../huawei/once-a-second.js';
import type { CanonicalResource } from './signature.js';
import { resourceOf, signedHeaderLines } from './signature.js';

/** Read for OBS before those of Huawei's general SDKs; never mixed with them. */
const OBS_VARIABLES: AccessKeyVariables = {
  accessKeyId: ['OBS_ACCESS_KEY_ID'],
  secretAccessKey: ['OBS_SECRET_ACCESS_KEY'],
  securityToken: ['OBS_SECURITY_TOKEN'],
};

/** What is the same for all requests of a second with the same headers, which are all of a connection's. */
interface Prepared {
  /** Undefined where they could still be changed. */
  readonly given: HttpRequest['headers'] | undefined;
  readonly date: string;
  /** All but the signature. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What is signed of them. */
  readonly lines: string;
}

/** Signs with one access key: `Authorization: OBS AK:signature`. */
export class ObsSigner implements RequestSigner {
  readonly #keys: AccessKeys;
  readonly #key: HmacKey;
  readonly #canonicalResource: CanonicalResource;
  readonly #dateHeader: 'Date' | 'x-obs-date';
  readonly #dateOf = onceASecond((now) => now.toUTCString());
  #prepared: Prepared | undefined;

  constructor(keys: AccessKeys, canonicalResource: CanonicalResource, dateHeader: 'Date' | 'x-obs-date' = 'Date') {
    this.#keys = keys;
    this.#key = new HmacKey('sha1', keys.secretAccessKey);
    this.#canonicalResource = canonicalResource;
    this.#dateHeader = dateHeader;
  }

  sign({ origin, method, path, headers: given, body, maxBodyBytes }: HttpRequest, now: Date): HttpRequest {
    const prepared = this.#preparedFor(given, this.#dateOf(now));
    const headers: Record<string, string> = {};
    for (const [name, value] of prepared.headers) headers[name] = value;
    const text = method + prepared.lines + resourceOf(path, this.#canonicalResource);
    headers['Authorization'] = `OBS ${this.#keys.accessKeyId}:${this.#key.sign(text, 'base64')}`;
    return { origin, method, path, headers, body, maxBodyBytes };
  }

  #preparedFor(given: HttpRequest['headers'], date: string): Prepared {
    if (this.#prepared?.given === given && this.#prepared.date === date) return this.#prepared;
    const { securityToken } = this.#keys;
    const token = securityToken === undefined ? {} : { 'x-obs-security-token': securityToken };
    const headers = { ...given, [this.#dateHeader]: date, ...token };
    this.#prepared = {
      given: Object.isFrozen(given) ? given : undefined,
      date,
      headers: Object.entries(headers),
      lines: signedHeaderLines(headers),
    };
    return this.#prepared;
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

  /**
   * At once where the credentials are there, for that is the case on nearly every call.
   *
   * @throws {DriverFailure} UNAUTHENTICATED (no effect) there are no credentials, or their source failed.
   */
  signerFor(attempt: Attempt): ObsSigner | Promise<ObsSigner> {
    const { kept } = this.#credentials;
    if (kept !== undefined) return this.#signerOf(kept, attempt);
    return this.#credentials.get(attempt).then((keys) => this.#signerOf(keys, attempt));
  }

  #signerOf(keys: AccessKeys, attempt: Attempt): ObsSigner {
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

import type { RequestSigner } from '../../src/auth/signer.js';
import type { HttpRequest } from '../../src/http/message.js';
import type { AccessKeys } from './access-keys.js';
import { HmacKey } from './hmac-key.js';
import { onceASecond } from './once-a-second.js';
import type { CanonicalTarget } from './sdk-hmac.js';
import { canonicalRequestOf, canonicalTargetOf, SDK_HMAC, sdkDateOf, stringToSignOf } from './sdk-hmac.js';

/** A request that may say how its target is signed, where it was made of parts in that form: else that is found out. */
export type SignableHttpRequest = HttpRequest & Partial<CanonicalTarget>;

/** What is the same for all requests of a second with the same headers, which are all of a connection's. */
interface Prepared {
  /** Undefined where they could still be changed. */
  readonly given: HttpRequest['headers'] | undefined;
  readonly origin: string;
  readonly sdkDate: string;
  readonly contentType: string;
  /** Sent, and not signed. */
  readonly others: readonly (readonly [name: string, value: string])[];
  /** The lines of the signed headers, each with its line's end. */
  readonly lines: string;
}

/**
 * Signs requests with one access key. The signed headers are content-type, host, x-project-id, x-sdk-date and
 * x-security-token. The host is left for undici to send, which takes it from the origin as this does.
 */
export class SdkHmacSigner implements RequestSigner {
  readonly #keys: AccessKeys;
  readonly #key: HmacKey;
  readonly #projectId: string | undefined;
  readonly #signedHeaders: string;
  /** The `Authorization` header up to the signature. */
  readonly #beforeSignature: string;
  /** The headers that are its own to set. */
  readonly #own: ReadonlySet<string>;
  readonly #dateOf = onceASecond(sdkDateOf);
  #prepared: Prepared | undefined;

  /** @param projectId - sent and signed as X-Project-Id, where given. */
  constructor(keys: AccessKeys, projectId?: string) {
    this.#keys = keys;
    this.#key = new HmacKey('sha256', keys.secretAccessKey);
    this.#projectId = projectId;
    const project = projectId === undefined ? '' : ';x-project-id';
    const token = keys.securityToken === undefined ? '' : ';x-security-token';
    this.#signedHeaders = `content-type;host${project};x-sdk-date${token}`;
    this.#beforeSignature = `${SDK_HMAC} Access=${keys.accessKeyId}, SignedHeaders=${this.#signedHeaders}, Signature=`;
    this.#own = new Set([...this.#signedHeaders.split(';'), 'authorization']);
  }

  sign(request: SignableHttpRequest, now: Date): HttpRequest {
    const { origin, method, path, body, maxBodyBytes, canonicalPath, canonicalQuery } = request;
    const sdkDate = this.#dateOf(now);
    const { contentType, others, lines } = this.#preparedFor(request, sdkDate);
    const target =
      canonicalPath === undefined || canonicalQuery === undefined
        ? canonicalTargetOf(path)
        : { canonicalPath, canonicalQuery };
    const canonicalRequest = canonicalRequestOf({ method, body, ...target }, lines, this.#signedHeaders);
    const stringToSign = stringToSignOf(canonicalRequest, sdkDate);
    const headers: Record<string, string> = { 'Content-Type': contentType, 'X-Sdk-Date': sdkDate };
    for (const [name, value] of others) headers[name] = value;
    if (this.#projectId !== undefined) headers['X-Project-Id'] = this.#projectId;
    if (this.#keys.securityToken !== undefined) headers['X-Security-Token'] = this.#keys.securityToken;
    headers['Authorization'] = this.#beforeSignature + this.#key.sign(stringToSign, 'hex');
    return { origin, method, path, headers, body, maxBodyBytes };
  }

  #preparedFor({ headers: given, origin }: HttpRequest, sdkDate: string): Prepared {
    const latest = this.#prepared;
    if (latest?.given === given && latest.sdkDate === sdkDate && latest.origin === origin) return latest;
    const { host } = new URL(origin);
    let contentType = 'application/json';
    const others: (readonly [string, string])[] = [];
    for (const [name, value] of Object.entries(given)) {
      const lowerCased = name.toLowerCase();
      if (lowerCased === 'content-type') contentType = value;
      else if (!this.#own.has(lowerCased)) others.push([name, value]);
    }
    const lines = this.#linesOf(contentType, host, sdkDate);
    const kept = Object.isFrozen(given) ? given : undefined;
    this.#prepared = { given: kept, origin, sdkDate, contentType, others, lines };
    return this.#prepared;
  }

  /** In the order of their names, as they are signed. */
  #linesOf(contentType: string, host: string, sdkDate: string): string {
    const { securityToken } = this.#keys;
    const project = this.#projectId === undefined ? '' : `x-project-id:${this.#projectId.trim()}\n`;
    const token = securityToken === undefined ? '' : `x-security-token:${securityToken.trim()}\n`;
    return `content-type:${contentType.trim()}\nhost:${host}\n${project}x-sdk-date:${sdkDate}\n${token}`;
  }
}

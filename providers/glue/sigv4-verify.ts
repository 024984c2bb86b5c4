import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { EmulatedRequest } from '../../src/testing/emulator-server.js';
import type { Authorization } from './emulator-authorization.js';
import { amzDateOf, parseAuthorization, signedAt } from './emulator-authorization.js';
import { canonicalRequest } from './emulator-canonical.js';
import type { GlueKnobs } from './emulator-knobs.js';

/** What signs a request. With `sessionToken` every request must carry exactly this token, without it none. */
export interface GlueEmulatorCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Why a request is refused. */
export interface SignatureProblem {
  readonly type: string;
  readonly message: string;
}

const SERVICE = 'glue';

/**
 * Verifies Signature Version 4 over whichever headers the client signed: the SDKs and the CLI sign different ones.
 *
 * Documented: how a signature is made, and that `host` and every `x-amz-` header are signed. Inferred: the names of the
 * errors, the order of the checks, and that all are answered with status 400.
 */
export class SignatureVerifier {
  readonly #region: string;
  readonly #credentials: GlueEmulatorCredentials;
  readonly #knobs: GlueKnobs;
  #key: { readonly day: string; readonly bytes: Buffer } | undefined;

  constructor(region: string, credentials: GlueEmulatorCredentials, knobs: GlueKnobs) {
    this.#region = region;
    this.#credentials = credentials;
    this.#knobs = knobs;
  }

  /** What is wrong with a request's signature; undefined where nothing is. */
  problem(request: EmulatedRequest, nowMs: number): SignatureProblem | undefined {
    const { headers } = request;
    const { authorization: header } = headers;
    if (header === undefined) return refuse('MissingAuthenticationTokenException', 'the request is not signed');
    const authorization = parseAuthorization(header);
    if (authorization === undefined) {
      return refuse('IncompleteSignatureException', 'the Authorization header is not one of AWS4-HMAC-SHA256');
    }
    const atMs = signedAt(text(headers['x-amz-date']), headers.date);
    if (atMs === undefined) {
      return refuse('IncompleteSignatureException', 'there is no readable X-Amz-Date or Date');
    }
    return (
      this.#wrongClient(request, authorization) ??
      this.#wrongScope(authorization, atMs) ??
      this.#wrongTime(atMs, nowMs) ??
      unsignedHeader(request, authorization) ??
      this.#wrongSignature(request, authorization, atMs)
    );
  }

  #wrongClient({ headers }: EmulatedRequest, { accessKeyId }: Authorization): SignatureProblem | undefined {
    const { accessKeyId: known, sessionToken } = this.#credentials;
    const fits =
      sameText(accessKeyId, known) && sameText(text(headers['x-amz-security-token']) ?? '', sessionToken ?? '');
    return fits
      ? undefined
      : refuse('UnrecognizedClientException', 'the access key or the security token is not valid');
  }

  #wrongScope({ day, region, service }: Authorization, atMs: number): SignatureProblem | undefined {
    const wrong = [
      ...(day === amzDateOf(atMs).slice(0, 8) ? [] : [`date ${day} is not the request's`]),
      ...(region === this.#region ? [] : [`region ${region} is not ${this.#region}`]),
      ...(service === SERVICE ? [] : [`service ${service} is not ${SERVICE}`]),
    ];
    return wrong.length === 0 ? undefined : invalid(`the credential's scope does not fit: ${wrong.join(', ')}`);
  }

  #wrongTime(atMs: number, nowMs: number): SignatureProblem | undefined {
    const { maxSkewMs, skewRefusal } = this.#knobs;
    if (Math.abs(nowMs - atMs) <= maxSkewMs) return undefined;
    const problem = atMs < nowMs ? 'Signature expired' : 'Signature not yet current';
    return refuse(skewRefusal, `${problem}: ${amzDateOf(atMs)}, while it is ${amzDateOf(nowMs)}`);
  }

  #wrongSignature(
    request: EmulatedRequest,
    { day, scope, signedHeaders, signature }: Authorization,
    atMs: number,
  ): SignatureProblem | undefined {
    const canonical = canonicalRequest(request, signedHeaders, sha256(request.body));
    const toSign = ['AWS4-HMAC-SHA256', amzDateOf(atMs), scope, sha256(canonical)].join('\n');
    const right = hmac(this.#signingKey(day), toSign);
    const claimed = text(request.headers['x-amz-content-sha256']);
    if (claimed !== undefined && claimed !== sha256(request.body))
      return invalid('the body is not the one that was signed');
    if (timingSafeEqual(right, Buffer.from(signature, 'hex'))) return undefined;
    return invalid('the signature does not fit the request');
  }

  #signingKey(day: string): Buffer {
    if (this.#key?.day !== day) {
      const steps = [day, this.#region, SERVICE, 'aws4_request'];
      const secret = Buffer.from(`AWS4${this.#credentials.secretAccessKey}`);
      this.#key = { day, bytes: steps.reduce<Buffer>(hmac, secret) };
    }
    return this.#key.bytes;
  }
}

function unsignedHeader({ headers }: EmulatedRequest, { signedHeaders }: Authorization): SignatureProblem | undefined {
  const signed = new Set(signedHeaders);
  const date = headers['x-amz-date'] === undefined ? ['date'] : [];
  const owed = ['host', ...date, ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  const unsigned = owed.filter((name) => !signed.has(name));
  if (unsigned.length > 0) return invalid(`not among the signed headers: ${unsigned.join(', ')}`);
  const absent = signedHeaders.filter((name) => headers[name] === undefined);
  return absent.length > 0 ? invalid(`signed but not sent: ${absent.join(', ')}`) : undefined;
}

function invalid(message: string): SignatureProblem {
  return refuse('InvalidSignatureException', message);
}

function refuse(type: string, message: string): SignatureProblem {
  return { type, message };
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}

/** Hashes first: comparing in constant time needs equal lengths. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

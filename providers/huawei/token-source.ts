import { z } from 'zod';
import { CallAttempt, CallRecord } from '../../src/attempt.js';
import type { Expiring } from '../../src/auth/credentials.js';
import { CallScope } from '../../src/deadline.js';
import { DriverFailure } from '../../src/driver-failure.js';
import { headerOf } from '../../src/http/header.js';
import type { HttpAnswer, HttpRequest } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import type { HttpTransport } from '../../src/http/transport.js';
import { codeOfStatus } from '../../src/http/verdict.js';
import { REAL_RUNTIME } from '../../src/runtime.js';
import { errorOf, requestIdOf } from './error-body.js';

/** A token of IAM, as it goes into the header X-Auth-Token. */
export interface AuthToken extends Expiring {
  readonly token: string;
}

/** What a token is asked for with. */
export interface PasswordLogin {
  /** The IAM user's name; a HUAWEI ID cannot get a token. */
  readonly username: string;
  readonly password: string;
  /** The name of the account that the user belongs to. */
  readonly domainName: string;
  /** The project that the token is for. */
  readonly projectId: string;
  /** IAM's origin: `https://iam.cn-north-4.myhuaweicloud.com`. */
  readonly origin: string;
}

/** The request is shared by every call that waits for it, so it has a time of its own. */
const TOKEN_TIMEOUT_MS = 30_000;
/** Wrong passwords lock the user, five of them for a quarter of an hour by default: three refusals stay below that. */
const REFUSED_FOR_MS = 5 * 60_000;

const tokenSchema = z.object({ token: z.object({ expires_at: z.string().nullish() }) });
const iamErrorSchema = z.object({ error: z.object({ message: z.string().nullish(), title: z.string().nullish() }) });

/**
 * Gets project-scoped tokens from IAM for a name and a password.
 *
 * A refused password is not sent again for five minutes: until then the same refusal is given at once.
 *
 * @see https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 */
export class IamTokenSource {
  readonly #request: HttpRequest;
  readonly #transport: HttpTransport;
  readonly #nowMs: () => number;
  #refused: { readonly failure: DriverFailure; readonly atMs: number } | undefined;

  constructor(login: PasswordLogin, transport: HttpTransport, nowMs: () => number = Date.now) {
    this.#request = tokenRequest(login);
    this.#transport = transport;
    this.#nowMs = nowMs;
  }

  /** @throws {DriverFailure} with effect `none`: asking for a token resumes nothing. UNAUTHENTICATED where IAM refuses. */
  async token(): Promise<AuthToken> {
    if (this.#refused !== undefined && this.#nowMs() - this.#refused.atMs < REFUSED_FOR_MS) {
      const { message, details } = this.#refused.failure;
      throw new DriverFailure(`${message}; not asked again so soon, for wrong passwords lock the user`, details);
    }
    const answer = await this.#send();
    if (answer.status === 201) return tokenOf(answer);
    const failure = refusalOf(answer);
    if (answer.status === 401) this.#refused = { failure, atMs: this.#nowMs() };
    throw failure;
  }

  async #send(): Promise<HttpAnswer> {
    const scope = new CallScope(REAL_RUNTIME, { timeoutMs: TOKEN_TIMEOUT_MS });
    try {
      return await this.#transport.send(this.#request, new CallAttempt(new CallRecord(REAL_RUNTIME), scope, false));
    } catch (thrown) {
      if (!(thrown instanceof DriverFailure)) throw thrown;
      throw new DriverFailure(`no token from IAM: ${thrown.message}`, { ...thrown.details, effect: 'none' });
    } finally {
      scope.dispose();
    }
  }
}

function tokenRequest({ username, password, domainName, projectId, origin }: PasswordLogin): HttpRequest {
  const user = { name: username, password, domain: { name: domainName } };
  const auth = { identity: { methods: ['password'], password: { user } }, scope: { project: { id: projectId } } };
  return {
    origin,
    method: 'POST',
    path: '/v3/auth/tokens?nocatalog=true',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth }),
  };
}

/** A token without a readable expiry is kept until it is refused. */
function tokenOf(answer: HttpAnswer): AuthToken {
  const token = headerOf(answer, 'x-subject-token');
  if (token === undefined || token === '') {
    throw new DriverFailure('no token from IAM: answered 201 without the header X-Subject-Token', {
      code: 'INTERNAL',
      effect: 'none',
      httpStatus: answer.status,
      requestId: requestIdOf(answer),
    });
  }
  const body = tokenSchema.safeParse(jsonOf(answer));
  const expiresAt = body.success ? (body.data.token.expires_at ?? undefined) : undefined;
  return expiresAt === undefined || Number.isNaN(Date.parse(expiresAt)) ? { token } : { token, expiresAt };
}

function refusalOf(answer: HttpAnswer): DriverFailure {
  const known = errorOf(answer);
  const said = known ?? iamErrorOf(answer);
  const why = said?.message === undefined ? 'a body that is not IAM’s' : said.message;
  return new DriverFailure(`no token from IAM: answered ${answer.status} with ${why}`, {
    code: codeOfStatus(answer.status),
    effect: 'none',
    httpStatus: answer.status,
    providerCode: known?.providerCode,
    requestId: requestIdOf(answer) ?? known?.requestId,
  });
}

/** Keystone's own form, whose `code` only repeats the status. */
function iamErrorOf(answer: HttpAnswer): { readonly message?: string | undefined } | undefined {
  const body = iamErrorSchema.safeParse(jsonOf(answer));
  return body.success ? { message: body.data.error.message ?? body.data.error.title ?? undefined } : undefined;
}

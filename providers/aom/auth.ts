import { CachedCredentials } from '../../src/auth/credentials.js';
import type { Attempt } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { HttpRequest } from '../../src/http/message.js';
import type { HttpTransport } from '../../src/http/transport.js';
import { parse } from '../../src/schema.js';
import type { AccessKeys } from '../huawei/access-keys.js';
import { accessKeysFromEnvironment, accessKeysSchema, SDK_VARIABLES } from '../huawei/access-keys.js';
import type { SignableHttpRequest } from '../huawei/sdk-hmac-signer.js';
import { SdkHmacSigner } from '../huawei/sdk-hmac-signer.js';
import { IamTokenSource } from '../huawei/token-source.js';
import type { AomCredentials, AomSupplied, ParsedAomOptions } from './options.js';
import { suppliedSchema } from './options.js';

/** A request that carries its proof. */
export interface AuthorizedRequest {
  readonly request: HttpRequest;
  /** The token that it carries, where another one can be had if this one is refused. */
  readonly renewable: object | undefined;
}

/** Puts the connection's proof on its requests: a signature, or a token. */
export class AomAuthorizer {
  readonly #projectId: string;
  readonly #credentials: CachedCredentials<AomSupplied>;
  /** What must not show in an error although no request carries it. */
  readonly #password: string | undefined;
  /** Whether a token that is refused can be replaced by another. */
  readonly #canRenew: boolean;
  #latest: { readonly keys: AccessKeys; readonly signer: SdkHmacSigner } | undefined;

  constructor(options: ParsedAomOptions, transport: HttpTransport) {
    const { credentials, projectId } = options;
    const isFunction = typeof credentials === 'function';
    const isPassword = hasPassword(credentials);
    this.#projectId = projectId;
    this.#password = isPassword ? credentials.password : undefined;
    this.#canRenew = isFunction || isPassword;
    this.#credentials = new CachedCredentials(supplyFrom(options, transport), { keepWithoutExpiry: !isFunction });
  }

  /**
   * At once where the credential is there, for that is the case on nearly every call.
   *
   * @throws {DriverFailure} UNAUTHENTICATED (no effect) there are no credentials, or their source failed.
   */
  authorize(request: SignableHttpRequest, attempt: Attempt): AuthorizedRequest | Promise<AuthorizedRequest> {
    attempt.conceal(this.#password);
    const { kept } = this.#credentials;
    if (kept !== undefined) return this.#authorized(request, kept, attempt);
    return this.#credentials.get(attempt).then((credential) => this.#authorized(request, credential, attempt));
  }

  #authorized(request: SignableHttpRequest, credential: AomSupplied, attempt: Attempt): AuthorizedRequest {
    if ('token' in credential) {
      attempt.conceal(credential.token);
      const headers = { ...request.headers, 'X-Auth-Token': credential.token };
      return { request: { ...request, headers }, renewable: this.#canRenew ? credential : undefined };
    }
    attempt.conceal(credential.accessKeyId);
    attempt.conceal(credential.secretAccessKey);
    attempt.conceal(credential.securityToken);
    // Never renewable: five bad signatures lock an access key.
    return { request: this.#signerOf(credential).sign(request, new Date()), renewable: undefined };
  }

  /** Forgets a token that was refused. */
  drop(refused: object): void {
    this.#credentials.drop(refused);
  }

  #signerOf(keys: AccessKeys): SdkHmacSigner {
    if (this.#latest?.keys !== keys) this.#latest = { keys, signer: new SdkHmacSigner(keys, this.#projectId) };
    return this.#latest.signer;
  }
}

function supplyFrom(
  { credentials, projectId, iamOrigin = '' }: ParsedAomOptions,
  transport: HttpTransport,
): () => Promise<AomSupplied> {
  if (typeof credentials === 'function') {
    const schema = suppliedSchema();
    return async () => parse(schema, await credentials(), 'what the credentials function returned');
  }
  if (hasPassword(credentials)) {
    const source = new IamTokenSource({ ...credentials, projectId, origin: iamOrigin }, transport);
    return () => source.token();
  }
  return async () => credentials ?? fromVariables();
}

function fromVariables(): AccessKeys {
  const keys = accessKeysFromEnvironment(SDK_VARIABLES);
  if (keys !== undefined) return parse<AccessKeys>(accessKeysSchema(), keys, 'the access key of the environment');
  throw new DriverFailure(
    'no credentials: pass the option credentials, or set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK',
    { code: 'UNAUTHENTICATED', effect: 'none' },
  );
}

function hasPassword(
  credentials: AomCredentials | undefined,
): credentials is Extract<AomCredentials, { password: string }> {
  return typeof credentials === 'object' && 'password' in credentials;
}

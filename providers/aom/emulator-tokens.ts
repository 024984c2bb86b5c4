import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { jsonOf } from '../../src/http/message.js';
import type { EmulatedRequest } from '../../src/testing/emulator-server.js';
import type { EmulatedAnswer } from '../../src/testing/faults.js';
import type { AomAnswers } from './emulator-answers.js';
import type { AomKnobs } from './emulator-knobs.js';

/** The IAM user that an emulator knows. */
export interface AomUser {
  readonly username: string;
  readonly password: string;
  readonly domainName: string;
}

/** An account policy, whose default is five. @see https://support.huaweicloud.com/intl/en-us/iam_faq/iam_01_0130.html */
const FAILURES_BEFORE_LOCK = 5;
const LOCKED_MS = 15 * 60_000;

const loginSchema = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.tuple([z.literal('password')]),
      password: z.object({
        user: z.object({ name: z.string(), password: z.string(), domain: z.object({ name: z.string() }) }),
      }),
    }),
    scope: z.object({ project: z.object({ id: z.string() }) }),
  }),
});

/** Issues tokens as IAM does, and says which are still good. */
export class EmulatedTokens {
  readonly #user: AomUser;
  readonly #projectId: string;
  readonly #clock: { readonly nowMs: number };
  readonly #knobs: AomKnobs;
  readonly #answers: AomAnswers;
  readonly #expiries = new Map<string, number>();
  #failures = 0;
  #lockedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    user: AomUser,
    projectId: string,
    clock: { readonly nowMs: number },
    knobs: AomKnobs,
    answers: AomAnswers,
  ) {
    this.#user = user;
    this.#projectId = projectId;
    this.#clock = clock;
    this.#knobs = knobs;
    this.#answers = answers;
  }

  issue(): string {
    const token = `MII${randomBytes(this.#knobs.tokenLength).toString('base64url')}`.slice(0, this.#knobs.tokenLength);
    this.#expiries.set(token, this.#clock.nowMs + this.#knobs.tokenLifetimeMs);
    return token;
  }

  /** Makes every token that was issued so far a dead one, as a changed password does. */
  revoke(): void {
    this.#expiries.clear();
  }

  /** The refusal of a token; undefined where it is good. @see the gateway's table and its FAQ on IAM authentication */
  refusalOf(token: string): EmulatedAnswer | undefined {
    const expiryMs = this.#expiries.get(token);
    if (expiryMs === undefined) {
      return this.#answers.gateway(401, 'APIGW.0301', 'Incorrect IAM authentication information: decrypt token fail');
    }
    if (expiryMs > this.#clock.nowMs) return undefined;
    return this.#answers.gateway(401, 'APIGW.0307', 'The token must be updated.');
  }

  /** `POST /v3/auth/tokens`. @see https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html */
  login(request: EmulatedRequest): EmulatedAnswer {
    const login = loginSchema.safeParse(jsonOf(request));
    if (!login.success) return this.#answers.iam(400, 'The request body is invalid', 'Bad Request');
    if (this.#clock.nowMs < this.#lockedUntilMs)
      return this.#answers.iam(401, 'The account is locked.', 'Unauthorized');
    const { identity, scope } = login.data.auth;
    const { name, password, domain } = identity.password.user;
    const { username, password: right, domainName } = this.#user;
    if (name !== username || domain.name !== domainName || password !== right) return this.#wrong();
    this.#failures = 0;
    // A project that the user has no part in: the status is documented, the words are not.
    if (scope.project.id !== this.#projectId) return this.#answers.iam(403, 'No permission.', 'Forbidden');
    const expires_at = new Date(this.#clock.nowMs + this.#knobs.tokenLifetimeMs).toISOString();
    const token = { methods: ['password'], expires_at, project: { id: this.#projectId }, user: { name, domain } };
    return this.#answers.json({ token }, 201, { 'X-Subject-Token': this.issue() });
  }

  #wrong(): EmulatedAnswer {
    this.#failures += 1;
    if (this.#failures >= FAILURES_BEFORE_LOCK) {
      this.#failures = 0;
      this.#lockedUntilMs = this.#clock.nowMs + LOCKED_MS;
    }
    return this.#answers.iam(401, 'The username or password is wrong.', 'Unauthorized');
  }
}

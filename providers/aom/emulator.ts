import type { EmulatedConnection, EmulatorSettings } from '../../src/testing/emulated-connection.js';
import { checkEmulatorSettings } from '../../src/testing/emulator-schema.js';
import type { EmulatedOperation, EmulatedRequest, EmulatorOptions } from '../../src/testing/emulator-server.js';
import { EmulatorServer } from '../../src/testing/emulator-server.js';
import type { EmulatedAnswer } from '../../src/testing/faults.js';
import type { AccessKeys } from '../huawei/access-keys.js';
import { SdkHmacVerifier } from '../huawei/sdk-hmac-verify.js';
import { AomAnswers } from './emulator-answers.js';
import type { AomExecutionDefinition, AomExecutionState } from './emulator-definition.js';
import type { AomKnobs } from './emulator-knobs.js';
import { DEFAULT_KNOBS } from './emulator-knobs.js';
import { SAMPLE } from './emulator-sample.js';
import { checkDefinition, checkOptions } from './emulator-schema.js';
import { EmulatedService } from './emulator-service.js';
import type { AomUser } from './emulator-tokens.js';
import { EmulatedTokens } from './emulator-tokens.js';

export type {
  AomExecutionDefinition,
  AomExecutionState,
  AomNodeDefinition,
  AomNodeState,
} from './emulator-definition.js';
export type { AomKnobs } from './emulator-knobs.js';
export type { AomUser } from './emulator-tokens.js';

/** How an AOM emulator is set up. */
export interface AomEmulatorOptions extends EmulatorOptions {
  /** @default 'cn-north-4' */
  readonly region?: string | undefined;
  /** @default '0123456789abcdef0123456789abcdef' */
  readonly projectId?: string | undefined;
  /** The one access key that it knows. */
  readonly credentials?: AccessKeys | undefined;
  /** The one user who can get tokens. */
  readonly user?: AomUser | undefined;
  readonly knobs?: Partial<AomKnobs> | undefined;
}

const DEFAULT_KEYS: AccessKeys = {
  accessKeyId: 'AKIDEXAMPLE0000000',
  secretAccessKey: 'SKEXAMPLEsecretKey0123456789abcdefghij00',
};
const DEFAULT_USER: AomUser = {
  username: 'emulated-user',
  password: 'Emulated-Passw0rd',
  domainName: 'emulated-domain',
};
const TOKENS_PATH = '/v3/auth/tokens';

/**
 * Plays AOM automation with the gateway before it and IAM beside it: operations, detail, history, execute, terminate,
 * list and tokens, with real signature and token checks.
 *
 * It plays the documents and has never been compared with the real service; what they leave open is in {@link AomKnobs}.
 */
export class AomEmulator extends EmulatorServer {
  readonly provider = 'aom';
  readonly region: string;
  readonly projectId: string;
  readonly credentials: AccessKeys;
  readonly user: AomUser;
  /** May be set at any time. */
  readonly knobs: AomKnobs;
  /** A failed execution that waits to be resumed, and the node that failed. */
  readonly sample = {
    workflow: SAMPLE.workflow,
    execution: SAMPLE.execution,
    nodes: ['run-script'] as readonly string[],
  };
  readonly #answers: AomAnswers;
  readonly #service: EmulatedService;
  readonly #tokens: EmulatedTokens;
  readonly #verifier: SdkHmacVerifier;

  /** @throws {ResumeError} INVALID_ARGUMENT with every problem: an option that is not known, or cannot be. */
  constructor(options: AomEmulatorOptions = {}) {
    checkOptions(options);
    super(options);
    this.region = options.region ?? 'cn-north-4';
    this.projectId = options.projectId ?? '0123456789abcdef0123456789abcdef';
    this.credentials = options.credentials ?? DEFAULT_KEYS;
    this.user = options.user ?? DEFAULT_USER;
    this.knobs = { ...DEFAULT_KNOBS, ...options.knobs };
    this.#answers = new AomAnswers(this.knobs);
    this.#service = new EmulatedService(this.projectId, this.clock, this.knobs, this.#answers);
    this.#tokens = new EmulatedTokens(this.user, this.projectId, this.clock, this.knobs, this.#answers);
    this.#verifier = new SdkHmacVerifier(this.credentials, this.clock);
    this.define(SAMPLE);
  }

  /**
   * Adds an execution, or replaces the one of that id.
   *
   * @throws {ResumeError} INVALID_ARGUMENT with every problem.
   */
  define(definition: AomExecutionDefinition): void {
    checkDefinition(definition);
    this.#service.define(definition);
  }

  /** An execution with its nodes as they stand now; undefined where there is none. */
  stateOf(workflow: string, execution: string): AomExecutionState | undefined {
    return this.#service.stateOf(workflow, execution);
  }

  /** Issues a token without asking for a password. */
  issueToken(): string {
    return this.#tokens.issue();
  }

  /** Makes every token that was issued so far a dead one. */
  revokeTokens(): void {
    this.#tokens.revoke();
  }

  describe(): EmulatedConnection {
    const { provider, endpoint, region, projectId, sample } = this;
    const { accessKeyId, secretAccessKey, securityToken } = this.credentials;
    const credentials = { accessKeyId, secretAccessKey, ...(securityToken === undefined ? {} : { securityToken }) };
    return { provider, endpoint, region, projectId, credentials, ...sample };
  }

  protected override authenticate(request: EmulatedRequest): EmulatedAnswer | undefined {
    if (request.path === TOKENS_PATH) return undefined;
    const token = request.headers['x-auth-token'];
    if (token !== undefined) return this.#tokens.refusalOf(String(token));
    const refusal = this.#verifier.refusalOf(request);
    return refusal === undefined ? undefined : this.#answers.gateway(401, refusal.providerCode, refusal.message);
  }

  protected override route(request: EmulatedRequest): EmulatedOperation {
    if (request.path === TOKENS_PATH && request.method === 'POST') {
      return { name: 'token', mutating: false, concealBody: true, run: () => this.#tokens.login(request) };
    }
    const operation = this.#operationOf(request);
    if (operation === undefined) return { name: 'unknown', mutating: false, run: () => this.#unknownApi() };
    const { projectId, ...inProject } = operation;
    if (projectId === this.projectId) return inProject;
    // Borrowed from the gateway's table: how AOM refuses a project that is not the caller's is undocumented.
    const refusal = () => this.#answers.gateway(403, 'APIGW.0310', 'The project is unavailable.');
    return { ...inProject, run: refusal };
  }

  #operationOf(request: EmulatedRequest): (EmulatedOperation & { readonly projectId: string }) | undefined {
    const [empty, version, projectId = '', cms, ...rest] = request.path.split('/').map(decoded);
    if (empty !== '' || version !== 'v1' || cms !== 'cms') return undefined;
    const [kind, workflow = '', executions, execution = '', last = '', ...more] = rest;
    if (request.method === 'POST' && kind === 'workflow-list' && rest.length === 1) {
      return { projectId, name: 'workflow-list', mutating: false, run: () => this.#service.list(request) };
    }
    if (kind !== 'workflow' || executions !== 'executions' || more.length > 0) return undefined;
    switch (`${request.method} ${rest.length === 3 ? 'executions' : last}`) {
      case 'POST operation':
        return this.#mutating('operation', projectId, () => this.#service.operate(workflow, execution, request));
      case 'POST terminate':
        return this.#mutating('terminate', projectId, () => this.#service.terminate(workflow, execution));
      case 'POST executions':
        return this.#mutating('execute', projectId, () => this.#service.execute(workflow));
      case 'GET executions':
        return { projectId, name: 'executions', mutating: false, run: () => this.#service.history(workflow) };
      case 'GET status':
        return { projectId, name: 'status', mutating: false, run: () => this.#service.status(workflow, execution) };
      default:
        return undefined;
    }
  }

  #mutating(name: string, projectId: string, run: () => EmulatedAnswer) {
    return { projectId, name, mutating: true, run };
  }

  #unknownApi(): EmulatedAnswer {
    const message = 'The API does not exist or has not been published in the environment.';
    return this.#answers.gateway(404, 'APIGW.0101', message);
  }
}

/** Makes an emulator from settings that fit every provider's. */
export function createAomEmulator(settings: EmulatorSettings = {}): AomEmulator {
  checkEmulatorSettings(settings, 'createAomEmulator');
  const { port, clock, projectId, securityToken } = settings;
  const { accessKeyId = DEFAULT_KEYS.accessKeyId, secretAccessKey = DEFAULT_KEYS.secretAccessKey } = settings;
  return new AomEmulator({ port, clock, projectId, credentials: { accessKeyId, secretAccessKey, securityToken } });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

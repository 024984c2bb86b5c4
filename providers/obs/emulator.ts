import { randomUUID } from 'node:crypto';
import type { EmulatedConnection, EmulatorSettings } from '../../src/testing/emulated-connection.js';
import { checkEmulatorSettings } from '../../src/testing/emulator-schema.js';
import type { EmulatedOperation, EmulatedRequest, EmulatorOptions } from '../../src/testing/emulator-server.js';
import { EmulatorServer } from '../../src/testing/emulator-server.js';
import type { EmulatedAnswer } from '../../src/testing/faults.js';
import type { AccessKeys } from '../huawei/access-keys.js';
import { errorBody } from './emulator-errors.js';
import type { ObsInstanceDefinition } from './emulator-instances.js';
import { EmulatedInstance, executionNameOf } from './emulator-instances.js';
import type { ObsKnobs } from './emulator-knobs.js';
import { DEFAULT_KNOBS } from './emulator-knobs.js';
import { SAMPLE } from './emulator-sample.js';
import { checkDefinition, checkOptions } from './emulator-schema.js';
import type { Refusal } from './emulator-verify.js';
import { verifyObs } from './emulator-verify.js';
import { infoOf, pageOf } from './emulator-views.js';

export type { ObsInstanceDefinition, ObsRun, ObsStep } from './emulator-instances.js';
export type { ObsKnobs } from './emulator-knobs.js';

/** How an OBS emulator is set up. */
export interface ObsEmulatorOptions extends EmulatorOptions {
  /** @default 'cn-north-4' */
  readonly region?: string | undefined;
  /** Shows in the urns only. @default one made up for examples */
  readonly projectId?: string | undefined;
  /** The one access key that it knows. @default one made up for examples */
  readonly credentials?: AccessKeys | undefined;
  readonly knobs?: Partial<ObsKnobs> | undefined;
}

const DEFAULT_KEYS: AccessKeys = {
  accessKeyId: 'AKIDEXAMPLE0000000',
  secretAccessKey: 'SKEXAMPLEsecretKey0123456789abcdefghij00',
};
const PROJECT_ID = '0123456789abcdef0123456789abcdef';
const MAX_PAGE = 1_000;

/**
 * Plays OBS Data+: restores, reads, lists and starts workflow instances, with real signature checks.
 *
 * It plays the documents and has never been compared with the real service; what they leave open is in {@link ObsKnobs}.
 */
export class ObsEmulator extends EmulatorServer {
  readonly provider = 'obs';
  readonly region: string;
  readonly projectId: string;
  readonly credentials: AccessKeys;
  readonly knobs: ObsKnobs;
  /** A failed instance that waits to be restored. */
  readonly sample = { workflow: SAMPLE.workflow, execution: SAMPLE.execution, nodes: [] as readonly string[] };
  readonly #instances = new Map<string, EmulatedInstance>();

  /** @throws {ResumeError} INVALID_ARGUMENT with every problem: an option that is not known, or cannot be. */
  constructor(options: ObsEmulatorOptions = {}) {
    checkOptions(options);
    super(options);
    this.region = options.region ?? 'cn-north-4';
    this.projectId = options.projectId ?? PROJECT_ID;
    this.credentials = options.credentials ?? DEFAULT_KEYS;
    this.knobs = { ...DEFAULT_KNOBS, ...options.knobs };
    this.define(SAMPLE);
  }

  /**
   * Adds a workflow instance, or replaces the one of that name.
   *
   * @throws {ResumeError} INVALID_ARGUMENT with every problem.
   */
  define(definition: ObsInstanceDefinition): void {
    checkDefinition(definition);
    this.#define(definition);
  }

  describe(): EmulatedConnection {
    const { provider, endpoint, region, sample } = this;
    const { accessKeyId, secretAccessKey, securityToken } = this.credentials;
    const credentials = { accessKeyId, secretAccessKey, ...(securityToken === undefined ? {} : { securityToken }) };
    return { provider, endpoint, region, projectId: null, credentials, ...sample };
  }

  /** The state of an instance now; undefined where there is none. */
  stateOf(workflow: string, execution: string): string | undefined {
    return this.#instances.get(keyOf(workflow, execution))?.stateAt(this.clock.nowMs);
  }

  protected override authenticate(request: EmulatedRequest): EmulatedAnswer | undefined {
    const refusal = verifyObs(request, this.credentials, this.clock.nowMs);
    return refusal === undefined ? undefined : this.#refuse(refusal);
  }

  protected override route(request: EmulatedRequest): EmulatedOperation {
    const { method, path, query } = request;
    const graph = query.get('x-workflow-graph-name') ?? '';
    const execution = segmentAfter(path, '/v2/workflowexecutions/');
    if (execution !== undefined && method === 'PUT') {
      return { name: 'restore', mutating: true, run: () => this.#restore(graph, execution) };
    }
    if (execution !== undefined && method === 'GET') {
      return { name: 'get', mutating: false, run: () => this.#get(graph, execution) };
    }
    if (path === '/v2/workflowexecutions' && method === 'GET') {
      return { name: 'list', mutating: false, run: () => this.#list(graph, query) };
    }
    const started = segmentAfter(path, '/v2/workflows/');
    if (started !== undefined && method === 'POST') {
      return { name: 'start', mutating: true, run: () => this.#start(started) };
    }
    const unknown = { status: 405, code: 'MethodNotAllowed', message: 'The region does not support this API.' };
    return { name: 'unknown', mutating: false, run: () => this.#refuse(unknown) };
  }

  #restore(workflow: string, execution: string): EmulatedAnswer {
    const instance = this.#instances.get(keyOf(workflow, execution));
    if (instance === undefined) return this.#notFound();
    // Once: what begins with a restore must not seem to have begun before it.
    const { nowMs } = this.clock;
    const state = instance.stateAt(nowMs);
    const again = state === 'RUNNING' && this.knobs.doubleRestore === 'accept';
    if (!again && !this.knobs.restorableStates.includes(state)) {
      const { status, code } = this.knobs.wrongState;
      return this.#refuse({ status, code, message: `Only a failed instance can be restored; this one is ${state}.` });
    }
    instance.restore(nowMs);
    const restored_at = new Date(nowMs).toISOString();
    return this.#answer({ execution_urn: instance.urn, execution_name: execution, restored_at });
  }

  #get(workflow: string, execution: string): EmulatedAnswer {
    const instance = this.#instances.get(keyOf(workflow, execution));
    if (instance === undefined) return this.#notFound();
    return this.#answer(infoOf(instance, this.knobs, this.clock.nowMs));
  }

  #list(workflow: string, query: URLSearchParams): EmulatedAnswer {
    const limit = Number(query.get('x-workflow-limit') ?? '10');
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
      return this.#refuse({ status: 400, code: 'InvalidArgument', message: 'x-workflow-limit must be 1 to 1000.' });
    }
    const marker = query.get('x-workflow-next-marker') ?? '';
    const instances = [...this.#instances.values()].filter((instance) => instance.workflow === workflow);
    return this.#answer(pageOf(instances, { limit, marker }, this.knobs, this.clock.nowMs));
  }

  #start(workflow: string): EmulatedAnswer {
    const like = [...this.#instances.values()].find((instance) => instance.workflow === workflow);
    if (like === undefined) return this.#notFound();
    const execution = executionNameOf(randomUUID());
    const { urn, startedAtMs } = this.#define({ workflow, execution, steps: like.steps, state: 'RUNNING' });
    const started_at = new Date(startedAtMs).toISOString();
    return this.#answer({ execution_urn: urn, execution_name: execution, started_at });
  }

  #define(definition: ObsInstanceDefinition): EmulatedInstance {
    const instance = new EmulatedInstance(definition, this.region, this.projectId, this.clock.nowMs);
    this.#instances.set(keyOf(definition.workflow, definition.execution), instance);
    return instance;
  }

  #notFound(): EmulatedAnswer {
    // Borrowed from table 2: the code for an unknown graph or instance is undocumented.
    return this.#refuse({ status: 404, code: 'NoSuchKey', message: 'The workflow or instance does not exist.' });
  }

  #answer(value: unknown): EmulatedAnswer {
    const headers = {
      [this.knobs.requestIdHeader]: randomUUID(),
      ...(this.knobs.contentType ? { 'Content-Type': 'application/json' } : {}),
    };
    return { status: 200, headers, body: JSON.stringify(value) };
  }

  #refuse(refusal: Refusal): EmulatedAnswer {
    const requestId = randomUUID();
    const { contentType, body } = errorBody(refusal, requestId, this.knobs.errorFormat);
    const headers = { [this.knobs.requestIdHeader]: requestId, 'Content-Type': contentType };
    return { status: refusal.status, headers, body };
  }
}

/** Makes an emulator from settings that fit every provider's. */
export function createObsEmulator(settings: EmulatorSettings = {}): ObsEmulator {
  checkEmulatorSettings(settings, 'createObsEmulator');
  const {
    accessKeyId = DEFAULT_KEYS.accessKeyId,
    secretAccessKey = DEFAULT_KEYS.secretAccessKey,
    securityToken,
  } = settings;
  const { port, clock, projectId } = settings;
  return new ObsEmulator({ port, clock, projectId, credentials: { accessKeyId, secretAccessKey, securityToken } });
}

function keyOf(workflow: string, execution: string): string {
  return JSON.stringify([workflow, execution]);
}

/** The one path segment after a prefix, decoded; undefined where there is none or more than one. */
function segmentAfter(path: string, prefix: string): string | undefined {
  if (!path.startsWith(prefix)) return undefined;
  const segment = path.slice(prefix.length);
  if (segment === '' || segment.includes('/')) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

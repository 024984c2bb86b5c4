import type {
  Acceptance,
  Attempt,
  Discovery,
  Finding,
  LostResume,
  Selection,
  Target,
  WorkflowDriver,
} from '../../src/driver.js';
import type { HttpAnswer, HttpRequest } from '../../src/http/message.js';
import { HttpTransport } from '../../src/http/transport.js';
import type { ErrorTable } from '../../src/http/verdict.js';
import { failureOf } from '../../src/http/verdict.js';
import type { Inspection, ListPage, PageRequest, Projection } from '../../src/inspection.js';
import type { ExecutionRef } from '../../src/snapshot.js';
import type { Receipt } from '../../src/types.js';
import { requestIdOf } from '../huawei/error-body.js';
import { pathIdRule } from '../huawei/path-id.js';
import { ObsSigner, ObsSigners } from './auth.js';
import { discovered } from './discovery.js';
import { obsErrorTable, ownErrorOf } from './errors.js';
import { inspectionOf } from './inspection.js';
import { listPageOf, listRequest } from './listing.js';
import type { parseObsOptions } from './options.js';
import { projectionOf } from './projection.js';
import { restoredSince } from './read-back.js';
import { canonicalResource } from './signature.js';
import type { ObsInstance } from './wire.js';
import { acceptanceOf, instanceOf, readRequest, restoreRequest } from './wire.js';

/** Charset and length of an execution name are undocumented. */
const EXECUTION_NAME = pathIdRule(255);

/** One restore on OBS Data+, and the reads that tell what it would do and what became of it, one attempt at a time. */
export class ObsDriver implements WorkflowDriver<'resume'> {
  readonly provider = 'obs';
  readonly capabilities = {
    actions: { resume: { min: 0, max: 0 } },
    newExecution: false,
    discoversNodes: false,
    ids: {
      // @see OBS API reference, "创建工作流"
      workflow: {
        maxLength: 64,
        pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
        rule: 'start with a letter or digit and go on with letters, digits, _ or -',
      },
      execution: EXECUTION_NAME,
      node: EXECUTION_NAME,
    },
    reads: ['inspect', 'plan', 'list'] as const,
    notices: [
      'OBS Data+ has moved to a service called DWR: its documents did so in February 2026. Whether the OBS endpoint ' +
        'still answers this call is not documented.',
    ],
  };
  /** The origin: an OBS request names neither a project nor an account. */
  readonly identity: string;
  readonly #origin: string;
  readonly #transport: HttpTransport;
  readonly #signers: ObsSigners;
  readonly #errors: ErrorTable;

  constructor(options: ReturnType<typeof parseObsOptions>) {
    this.identity = options.origin;
    this.#origin = options.origin;
    this.#transport = new HttpTransport(options);
    this.#signers = new ObsSigners(options.credentials, options.canonicalResource ?? canonicalResource);
    this.#errors = obsErrorTable(options.slowDown ?? 'unknown');
  }

  /** The state before the request is what a lost answer is told by. */
  needsDiscovery(_target: Target, readBack: boolean): boolean {
    return readBack;
  }

  doDiscover(target: Target, attempt: Attempt): Promise<Discovery> {
    return this.#read(target, attempt, (instance) => discovered(target, instance));
  }

  doResume(target: Target, _selection: Selection, attempt: Attempt): Promise<Acceptance> {
    return this.#exchange(restoreRequest(this.#origin, target), attempt, (answer) => acceptanceOf(answer, target));
  }

  doFindResumed(target: Target, _selection: Selection, lost: LostResume, attempt: Attempt): Promise<Finding> {
    return this.#read(target, attempt, (instance) => restoredSince(target.execution, instance, lost));
  }

  doInspect(ref: ExecutionRef, attempt: Attempt, resumed?: Receipt): Promise<Inspection> {
    return this.#read(ref, attempt, (instance) => inspectionOf(instance, resumed));
  }

  doPlan(target: Target, attempt: Attempt): Promise<Projection> {
    return this.#read(target, attempt, projectionOf);
  }

  /** In the service's order, which is undocumented; nothing is left out. */
  doList(workflow: string, { token }: PageRequest, attempt: Attempt): Promise<ListPage> {
    return this.#exchange(listRequest(this.#origin, workflow, token), attempt, (answer) => listPageOf(answer, token));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** @param understood - what the instance means. */
  #read<T>(ref: ExecutionRef, attempt: Attempt, understood: (instance: ObsInstance) => T): Promise<T> {
    return this.#exchange(readRequest(this.#origin, ref), attempt, (answer) => understood(instanceOf(answer, ref)));
  }

  /**
   * Without a turn in between where the credentials are there.
   *
   * @throws {DriverFailure} the answer is anything but a 200.
   */
  #exchange<T>(request: HttpRequest, attempt: Attempt, understood: (answer: HttpAnswer) => T): Promise<T> {
    const send = (signer: ObsSigner): Promise<T> =>
      this.#transport.send(signer.sign(request, new Date()), attempt, (answer) => {
        if (answer.status === 200) return understood(answer);
        throw failureOf(answer, ownErrorOf(answer), this.#errors, requestIdOf(answer));
      });
    const signing = this.#signers.signerFor(attempt);
    return signing instanceof ObsSigner ? send(signing) : signing.then(send);
  }
}

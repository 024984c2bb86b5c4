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
import type { HttpAnswer } from '../../src/http/message.js';
import { HttpTransport } from '../../src/http/transport.js';
import { unreadable } from '../../src/http/verdict.js';
import type { Inspection, ListPage, PageRequest, Projection } from '../../src/inspection.js';
import type { ExecutionRef } from '../../src/snapshot.js';
import type { Action, Receipt } from '../../src/types.js';
import { requestIdOf } from '../huawei/error-body.js';
import { pathIdRule } from '../huawei/path-id.js';
import type { AuthorizedRequest } from './auth.js';
import { AomAuthorizer } from './auth.js';
import { selectionOf } from './discovery.js';
import { aomFailure } from './errors.js';
import { inspectionOf } from './inspection.js';
import { historyOf } from './listing.js';
import type { ParsedAomOptions } from './options.js';
import { projectionOf } from './projection.js';
import { baselineOf, operatedSince } from './read-back.js';
import type { AomAddress, AomRequest } from './requests.js';
import { historyRequest, operationRequest, statusRequest } from './requests.js';
import type { AomExecution } from './wire.js';
import { acceptanceOf, executionOf } from './wire.js';

/** @see https://support.huaweicloud.com/api-aom/StartPausingWorkflowExecutions.html: 1 to 64; the charset is undocumented */
const ID = pathIdRule(64);

/** One operation on a stopped AOM execution, and the reads that tell what it would do and what became of it, one attempt at a time. */
export class AomDriver implements WorkflowDriver<Action> {
  readonly provider = 'aom';
  readonly capabilities = {
    actions: {
      resume: { min: 0, max: 1 },
      restart: { min: 1, max: 1 },
      skip: { min: 1, max: 1 },
      continue: { min: 1, max: 1 },
    },
    newExecution: false,
    discoversNodes: true,
    ids: { workflow: ID, execution: ID, node: ID },
    reads: ['inspect', 'plan', 'list'] as const,
    /** @see https://support.huaweicloud.com/api-aom/StartPausingWorkflowExecutions.html: "自动化运维(即将下线)", and the regions */
    notices: [
      'Huawei has announced AOM automation as "offline soon", without a date; the page of this call said so on ' +
        '2025-12-30.',
      'AOM automation is documented as open in four regions only: cn-north-4, cn-east-3, cn-east-2 and cn-south-1.',
    ],
  };
  /** Origin and project. */
  readonly identity: string;
  readonly #address: AomAddress;
  readonly #transport: HttpTransport;
  readonly #authorizer: AomAuthorizer;

  constructor(options: ParsedAomOptions) {
    this.identity = `${options.origin} ${options.projectId}`;
    this.#address = options;
    this.#transport = new HttpTransport(options);
    this.#authorizer = new AomAuthorizer(options, this.#transport);
  }

  /**
   * A `resume` always reads first: the service knows restart, skip and continue only. What is asked for by name needs
   * only the state that a lost answer is told by.
   */
  needsDiscovery({ action }: Target, readBack: boolean): boolean {
    return action === 'resume' || readBack;
  }

  /** Refuses nothing that is asked for by name, whatever the states: which of them allow it is not documented. */
  doDiscover(target: Target, attempt: Attempt): Promise<Discovery> {
    return this.#read(target, attempt, (execution) => {
      const { action, nodes } = target;
      const selection = action === 'resume' ? selectionOf(target, execution) : { performed: action, nodes };
      return { ...selection, baseline: baselineOf(execution, selection.nodes[0] ?? '') };
    });
  }

  doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance> {
    const { performed, nodes } = selection;
    const operation = operationRequest(this.#address, target, performed, nodes[0] ?? '');
    return this.#send(operation, attempt, (answer, renewable) => {
      if (answer.status === 200) return acceptanceOf(answer, target, selection);
      if (answer.status < 300) throw unreadable(answer, 'only 200 says that it was accepted', requestIdOf(answer));
      throw aomFailure(answer, renewable);
    });
  }

  doFindResumed(target: Target, selection: Selection, lost: LostResume, attempt: Attempt): Promise<Finding> {
    return this.#read(target, attempt, (execution) => operatedSince(target, selection, execution, lost.baseline));
  }

  doInspect(ref: ExecutionRef, attempt: Attempt, resumed?: Receipt): Promise<Inspection> {
    return this.#read(ref, attempt, (execution) => inspectionOf(execution, resumed));
  }

  doPlan(target: Target, attempt: Attempt): Promise<Projection> {
    return this.#read(target, attempt, (execution) => projectionOf(target, execution));
  }

  /** The whole history at once, in the service's order, which is undocumented; nothing is left out. */
  doList(workflow: string, _page: PageRequest, attempt: Attempt): Promise<ListPage> {
    return this.#exchange(historyRequest(this.#address, workflow), attempt, historyOf);
  }

  dropCredential(stale: object): void {
    this.#authorizer.drop(stale);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** @param understood - what the execution means. */
  #read<T>(ref: ExecutionRef, attempt: Attempt, understood: (execution: AomExecution) => T): Promise<T> {
    return this.#exchange(statusRequest(this.#address, ref), attempt, (answer) => understood(executionOf(answer, ref)));
  }

  /** @throws {DriverFailure} the answer is anything but a 200. */
  #exchange<T>(read: AomRequest, attempt: Attempt, understood: (answer: HttpAnswer) => T): Promise<T> {
    return this.#send(read, attempt, (answer, renewable) => {
      if (answer.status === 200) return understood(answer);
      throw aomFailure(answer, renewable);
    });
  }

  /**
   * Without a turn in between where the credential is there.
   *
   * @param understood - what the answer means; it is told which token the request carried.
   */
  #send<T>(
    request: AomRequest,
    attempt: Attempt,
    understood: (answer: HttpAnswer, renewable: object | undefined) => T,
  ): Promise<T> {
    const send = ({ request: authorized, renewable }: AuthorizedRequest): Promise<T> =>
      this.#transport.send(authorized, attempt, (answer) => understood(answer, renewable));
    const authorizing = this.#authorizer.authorize(request, attempt);
    return authorizing instanceof Promise ? authorizing.then(send) : send(authorizing);
  }
}

import { HttpTransport } from '../../src/http/transport.js';
import type { ErrorTable } from '../../src/http/verdict.js';
import { failureOf } from '../../src/http/verdict.js';
import type { Acceptance, Attempt, Selection, Target, WorkflowDriver } from '../../src/types.js';
import { errorOf, requestIdOf } from '../huawei/error-body.js';
import { pathIdRule } from '../huawei/path-id.js';
import { ObsSigners } from './auth.js';
import { obsErrorTable } from './errors.js';
import type { parseObsOptions } from './options.js';
import { canonicalResource } from './signature.js';
import { acceptanceOf, restoreRequest } from './wire.js';

/** Charset and length of an execution name are undocumented. */
const EXECUTION_NAME = pathIdRule(255);

/** One restore on OBS Data+, one attempt at a time. */
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
    notices: [
      'OBS Data+ has moved to a service called DWR: its documents did so in February 2026. Whether the OBS endpoint ' +
        'still answers this call is not documented.',
    ],
  };
  readonly #origin: string;
  readonly #transport: HttpTransport;
  readonly #signers: ObsSigners;
  readonly #errors: ErrorTable;

  constructor(options: ReturnType<typeof parseObsOptions>) {
    this.#origin = options.origin;
    this.#transport = new HttpTransport(options);
    this.#signers = new ObsSigners(options.credentials, options.canonicalResource ?? canonicalResource);
    this.#errors = obsErrorTable(options.slowDown ?? 'unknown');
  }

  async doResume(target: Target, _selection: Selection, attempt: Attempt): Promise<Acceptance> {
    const signer = await this.#signers.signerFor(attempt);
    const answer = await this.#transport.send(signer.sign(restoreRequest(this.#origin, target), new Date()), attempt);
    if (answer.status === 200) return acceptanceOf(answer, target);
    throw failureOf(answer, errorOf(answer), this.#errors, requestIdOf(answer));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

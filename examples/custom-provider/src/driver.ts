import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type {
  Acceptance,
  Attempt,
  Discovery,
  ExecutionRef,
  ExecutionState,
  Finding,
  Inspection,
  ListPage,
  LostResume,
  PageRequest,
  Receipt,
  ResumeLedger,
  Selection,
  Target,
  WorkflowDriver,
} from 'resumable-workflow';
import { DriverFailure } from 'resumable-workflow';
import type { HttpAnswer } from 'resumable-workflow/http';
import { failureOf, HttpTransport, jsonOf, unreadable } from 'resumable-workflow/http';
import { ERRORS, ownErrorOf, requestIdOf } from './errors.js';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface StepFunctionsOptions {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  /** Keys, or what supplies them. @default those of the environment, `AWS_ACCESS_KEY_ID` … */
  readonly credentials?: AwsKeys | (() => Promise<AwsKeys>) | undefined;
  readonly endpoint?: string | undefined;
  readonly ledger?: ResumeLedger | undefined;
}

/** @see Step Functions API reference, ExecutionListItem: 1 to 80 characters, without those below */
const NAME = {
  maxLength: 80,
  pattern: /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{C}]+$/u,
  rule: 'have no white space, brackets, wildcards or any of " # % \\ ^ | ~ ` $ & , ; : /',
};
const STATES: Readonly<Record<string, ExecutionState>> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'stopped',
};

/** An execution as DescribeExecution and ListExecutions show it. Times are epoch seconds. */
interface Described {
  readonly executionArn: string;
  readonly status: string;
  readonly startDate?: number;
  readonly stopDate?: number;
  readonly redriveCount?: number;
  readonly redriveDate?: number;
  readonly error?: string;
  readonly cause?: string;
}

/** One RedriveExecution, and the reads that tell what became of it: one attempt a method, no retry, no timer. */
export class StepFunctionsDriver implements WorkflowDriver<'resume'> {
  readonly provider = 'step-functions';
  readonly capabilities = {
    actions: { resume: { min: 0, max: 0 } },
    newExecution: false,
    discoversNodes: false,
    ids: { workflow: NAME, execution: NAME, node: NAME },
    reads: ['inspect', 'list'] as const,
    notices: ['Only Standard workflows can be redriven, within 14 days after they ended.'],
  };
  readonly identity: string;
  readonly #options: StepFunctionsOptions;
  readonly #origin: string;
  readonly #transport = new HttpTransport();

  constructor(options: StepFunctionsOptions) {
    const { region, accountId, endpoint = `https://states.${region}.amazonaws.com` } = options;
    this.#options = options;
    this.#origin = endpoint;
    this.identity = `${endpoint} ${region} ${accountId}`;
  }

  /** The count before the request is what a lost answer is told by. */
  needsDiscovery(_target: Target, readBack: boolean): boolean {
    return readBack;
  }

  async doDiscover(target: Target, attempt: Attempt): Promise<Discovery> {
    const { redriveCount } = await this.#describe(target, attempt);
    const performed = { performed: 'resume', nodes: [] } as const;
    return redriveCount === undefined ? performed : { ...performed, baseline: { redriveCount } };
  }

  async doResume(target: Target, _selection: Selection, attempt: Attempt): Promise<Acceptance> {
    const { answer, value } = await this.#call('RedriveExecution', { executionArn: this.#arn(target) }, attempt);
    const { redriveDate } = value as { readonly redriveDate?: unknown };
    if (typeof redriveDate !== 'number') throw unreadable(answer, 'it has no redriveDate', requestIdOf(answer));
    const acceptedAt = instantOf(redriveDate);
    const requestId = requestIdOf(answer);
    return { execution: target.execution, nodes: [], nodesBasis: 'expected', acceptedAt, requestId };
  }

  /** The service counts redrives: one more than before is a resume, more than that are not ours alone. */
  async doFindResumed(target: Target, _selection: Selection, lost: LostResume, attempt: Attempt): Promise<Finding> {
    const { status, redriveCount = 0, redriveDate } = await this.#describe(target, attempt);
    const before = lost.baseline?.['redriveCount'];
    if (typeof before !== 'number') return { found: 'nothing', seen: `${status}, and no count from before` };
    const more = redriveCount - before;
    // It is eventually consistent: an old count proves nothing.
    if (more <= 0) return { found: 'nothing', seen: `${status}, redriven ${redriveCount} times as before` };
    if (more > 1) return { found: 'nothing', seen: `redriven ${more} times since`, undecided: true };
    const acceptance = { execution: target.execution, nodes: [], nodesBasis: 'expected' } as const;
    return { found: 'resumed', acceptance: { ...acceptance, acceptedAt: instantOf(redriveDate) } };
  }

  async doInspect(ref: ExecutionRef, attempt: Attempt, resumed?: Receipt): Promise<Inspection> {
    const described = await this.#describe(ref, attempt);
    const error = [described.error, described.cause].filter(Boolean).join(': ');
    // The states of its steps are in the history, which this example does not read.
    const inspection = { ...standing(described), nodes: [], ...(error === '' ? {} : { error }) };
    return resumed === undefined ? inspection : { ...inspection, shows: shownOf(described, resumed) };
  }

  async doList(workflow: string, { token }: PageRequest, attempt: Attempt): Promise<ListPage> {
    const stateMachineArn = `${this.#prefix('stateMachine')}:${workflow}`;
    const input = { stateMachineArn, ...(token === undefined ? {} : { nextToken: token }) };
    const { answer, value } = await this.#call('ListExecutions', input, attempt);
    const { executions, nextToken } = value as { readonly executions?: readonly Described[]; nextToken?: string };
    if (!Array.isArray(executions)) throw unreadable(answer, 'it is no list', requestIdOf(answer));
    return {
      executions: (executions as readonly Described[]).map((one) => {
        return { execution: one.executionArn.split(':').at(-1) ?? '', ...standing(one) };
      }),
      next: nextToken,
    };
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #describe(ref: ExecutionRef, attempt: Attempt): Promise<Described> {
    const executionArn = this.#arn(ref);
    const { answer, value } = await this.#call('DescribeExecution', { executionArn }, attempt);
    const described = value as Partial<Described>;
    if (described.executionArn !== executionArn || typeof described.status !== 'string') {
      throw unreadable(answer, 'it does not describe this execution', requestIdOf(answer));
    }
    return described as Described;
  }

  /** @throws {DriverFailure} for anything but a 200 with an object. */
  async #call(operation: string, input: object, attempt: Attempt) {
    const { region } = this.#options;
    const keys = await attempt.race(keysOf(this.#options));
    attempt.conceal(keys.secretAccessKey);
    attempt.conceal(keys.sessionToken);
    const { host, hostname } = new URL(this.#origin);
    const headers = {
      host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${operation}`,
    };
    const unsigned = { method: 'POST', protocol: 'https:', hostname, path: '/', headers, body: JSON.stringify(input) };
    const signer = new SignatureV4({ service: 'states', region, credentials: keys, sha256: Sha256 });
    const signed = await signer.sign({ ...unsigned, query: {} });
    const request = { origin: this.#origin, method: 'POST', path: '/', headers: signed.headers, body: unsigned.body };
    const answer: HttpAnswer = await this.#transport.send(request, attempt);
    if (answer.status !== 200) throw failureOf(answer, ownErrorOf(answer), ERRORS, requestIdOf(answer));
    const value = jsonOf(answer);
    if (typeof value !== 'object' || value === null) throw unreadable(answer, 'it is no object', requestIdOf(answer));
    return { answer, value };
  }

  #arn({ workflow, execution }: ExecutionRef): string {
    return `${this.#prefix('execution')}:${workflow}:${execution}`;
  }

  #prefix(kind: string): string {
    return `arn:aws:states:${this.#options.region}:${this.#options.accountId}:${kind}`;
  }
}

async function keysOf({ credentials }: StepFunctionsOptions): Promise<AwsKeys> {
  if (credentials !== undefined) return typeof credentials === 'function' ? await credentials() : credentials;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = process.env;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const message = 'there are no credentials: pass credentials, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
    throw new DriverFailure(message, { code: 'UNAUTHENTICATED', effect: 'none' });
  }
  return { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}) };
}

function standing({ status, startDate, stopDate }: Described) {
  const [startedAt, endedAt] = [instantOf(startDate), instantOf(stopDate)];
  const times = { ...(startedAt === undefined ? {} : { startedAt }), ...(endedAt === undefined ? {} : { endedAt }) };
  return { state: STATES[status] ?? ('unknown' as const), providerState: status, ...times };
}

/** The execution keeps its name, so that only the date of its last redrive tells whether this one shows already. */
function shownOf({ redriveDate }: Described, { acceptedAt }: Receipt): Inspection['shows'] {
  const last = instantOf(redriveDate);
  if (acceptedAt === undefined) return 'unclear';
  return last !== undefined && last >= acceptedAt ? 'resume' : 'before';
}

function instantOf(epochSeconds: number | undefined): string | undefined {
  return typeof epochSeconds === 'number' ? new Date(epochSeconds * 1_000).toISOString() : undefined;
}

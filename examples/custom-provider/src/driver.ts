import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Attempt, ExecutionRef, ExecutionState, WorkflowDriver } from 'resumable-workflow';
import { DriverFailure } from 'resumable-workflow';
import { failureOf, HttpTransport, jsonOf, unreadable } from 'resumable-workflow/http';
import { ERRORS, ownErrorOf, requestIdOf } from './errors.js';
import type { StepFunctionsOptions } from './options.js';

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

interface Listed {
  readonly executions: readonly Described[];
  readonly nextToken: string;
}

/** One RedriveExecution, and the reads that tell what became of it: one attempt a method, no retry, no timer. */
export function stepFunctionsDriver(options: StepFunctionsOptions): WorkflowDriver<'resume'> {
  const { region, accountId, credentials = defaultProvider() } = options;
  const { endpoint: origin = `https://states.${region}.amazonaws.com` } = options;
  const transport = new HttpTransport();
  const arnOf = (kind: string, ...names: string[]) => ['arn:aws:states', region, accountId, kind, ...names].join(':');

  /** @throws {DriverFailure} for anything but a 200. */
  async function call<T>(operation: string, input: object, attempt: Attempt) {
    const supplied = credentials().catch((cause: unknown) => {
      throw new DriverFailure('there are no credentials', { code: 'UNAUTHENTICATED', effect: 'none', cause });
    });
    const keys = await attempt.race(supplied);
    attempt.conceal(keys.secretAccessKey);
    attempt.conceal(keys.sessionToken);
    const { host, hostname } = new URL(origin);
    const target = `AWSStepFunctions.${operation}`;
    const headers = { host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
    const request = { method: 'POST', path: '/', headers, body: JSON.stringify(input) };
    const signer = new SignatureV4({ service: 'states', region, credentials: keys, sha256: Sha256 });
    const signed = await signer.sign({ ...request, protocol: 'https:', hostname, query: {} });
    const answer = await transport.send({ ...request, origin, headers: signed.headers }, attempt);
    if (answer.status !== 200) throw failureOf(answer, ownErrorOf(answer), ERRORS, requestIdOf(answer));
    const body = (jsonOf(answer) ?? {}) as Partial<T>;
    return { body, requestId: requestIdOf(answer), not: (why: string) => unreadable(answer, why, requestIdOf(answer)) };
  }

  async function describe({ workflow, execution }: ExecutionRef, attempt: Attempt): Promise<Described> {
    const executionArn = arnOf('execution', workflow, execution);
    const { body, not } = await call<Described>('DescribeExecution', { executionArn }, attempt);
    const { status } = body;
    if (body.executionArn !== executionArn || typeof status !== 'string') throw not('it describes another execution');
    return { ...body, executionArn, status };
  }

  return {
    provider: 'step-functions',
    capabilities: {
      actions: { resume: { min: 0, max: 0 } },
      newExecution: false,
      discoversNodes: false,
      ids: { workflow: NAME, execution: NAME, node: NAME },
      reads: ['inspect', 'list'],
      notices: ['Only Standard workflows can be redriven, within 14 days after they ended.'],
    },
    identity: `${origin} ${region} ${accountId}`,

    /** The count before the request is what a lost answer is told by. */
    needsDiscovery: (_target, readBack) => readBack,

    async doDiscover(target, attempt) {
      const { redriveCount = null } = await describe(target, attempt);
      return { performed: 'resume', nodes: [], baseline: { redriveCount } };
    },

    async doResume({ workflow, execution }, _selection, attempt) {
      const input = { executionArn: arnOf('execution', workflow, execution) };
      const { body, requestId, not } = await call<Described>('RedriveExecution', input, attempt);
      const acceptedAt = instantOf(body.redriveDate);
      if (acceptedAt === undefined) throw not('it has no redriveDate');
      return { execution, nodes: [], nodesBasis: 'expected', acceptedAt, requestId };
    },

    /** The service counts redrives: one more than before is a resume, more than that are not ours alone. */
    async doFindResumed(target, _selection, { baseline }, attempt) {
      const { status, redriveCount = 0, redriveDate } = await describe(target, attempt);
      const before = baseline?.['redriveCount'];
      if (typeof before !== 'number') return { found: 'nothing', seen: `${status}, and no count from before` };
      const more = redriveCount - before;
      // It is eventually consistent: an old count proves nothing.
      if (more <= 0) return { found: 'nothing', seen: `${status}, redriven ${redriveCount} times as before` };
      if (more > 1) return { found: 'nothing', seen: `redriven ${more} times since`, undecided: true };
      const acceptance = { execution: target.execution, nodes: [], nodesBasis: 'expected' } as const;
      return { found: 'resumed', acceptance: { ...acceptance, acceptedAt: instantOf(redriveDate) } };
    },

    /** Without the states of its steps: they are in the history, which this example does not read. */
    async doInspect(ref, attempt, resumed) {
      const described = await describe(ref, attempt);
      const error = [described.error, described.cause].filter(Boolean).join(': ') || undefined;
      const inspection = { ...standingOf(described), nodes: [], error };
      if (resumed === undefined) return inspection;
      // The execution keeps its name: only the date of its last redrive tells whether this one shows already.
      const [last = '', ours] = [instantOf(described.redriveDate), resumed.acceptedAt];
      return { ...inspection, shows: ours === undefined ? 'unclear' : last >= ours ? 'resume' : 'before' };
    },

    async doList(workflow, { token: nextToken }, attempt) {
      const input = { stateMachineArn: arnOf('stateMachine', workflow), nextToken };
      const { body, not } = await call<Listed>('ListExecutions', input, attempt);
      if (!Array.isArray(body.executions)) throw not('it is no list');
      const executions = body.executions.map((one) => {
        return { execution: one.executionArn.split(':').at(-1) ?? '', ...standingOf(one) };
      });
      return { executions, next: body.nextToken };
    },

    close: () => transport.close(),
  };
}

function standingOf({ status, startDate, stopDate }: Described) {
  const times = { startedAt: instantOf(startDate), endedAt: instantOf(stopDate) };
  return { state: STATES[status] ?? ('unknown' as const), providerState: status, ...times };
}

function instantOf(epochSeconds: number | undefined): string | undefined {
  return typeof epochSeconds === 'number' ? new Date(epochSeconds * 1_000).toISOString() : undefined;
}

import type { EmulatedAnswer, EmulatedOperation, EmulatedRequest } from 'resumable-workflow/testing';
import { EmulatorServer } from 'resumable-workflow/testing';

interface Execution {
  status: string;
  redriveCount: number;
  redriveDate?: number;
}

export const PREFIX = 'arn:aws:states:eu-west-1:123456789012';
const ARN = `${PREFIX}:execution:nightly:run-1`;
const PAGE = 2;

/** Plays what the documents say of three operations. It checks that a request is signed, not the signature. */
export class FakeStepFunctions extends EmulatorServer {
  readonly provider = 'step-functions';
  readonly executions = new Map<string, Execution>([[ARN, { status: 'FAILED', redriveCount: 0 }]]);

  finish(): void {
    for (const execution of this.executions.values())
      if (execution.status === 'RUNNING') execution.status = 'SUCCEEDED';
  }

  protected override authenticate({ headers }: EmulatedRequest): EmulatedAnswer | undefined {
    const signed = /^AWS4-HMAC-SHA256 Credential=\S+\/eu-west-1\/states\/aws4_request, /;
    if (signed.test(headers.authorization ?? '') && headers['x-amz-date'] !== undefined) return undefined;
    return refusal('IncompleteSignature', 'the request is not signed');
  }

  protected override route({ headers, body }: EmulatedRequest): EmulatedOperation {
    const name = String(headers['x-amz-target']).replace('AWSStepFunctions.', '');
    const input = JSON.parse(body.toString('utf8') || '{}') as Record<string, string>;
    switch (name) {
      case 'RedriveExecution':
        return { name, mutating: true, run: () => this.#redrive(input['executionArn'] ?? '') };
      case 'DescribeExecution':
        return { name, mutating: false, run: () => this.#describe(input['executionArn'] ?? '') };
      case 'ListExecutions':
        return { name, mutating: false, run: () => this.#list(input['stateMachineArn'] ?? '', input['nextToken']) };
      default:
        return { name: 'unknown', mutating: false, run: () => refusal('UnknownOperationException', name, 404) };
    }
  }

  #redrive(arn: string): EmulatedAnswer {
    const execution = this.executions.get(arn);
    if (execution === undefined) return refusal('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    if (!['FAILED', 'ABORTED', 'TIMED_OUT'].includes(execution.status)) {
      return refusal('ExecutionNotRedrivable', `Execution is ${execution.status} and cannot be redriven`);
    }
    execution.status = 'RUNNING';
    execution.redriveCount += 1;
    execution.redriveDate = this.clock.nowMs / 1_000;
    return accepted({ redriveDate: execution.redriveDate });
  }

  #describe(arn: string): EmulatedAnswer {
    const execution = this.executions.get(arn);
    if (execution === undefined) return refusal('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return accepted({ executionArn: arn, startDate: 1_760_000_000, ...execution });
  }

  #list(machineArn: string, nextToken = '0'): EmulatedAnswer {
    const prefix = `${machineArn.replace(':stateMachine:', ':execution:')}:`;
    const all = [...this.executions].filter(([arn]) => arn.startsWith(prefix));
    const from = Number(nextToken);
    const page = all.slice(from, from + PAGE);
    const executions = page.map(([executionArn, { status }]) => ({ executionArn, status, startDate: 1_760_000_000 }));
    return accepted({ executions, ...(from + PAGE < all.length ? { nextToken: String(from + PAGE) } : {}) });
  }
}

function accepted(value: object): EmulatedAnswer {
  return { status: 200, headers: { 'x-amzn-RequestId': 'request-1' }, body: JSON.stringify(value) };
}

export function refusal(type: string, message: string, status = 400): EmulatedAnswer {
  return { status, body: JSON.stringify({ __type: type, message }) };
}

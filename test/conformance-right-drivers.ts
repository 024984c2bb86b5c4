import type { Acceptance, Attempt, Finding, Selection, Target } from '../src/driver.js';
import type { HttpAnswer } from '../src/http/message.js';
import type { Inspection } from '../src/inspection.js';
import type { ExecutionRef } from '../src/snapshot.js';
import type { DriverHarness, EmulatedOperation, EmulatedRequest } from '../src/testing/index.js';
import type { Receipt } from '../src/types.js';
import { createWorkflow } from '../src/workflow.js';
import type { Asked } from './conformance-service.js';
import { refusal, TinyService, TOKEN } from './conformance-service.js';
import { declaring, TinyDriver } from './conformance-tiny-driver.js';
import type { TinyAction } from './conformance-tiny-harness.js';
import { tinyHarness } from './conformance-tiny-harness.js';

const UUID = { maxLength: 36, pattern: /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|run-\d)$/, rule: 'be a UUID' };
const RUN = '11111111-2222-4333-8444-555555555555';

/** A service that goes on in the same run, and accepts without a body. */
class WordlessService extends TinyService {
  protected override route(request: EmulatedRequest): EmulatedOperation {
    if (request.method !== 'POST') return super.route(request);
    const { execution } = JSON.parse(request.body.toString()) as Asked;
    const run = this.runs.find(({ id }) => id === execution);
    const resume = () => {
      if (run?.state !== 'failed') return refusal('it has not failed');
      run.state = 'running';
      return { status: 204, body: '' };
    };
    return { name: 'resume', mutating: true, run: resume };
  }
}

class WordlessDriver extends TinyDriver {
  override readonly capabilities = declaring({ newExecution: false, reads: ['inspect', 'list'] });

  protected override accepted(answer: HttpAnswer): HttpAnswer {
    return answer.status === 204 ? answer : super.accepted(answer);
  }

  protected override acceptance(answer: HttpAnswer, { execution }: Target, { nodes }: Selection): Acceptance {
    if (answer.status !== 204) throw this.failure(answer);
    return { execution, nodes, nodesBasis: 'expected' };
  }

  override async doFindResumed(): Promise<Finding> {
    return { found: 'nothing', seen: 'nothing that would tell' };
  }

  override async doInspect(ref: ExecutionRef, attempt: Attempt, resumed?: Receipt): Promise<Inspection> {
    const inspection = await super.doInspect(ref, attempt);
    return resumed === undefined ? inspection : { ...inspection, shows: 'resume' };
  }
}

/** Needs two nodes at least, and lists nothing. */
class PairDriver extends TinyDriver {
  override readonly capabilities = declaring(
    { reads: ['inspect'], discoversNodes: false },
    { resume: { min: 2, max: 3 }, restart: { min: 2, max: 2 } },
  );
}

class UuidDriver extends TinyDriver {
  override readonly capabilities = declaring({ ids: { ...declaring({}).ids, execution: UUID } });
}

class BlindDriver extends TinyDriver {
  override readonly capabilities = declaring({ reads: [], discoversNodes: false });

  override needsDiscovery(): boolean {
    return false;
  }

  override async doFindResumed(): Promise<Finding> {
    return { found: 'nothing', seen: 'nothing that would tell' };
  }
}

function harnessOf(
  Driver: new (endpoint: string, token: () => Promise<string>) => TinyDriver,
  differing: Partial<DriverHarness<TinyAction, TinyService>> = {},
): DriverHarness<TinyAction, TinyService> {
  const connect = (endpoint: string) =>
    createWorkflow<TinyAction>('tiny-one', new Driver(endpoint, () => Promise.resolve(TOKEN)));
  // Late credentials are the right driver's own matter.
  return { ...tinyHarness(), connect, connectLate: undefined as never, ...differing };
}

/** Right ones that differ from what is usual: none of them may fail a row. */
export const RIGHT_DRIVERS: readonly (readonly [string, DriverHarness<TinyAction, TinyService>])[] = [
  [
    'whose provider accepts with 204',
    harnessOf(WordlessDriver, {
      acceptsWithoutBody: true,
      readsBack: false,
      reports: undefined as never,
      start: () => new WordlessService().start(),
      notAccepting: () => ({ '200': { status: 200, body: '' } }),
    }),
  ],
  ['that takes two nodes at least', harnessOf(PairDriver)],
  [
    'whose executions are UUIDs',
    harnessOf(UuidDriver, {
      start: async () => {
        const service = await new TinyService().start();
        service.runs[0] = { workflow: 'flow', id: RUN, state: 'failed', nodes: ['a', 'b', 'c'] };
        return service;
      },
      target: () => ({ workflow: 'flow', execution: RUN, nodes: ['a', 'b', 'c'] }),
      missing: () => ({ workflow: 'flow', execution: RUN.replaceAll('1', '9') }),
    }),
  ],
  ['that reads nothing', harnessOf(BlindDriver, { readsBack: false })],
];

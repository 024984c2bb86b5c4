import { describe, it } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { describeDriverConformance } from '../src/testing/index.js';

const credentials = { accessKeyId: 'AKIDCONFORMANCE0001', secretAccessKey: 'SK-canary/of+the=conformance&suite' };
const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) });

describeDriverConformance(
  {
    connect: (endpoint) => createObsWorkflow({ name: 'obs-north', endpoint, credentials }),
    connectLate: (endpoint, ready) =>
      createObsWorkflow({ name: 'obs-late', endpoint, credentials: () => ready.then(() => credentials) }),
    secrets: [credentials.secretAccessKey],
    readsBack: true,
    start: () => new ObsEmulator({ credentials }).start(),
    target: ({ sample }) => sample,
    sent: ({ target }) => {
      const url = new URL(target, 'http://obs');
      return {
        workflow: url.searchParams.get('x-workflow-graph-name') ?? '',
        execution: decodeURIComponent(url.pathname.slice('/v2/workflowexecutions/'.length)),
        nodes: [],
        performed: 'resume',
      };
    },
    refusal: (message) => {
      const body = `<Error><Code>OperationAborted</Code><Message>${message}</Message></Error>`;
      return { answer: { status: 409, body }, code: 'ABORTED' };
    },
    unlistedRefusal: (message) => ({
      status: 409,
      body: `<Error><Code>NotInTheTable</Code><Message>${message}</Message></Error>`,
    }),
    throttle: json({ code: 'SYS.0011', message: 'too many requests' }, 429),
    notAccepting: () => ({
      'no execution': json({ execution_urn: 'urn:fgs' }),
      'another execution': json({ execution_name: 'somebody-elses' }),
      '202': json({ execution_name: 'exec-001' }, 202),
      '204': { status: 204, body: '' },
    }),
    finish: ({ clock }) => clock.advance(60_000),
    pages: (emulator) => {
      const executions = Array.from({ length: 1_001 }, (_one, index) => `exec-${index}`);
      for (const execution of executions) emulator.define({ workflow: 'paged', execution, steps: [{ name: 'a' }] });
      return { workflow: 'paged', executions, pages: 2 };
    },
  },
  { describe, it },
);

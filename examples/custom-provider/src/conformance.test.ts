import { writeFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { describeDriverConformance } from 'resumable-workflow/testing';
import { createStepFunctionsWorkflow } from './index.js';
import { FakeStepFunctions, PREFIX, refusal } from './service.js';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'canary/of+the=conformance&suite' };
const connect = (endpoint: string, ready = Promise.resolve()) =>
  createStepFunctionsWorkflow({
    name: 'sfn-eu',
    region: 'eu-west-1',
    accountId: '123456789012',
    endpoint,
    credentials: () => ready.then(() => keys),
  });

const report = describeDriverConformance(
  {
    connect,
    connectLate: connect,
    secrets: [keys.secretAccessKey],
    readsBack: true,
    start: () => new FakeStepFunctions().start(),
    target: () => ({ workflow: 'nightly', execution: 'run-1', nodes: [] }),
    sent: ({ body }) => {
      const { executionArn } = JSON.parse(body) as { readonly executionArn: string };
      const [workflow = '', execution = ''] = executionArn.split(':').slice(-2);
      return { workflow, execution, nodes: [], performed: 'resume' };
    },
    refusal: (message) => ({ answer: refusal('ExecutionNotRedrivable', message), code: 'FAILED_PRECONDITION' }),
    unlistedRefusal: (message) => refusal('NotInTheTable', message),
    throttle: refusal('ThrottlingException', 'Rate exceeded'),
    notAccepting: () => ({ 'no redriveDate': { status: 200, body: '{}' } }),
    finish: (service) => service.finish(),
    pages: ({ executions }) => {
      const names = ['a', 'b', 'c', 'd', 'e'];
      for (const name of names)
        executions.set(`${PREFIX}:execution:paged:${name}`, { status: 'FAILED', redriveCount: 0 });
      return { workflow: 'paged', executions: names, pages: 3 };
    },
  },
  { describe, it },
);

after(() => writeFileSync('conformance.json', JSON.stringify(report, null, 2)));

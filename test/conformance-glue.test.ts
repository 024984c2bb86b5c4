import { describe, it } from 'vitest';
import { GlueEmulator, glueError } from '../providers/glue/emulator.js';
import { createGlueWorkflow } from '../providers/glue/index.js';
import { describeDriverConformance } from '../src/testing/index.js';

const credentials = { accessKeyId: 'AKIDCONFORMANCE0001', secretAccessKey: 'SK-canary/of+the=conformance&suite' };
const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) });
const JOBS = ['first', 'second', 'third'];

describeDriverConformance(
  {
    connect: (endpoint) => createGlueWorkflow({ name: 'glue-eu', endpoint, region: 'eu-west-1', credentials }),
    connectLate: (endpoint, ready) =>
      createGlueWorkflow({
        name: 'glue-late',
        endpoint,
        region: 'eu-west-1',
        credentials: () => ready.then(() => credentials),
      }),
    secrets: [credentials.secretAccessKey],
    readsBack: true,
    start: () =>
      new GlueEmulator({ credentials, region: 'eu-west-1', knobs: { maxSkewMs: Number.POSITIVE_INFINITY } }).start(),
    target: (emulator) => {
      const workflow = 'three-failed';
      emulator.define({ name: workflow, nodes: JOBS, triggers: [{ name: 'start', start: JOBS }] });
      for (const job of JOBS) emulator.script(workflow, job, ['FAILED', 'SUCCEEDED']);
      const execution = emulator.startRun(workflow);
      emulator.settle();
      return { workflow, execution, nodes: JOBS.map((job) => emulator.nodeId(workflow, job)) };
    },
    sent: ({ body }) => {
      const { Name, RunId, NodeIds } = JSON.parse(body) as { Name: string; RunId: string; NodeIds: string[] };
      return { workflow: Name, execution: RunId, nodes: NodeIds };
    },
    refusal: (message) => ({
      answer: glueError('IllegalWorkflowStateException', message),
      code: 'FAILED_PRECONDITION',
    }),
    unlistedRefusal: (message) => glueError('NotInTheTableException', message),
    throttle: glueError('ThrottlingException', 'Rate exceeded'),
    reports: (_target, nodes) => json({ RunId: 'wr_new', NodeIds: nodes }),
    notAccepting: ({ execution }) => ({
      'no run': json({}),
      'the old run': json({ RunId: execution }),
      '202': json({ RunId: 'wr_new' }, 202),
    }),
    finish: (emulator) => emulator.settle(),
    pages: (emulator) => {
      emulator.knobs.pageCap = 2;
      const { workflow, execution } = emulator.sample;
      const executions = [execution, ...Array.from({ length: 4 }, () => emulator.startRun(workflow))];
      return { workflow, executions, pages: 3 };
    },
  },
  { describe, it },
);

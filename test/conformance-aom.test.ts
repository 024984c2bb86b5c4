import { describe, it } from 'vitest';
import { AomEmulator } from '../providers/aom/emulator.js';
import { createAomWorkflow } from '../providers/aom/index.js';
import { describeDriverConformance } from '../src/testing/index.js';
import type { Action } from '../src/types.js';

const credentials = { accessKeyId: 'AKIDCONFORMANCE0001', secretAccessKey: 'SK-canary/of+the=conformance&suite' };
const projectId = '0123456789abcdef0123456789abcdef';
const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) });

describeDriverConformance(
  {
    connect: (endpoint) => createAomWorkflow({ name: 'aom-north', endpoint, projectId, credentials }),
    connectLate: (endpoint, ready) =>
      createAomWorkflow({
        name: 'aom-late',
        endpoint,
        projectId,
        credentials: () => ready.then(() => credentials),
      }),
    secrets: [credentials.secretAccessKey],
    readsBack: true,
    start: () => new AomEmulator({ credentials, projectId }).start(),
    target: (emulator, action) => {
      if (action !== 'continue') return emulator.sample;
      const paused = { workflow: 'wf-paused', execution: 'ex-paused' };
      emulator.define({ ...paused, nodes: [{ id: 'gate', kind: 'pause', status: 'pausing' }, { id: 'after' }] });
      return { ...paused, nodes: ['gate'] };
    },
    sent: ({ target }) => {
      const { pathname, searchParams } = new URL(target, 'http://aom');
      const [, , , , , workflow = '', , execution = ''] = pathname.split('/').map(decodeURIComponent);
      const node = searchParams.get('node_id') ?? '';
      return { workflow, execution, nodes: [node], performed: searchParams.get('action') as Action };
    },
    refusal: (message) => ({
      answer: json({ error_code: 'AOM.31001418', error_msg: message, http_code: 400 }, 400),
      code: 'FAILED_PRECONDITION',
    }),
    unlistedRefusal: (message) => json({ error_code: 'AOM.39999999', error_msg: message }, 400),
    throttle: json({ error_code: 'APIGW.0308', error_msg: 'The throttling threshold has been reached.' }, 429),
    notAccepting: () => ({
      'result failure': json({ result: 'failure' }),
      '202': json({ result: 'success' }, 202),
      '204': { status: 204, body: '' },
    }),
    finish: ({ clock }) => clock.advance(60_000),
    pages: (emulator) => {
      const executions = ['ex-1', 'ex-2', 'ex-3'];
      for (const execution of executions) emulator.define({ workflow: 'wf-listed', execution, nodes: [{ id: 'a' }] });
      // The service answers with all of them at once.
      return { workflow: 'wf-listed', executions, pages: 1 };
    },
  },
  { describe, it },
);

import diagnostics from 'node:diagnostics_channel';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGlueWorkflow } from '../providers/glue/index.js';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import type { AttemptTrace } from '../src/diagnostics.js';
import { instrument } from '../src/otel/index.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';

const target = { workflow: 'nightly', execution: 'run-1' };

let spans: InMemorySpanExporter;
let stop: () => void;
let traces: AttemptTrace[];
const onEnd = (message: unknown): void => void traces.push(message as AttemptTrace);

beforeEach(() => {
  spans = new InMemorySpanExporter();
  stop = instrument({ tracerProvider: new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }) });
  traces = [];
  diagnostics.subscribe('tracing:resumable-workflow:attempt:asyncEnd', onEnd);
});

afterEach(() => {
  diagnostics.unsubscribe('tracing:resumable-workflow:attempt:asyncEnd', onEnd);
  stop();
});

function attributesOf(purpose: string) {
  return spans.getFinishedSpans().find(({ name }) => name === `resumable-workflow request ${purpose}`)?.attributes;
}

describe('the request of an attempt', () => {
  it('is told by method and server, and by nothing else of it', async () => {
    const emulator = await new ObsEmulator().start();
    const { endpoint, credentials, sample } = emulator;
    const obs = createObsWorkflow({ name: 'obs-north', endpoint, credentials });
    await obs.resume({ workflow: sample.workflow, execution: sample.execution });
    await Promise.all([obs.close(), emulator.close()]);
    expect(traces.map(({ purpose, request }) => [purpose, request])).toEqual([
      ['discover', { method: 'GET', origin: endpoint }],
      ['resume', { method: 'PUT', origin: endpoint }],
    ]);
    expect(attributesOf('resume')).toMatchObject({
      'http.request.method': 'PUT',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(endpoint).port),
    });
  });

  it('is not told where none has left', async () => {
    const glue = createGlueWorkflow({
      name: 'glue-eu',
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:9',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'SKEXAMPLE' },
    });
    await glue.attempt({ ...target, nodes: ['a'] }, { timeoutMs: 500, readBack: 'off' });
    await glue.close();
    expect(traces.length).toBeGreaterThan(0);
    expect(traces.filter((trace) => 'request' in trace)).toEqual([]);
    expect(attributesOf('resume')).not.toHaveProperty('server.address');
  });

  it.each([
    ['https://api.example.com', 'api.example.com', 443],
    ['http://api.example.com', 'api.example.com', 80],
    ['https://api.example.com:8443', 'api.example.com', 8443],
    ['https://[::1]:9', '[::1]', 9],
  ])('at %s has the server %s and the port %i', async (origin, address, port) => {
    const driver = fakeDriver({
      async doResume({ execution }, { nodes }, attempt) {
        attempt.dispatch({ method: 'POST', origin });
        return { execution, nodes, nodesBasis: 'expected' };
      },
    });
    await createWorkflow<'resume' | 'restart'>('fake-eu', driver).resume(target);
    expect(attributesOf('resume')).toMatchObject({ 'server.address': address, 'server.port': port });
  });

  it.each([null, 'POST', 7, {}, { method: null, origin: undefined }])(
    'that a driver in JavaScript tells as %j changes no verdict',
    async (to) => {
      const driver = fakeDriver({
        async doResume({ execution }, { nodes }, attempt) {
          attempt.conceal('hunter22');
          attempt.dispatch(to as never);
          return { execution, nodes, nodesBasis: 'expected' };
        },
      });
      const outcome = await createWorkflow<'resume' | 'restart'>('fake-eu', driver).attempt(target);
      expect(outcome.status).toBe('accepted');
    },
  );

  it('shows no secret that its origin holds, and no origin that is none stops the call', async () => {
    const driver = fakeDriver({
      async doResume({ execution }, { nodes }, attempt) {
        attempt.conceal('hunter22');
        attempt.dispatch({ method: 'POST', origin: 'nowhere/hunter22' });
        return { execution, nodes, nodesBasis: 'expected' };
      },
    });
    const { execution } = await createWorkflow<'resume' | 'restart'>('fake-eu', driver).resume(target);
    expect(execution).toBe('run-1');
    expect(traces.map(({ request }) => request?.origin)).toEqual(['nowhere/[concealed]']);
    expect(attributesOf('resume')).toMatchObject({ 'http.request.method': 'POST' });
  });
});

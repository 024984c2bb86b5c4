import type { DataPoint } from '@opentelemetry/sdk-metrics';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DriverFailure } from '../src/driver-failure.js';
import { instrument } from '../src/otel/index.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';
import { VirtualRuntime } from './virtual-runtime.js';

const target = { workflow: 'nightly', execution: 'run-1' };
const SECRET = 'SKEXAMPLEsecret0123456789';

let spans: InMemorySpanExporter;
let metrics: InMemoryMetricExporter;
let reader: PeriodicExportingMetricReader;
let stop: () => void;

beforeEach(() => {
  spans = new InMemorySpanExporter();
  metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
  stop = instrument({
    tracerProvider: new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
    meterProvider: new MeterProvider({ readers: [reader] }),
  });
});

afterEach(async () => {
  stop();
  await reader.shutdown();
});

function finished(name: string) {
  return spans.getFinishedSpans().filter((span) => span.name === name);
}

async function pointsOf(name: string) {
  await reader.forceFlush();
  const all = metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  return all
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }): DataPoint<unknown>[] => dataPoints);
}

describe('the bridge to OpenTelemetry', () => {
  it('makes a span of a resume, and of each ledger step and request in it', async () => {
    await createWorkflow<'resume' | 'restart'>('fake-eu', fakeDriver()).resume(target);
    const [resume] = finished('resumable-workflow resume');
    expect(resume?.attributes).toMatchObject({
      'resumable_workflow.provider': 'fake',
      'resumable_workflow.connection': 'fake-eu',
      'resumable_workflow.workflow': 'nightly',
      'resumable_workflow.execution': 'run-1',
      'resumable_workflow.outcome': 'accepted',
      'resumable_workflow.confirmed_by': 'answer',
    });
    const inside = spans.getFinishedSpans().filter((span) => span !== resume);
    expect(inside.map(({ name }) => name)).toEqual([
      'resumable-workflow ledger begin',
      'resumable-workflow request resume',
      'resumable-workflow ledger settle',
    ]);
    for (const span of inside) expect(span.parentSpanContext?.spanId).toBe(resume?.spanContext().spanId);
  });

  it('marks a refused resume with its code and effect', async () => {
    const refusing = fakeDriver({
      doResume: async () => {
        throw new DriverFailure('no', {
          code: 'FAILED_PRECONDITION',
          effect: 'none',
          httpStatus: 400,
          providerCode: 'X',
        });
      },
    });
    await createWorkflow<'resume' | 'restart'>('fake-eu', refusing).attempt(target);
    expect(finished('resumable-workflow resume')[0]).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': 'FAILED_PRECONDITION', 'resumable_workflow.effect': 'none' },
    });
    expect(finished('resumable-workflow request resume')[0]?.attributes).toMatchObject({
      'http.response.status_code': 400,
      'resumable_workflow.provider_code': 'X',
    });
  });

  it('shows that a lost answer was read back, and what was found', async () => {
    const runtime = new VirtualRuntime();
    const losing = fakeDriver({
      doResume: async (_target, _selection, attempt) => {
        attempt.dispatch();
        throw new Error('the connection was lost');
      },
      doFindResumed: async ({ execution }) => {
        return { found: 'resumed', acceptance: { execution, nodes: [], nodesBasis: 'observed' } };
      },
    });
    await runtime.run(createWorkflow<'resume' | 'restart'>('fake-eu', losing, { runtime }).resume(target));
    expect(finished('resumable-workflow read-back')[0]?.attributes).toMatchObject({
      'resumable_workflow.found': 'resumed',
    });
    expect(finished('resumable-workflow request read-back')).toHaveLength(1);
  });

  it('measures calls without a time series for each execution', async () => {
    const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', fakeDriver());
    await workflow.resume(target);
    await workflow.resume({ ...target, execution: 'run-2' });
    const points = await pointsOf('resumable_workflow.resume.duration');
    expect(points).toHaveLength(1);
    expect(points[0]?.attributes).toEqual({
      'resumable_workflow.connection': 'fake-eu',
      'resumable_workflow.provider': 'fake',
      'resumable_workflow.outcome': 'accepted',
      'resumable_workflow.confirmed_by': 'answer',
    });
    expect((await pointsOf('resumable_workflow.requests'))[0]?.value).toBe(2);
  });

  it('makes a span of a call that its schema refuses, and of one that reconciles', async () => {
    const workflow = createWorkflow<'resume' | 'restart'>('fake-eu', fakeDriver());
    await workflow.attempt({ ...target, execution: '' });
    expect(finished('resumable-workflow refused call')[0]?.attributes).toMatchObject({
      'error.type': 'INVALID_ARGUMENT',
      'resumable_workflow.effect': 'none',
    });
    await expect(workflow.reconcile(target)).rejects.toThrow('no unsettled intent');
    const [reconcile] = finished('resumable-workflow reconcile');
    expect(reconcile?.attributes['error.type']).toBe('NOT_FOUND');
    expect(finished('resumable-workflow ledger lookup')[0]?.parentSpanContext?.spanId).toBe(
      reconcile?.spanContext().spanId,
    );
  });

  it('publishes no credential that a failure echoes', async () => {
    const leaking = fakeDriver({
      doResume: async (_target, _selection, attempt) => {
        attempt.conceal(SECRET);
        attempt.dispatch();
        throw new DriverFailure(`refused the key ${SECRET}`, {
          code: 'UNAUTHENTICATED',
          effect: 'none',
          providerCode: SECRET,
          requestId: SECRET,
        });
      },
    });
    await createWorkflow<'resume' | 'restart'>('fake-eu', leaking).attempt(target);
    const shown = spans.getFinishedSpans().map(({ attributes, status, events }) => ({ attributes, status, events }));
    expect(JSON.stringify(shown)).toContain('[concealed]');
    expect(JSON.stringify(shown)).not.toContain(SECRET);
  });

  it('ends when it is asked to', async () => {
    stop();
    await createWorkflow<'resume' | 'restart'>('fake-eu', fakeDriver()).resume(target);
    expect(spans.getFinishedSpans()).toEqual([]);
  });
});

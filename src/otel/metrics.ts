import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Meter } from '@opentelemetry/api';
import type { AttemptTrace, ReadBackTrace, ResumeTrace } from '../diagnostics.js';
import type { Outcome } from '../types.js';
import { attemptAttributes, connectionAttributes, failureAttributes, outcomeAttributes } from './attributes.js';

/** Ids would make a time series of each call: they are in spans, not in metrics. */
const COUNTED = new Set([
  'resumable_workflow.outcome',
  'resumable_workflow.confirmed_by',
  'resumable_workflow.effect',
  'error.type',
]);

/** Counts and times what the channels tell. */
export function watchMetrics(meter: Meter): () => void {
  const duration = meter.createHistogram('resumable_workflow.resume.duration', {
    unit: 's',
    description: 'How long calls took up to their verdict.',
  });
  const requests = meter.createCounter('resumable_workflow.requests', {
    description: 'Requests to providers, by what for and how they ended.',
  });
  const readBacks = meter.createHistogram('resumable_workflow.read_back.duration', {
    unit: 's',
    description: 'How long was looked for what became of lost answers.',
  });
  const endings = [
    timed<ResumeTrace & { result?: Outcome }>('resume', (call, seconds) => {
      const attributes = call.result === undefined ? {} : outcomeAttributes(call.result);
      const counted = Object.entries(attributes).filter(([name]) => COUNTED.has(name));
      duration.record(seconds, { ...connectionAttributes(call), ...Object.fromEntries(counted) });
    }),
    timed<AttemptTrace>('attempt', (attempt) => {
      const { 'error.type': type, 'resumable_workflow.effect': effect } =
        attempt.failure === undefined ? {} : failureAttributes(attempt.failure);
      const failed = type === undefined ? {} : { 'error.type': type, 'resumable_workflow.effect': effect };
      requests.add(1, { ...attemptAttributes(attempt), ...failed });
    }),
    timed<ReadBackTrace>('read-back', (looking, seconds) => {
      const found = looking.found ?? 'nothing';
      readBacks.record(seconds, { ...connectionAttributes(looking), 'resumable_workflow.found': found });
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}

function timed<C extends object>(name: string, record: (traced: C, seconds: number) => void): () => void {
  const channel = `tracing:resumable-workflow:${name}`;
  const started = new WeakMap<object, number>();
  const onStart = (traced: unknown): void => void started.set(traced as C, performance.now());
  const onEnd = (traced: unknown): void => {
    const startedMs = started.get(traced as C);
    if (startedMs !== undefined) record(traced as C, (performance.now() - startedMs) / 1_000);
  };
  subscribe(`${channel}:start`, onStart);
  subscribe(`${channel}:asyncEnd`, onEnd);
  return () => {
    unsubscribe(`${channel}:start`, onStart);
    unsubscribe(`${channel}:asyncEnd`, onEnd);
  };
}

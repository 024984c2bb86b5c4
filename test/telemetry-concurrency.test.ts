import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace-base';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { instrument } from '../src/otel/index.js';
import type { ResumableWorkflow } from '../src/types.js';

const AT_ONCE = 64;
const PER_CALL = ['ledger begin', 'ledger lookup', 'ledger settle', 'request discover', 'request resume'];

let started: Span[];
let ended: ReadableSpan[];
let emulator: ObsEmulator;
let obs: ResumableWorkflow;
let stop: () => void;

beforeEach(async () => {
  [started, ended] = [[], []];
  const processor = {
    onStart: (span: Span) => void started.push(span),
    onEnd: (span: ReadableSpan) => void ended.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  stop = instrument({ tracerProvider: new BasicTracerProvider({ spanProcessors: [processor] }) });
  emulator = await new ObsEmulator().start();
  const { endpoint, credentials } = emulator;
  obs = createObsWorkflow({ name: 'obs-north', endpoint, credentials });
});

afterEach(async () => {
  stop();
  await obs.close();
  await emulator.close();
});

function failed(execution: string) {
  emulator.define({ workflow: 'graph', execution, steps: [{ name: 'step' }] });
  return { workflow: 'graph', execution };
}

function namesWithin(parent: ReadableSpan): string[] {
  const { spanId } = parent.spanContext();
  const within = ended.filter(({ parentSpanContext }) => parentSpanContext?.spanId === spanId);
  return within.map(({ name }) => name.replace('resumable-workflow ', '')).sort();
}

const roots = () => ended.filter(({ parentSpanContext }) => parentSpanContext === undefined);
const openSpans = () => started.filter((span) => !span.ended).map(({ name }) => name);

describe('spans of many calls at once', () => {
  it('hang under the call that they belong to', async () => {
    const targets = Array.from({ length: AT_ONCE }, (_one, place) => failed(`exec-${place}`));
    const outcomes = await Promise.all(targets.map((target) => obs.attempt(target)));
    expect(outcomes.filter(({ status }) => status === 'accepted')).toHaveLength(AT_ONCE);
    expect(roots()).toHaveLength(AT_ONCE);
    for (const root of roots()) expect(namesWithin(root)).toEqual(PER_CALL);
    expect(openSpans()).toEqual([]);
  });

  it('are those of one request where the calls are one', async () => {
    const target = failed('exec-shared');
    await Promise.all(Array.from({ length: AT_ONCE }, () => obs.attempt(target)));
    expect(roots()).toHaveLength(AT_ONCE);
    expect(roots().flatMap(namesWithin).sort()).toEqual(PER_CALL);
  });

  it('hang under each call of a batch', async () => {
    const targets = Array.from({ length: 20 }, (_one, place) => failed(`each-${place}`));
    for await (const { status } of obs.resumeEach(targets, { concurrency: 5 })) expect(status).toBe('accepted');
    expect(roots()).toHaveLength(20);
    for (const root of roots()) expect(namesWithin(root)).toEqual(PER_CALL);
  });
});

describe('no span is left open', () => {
  it.each(['signal', 'deadline', 'close()'])('when a call that hangs is ended by %s', async (end) => {
    const target = failed('exec-1');
    emulator.faults.add({ kind: 'hang', when: 'after', operation: 'any', times: 99 });
    const stopper = new AbortController();
    const options = end === 'deadline' ? { timeoutMs: 100 } : { signal: stopper.signal };
    const resumed = obs.attempt(target, { readBack: 'off', ...options });
    const read = obs.inspect(target, options).catch(() => {});
    await expect.poll(() => emulator.journal.entries.length).toBe(2);
    if (end === 'signal') stopper.abort();
    if (end === 'close()') await obs.close();
    await Promise.all([resumed, read]);
    await expect.poll(openSpans).toEqual([]);
    expect(roots()).toHaveLength(2);
  });

  it('when loops are left in the middle', async () => {
    const receipt = await obs.resume(failed('exec-1'));
    for await (const _progress of obs.follow(receipt, { pollMs: 5 })) break;
    for await (const _listed of obs.list('graph', { state: ['running'] })) break;
    await expect.poll(openSpans).toEqual([]);
  });
});

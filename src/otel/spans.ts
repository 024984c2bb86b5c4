import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type {
  AttemptTrace,
  LedgerTrace,
  LookTrace,
  ReadBackTrace,
  ReconcileTrace,
  ResumeTrace,
  TracedFailure,
} from '../diagnostics.js';
import { ResumeError } from '../errors.js';
import type { Outcome } from '../types.js';
import {
  attemptAttributes,
  connectionAttributes,
  failureAttributes,
  ledgerAttributes,
  lookAttributes,
  outcomeAttributes,
  requestAttributes,
  targetAttributes,
} from './attributes.js';

/** What a channel's traces become. */
interface SpanShape<C> {
  readonly channel: string;
  readonly kind: SpanKind;
  readonly name: (trace: C) => string;
  readonly attributes: (trace: C) => Attributes;
  /** What is known when it has ended, and what failed in words. */
  readonly ending: (trace: C & { result?: unknown; error?: unknown }) => { attributes: Attributes; failed?: string };
}

const resumes: SpanShape<ResumeTrace> = {
  channel: 'resume',
  kind: SpanKind.INTERNAL,
  name: ({ target }) => `resumable-workflow ${target?.action ?? 'refused call'}`,
  attributes: (call) => ({ ...connectionAttributes(call), ...targetAttributes(call) }),
  ending: ({ result }) => endedWith(result as Outcome | undefined),
};

const reconciles: SpanShape<ReconcileTrace> = {
  channel: 'reconcile',
  kind: SpanKind.INTERNAL,
  name: () => 'resumable-workflow reconcile',
  attributes: connectionAttributes,
  ending: ({ result, error }) =>
    endedWith(ResumeError.isInstance(error) ? { status: 'refused', error } : (result as Outcome | undefined)),
};

const looks: SpanShape<LookTrace> = {
  channel: 'look',
  kind: SpanKind.INTERNAL,
  name: ({ doing }) => `resumable-workflow ${doing.split(' ')[0] ?? 'looking'}`,
  attributes: lookAttributes,
  ending: endedBy,
};

const attempts: SpanShape<AttemptTrace> = {
  channel: 'attempt',
  kind: SpanKind.CLIENT,
  name: ({ purpose }) => `resumable-workflow request ${purpose}`,
  attributes: attemptAttributes,
  ending: (attempt) => {
    const { attributes, ...ended } = endedBy(attempt);
    return { attributes: { ...requestAttributes(attempt), ...attributes }, ...ended };
  },
};

const readBacks: SpanShape<ReadBackTrace> = {
  channel: 'read-back',
  kind: SpanKind.INTERNAL,
  name: () => 'resumable-workflow read-back',
  attributes: (looking) => ({
    ...connectionAttributes(looking),
    ...targetAttributes(looking),
    'resumable_workflow.intent': looking.intent,
  }),
  ending: ({ found }) => ({ attributes: { 'resumable_workflow.found': found ?? 'nothing' } }),
};

const ledgerSteps: SpanShape<LedgerTrace> = {
  channel: 'ledger',
  kind: SpanKind.INTERNAL,
  name: ({ step }) => `resumable-workflow ledger ${step}`,
  attributes: ledgerAttributes,
  ending: ({ error }) => {
    if (error === undefined) return { attributes: {} };
    const failed = error instanceof Error ? error.message : 'the ledger failed';
    return { attributes: { 'error.type': 'LEDGER' }, failed };
  },
};

function endedWith(outcome: Outcome | undefined): { attributes: Attributes; failed?: string } {
  if (outcome === undefined) return { attributes: {}, failed: 'ended without an outcome' };
  const attributes = outcomeAttributes(outcome);
  return outcome.status === 'accepted' ? { attributes } : { attributes, failed: outcome.error.message };
}

function endedBy({ failure }: { failure?: TracedFailure }): { attributes: Attributes; failed?: string } {
  return failure === undefined
    ? { attributes: {} }
    : { attributes: failureAttributes(failure), failed: failure.message };
}

/** Makes spans of what the channels tell; each is the child of the one that it happens in. */
export function watchSpans(tracer: Tracer): () => void {
  const contexts = new AsyncLocalStorage<Context>();
  const endings = [
    watch(resumes, tracer, contexts),
    watch(reconciles, tracer, contexts),
    watch(looks, tracer, contexts),
    watch(attempts, tracer, contexts),
    watch(readBacks, tracer, contexts),
    watch(ledgerSteps, tracer, contexts),
  ];
  return () => {
    for (const end of endings) end();
  };
}

function watch<C extends object>(
  shape: SpanShape<C>,
  tracer: Tracer,
  contexts: AsyncLocalStorage<Context>,
): () => void {
  const { start, end, asyncEnd } = tracingChannel<Context, C>(`resumable-workflow:${shape.channel}`);
  const open = new WeakMap<object, Span>();
  start.bindStore(contexts, (message) => {
    const traced = message as C;
    const parent = contexts.getStore() ?? context.active();
    const attributes = shape.attributes(traced);
    const span = tracer.startSpan(shape.name(traced), { kind: shape.kind, attributes }, parent);
    open.set(traced, span);
    return trace.setSpan(parent, span);
  });
  const onAsyncEnd = (message: unknown): void => {
    const traced = message as C;
    const span = open.get(traced);
    if (span === undefined) return;
    open.delete(traced);
    const { attributes, failed } = shape.ending(traced);
    span.setAttributes(attributes);
    if (failed !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failed });
    span.end();
  };
  // What failed before it was under way has no asynchronous end.
  const onEnd = (message: unknown): void => {
    if ('error' in (message as C)) onAsyncEnd(message);
  };
  end.subscribe(onEnd);
  asyncEnd.subscribe(onAsyncEnd);
  return () => {
    start.unbindStore(contexts);
    end.unsubscribe(onEnd);
    asyncEnd.unsubscribe(onAsyncEnd);
  };
}

import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import { metrics, trace } from '@opentelemetry/api';
import { watchMetrics } from './metrics.js';
import { watchSpans } from './spans.js';

const NAME = 'resumable-workflow';

/** Where spans and metrics go. */
export interface InstrumentOptions {
  /** @default the globally registered one */
  readonly tracerProvider?: TracerProvider | undefined;
  /** @default the globally registered one */
  readonly meterProvider?: MeterProvider | undefined;
}

/**
 * Bridges the library's diagnostics channels to OpenTelemetry, for every connection of this process: a span for each
 * call, request, read-back and ledger step, and metrics of how calls end.
 *
 * No credential and no body is in either; workflow and execution ids are.
 *
 * @returns what ends it.
 * @see docs/telemetry.md for names and attributes
 */
export function instrument({ tracerProvider, meterProvider }: InstrumentOptions = {}): () => void {
  const endings = [
    watchSpans((tracerProvider ?? trace).getTracer(NAME)),
    watchMetrics((meterProvider ?? metrics).getMeter(NAME)),
  ];
  return () => {
    for (const end of endings) end();
  };
}

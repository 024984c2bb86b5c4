import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import { metrics, trace } from '@opentelemetry/api';
import { z } from 'zod';
import { parse } from '../schema.js';
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
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem.
 * @see docs/telemetry.md for names and attributes
 */
export function instrument(options: InstrumentOptions = {}): () => void {
  parse(optionsSchema(), options, 'the options of instrument()');
  const { tracerProvider, meterProvider } = options;
  const endings = [
    watchSpans((tracerProvider ?? trace).getTracer(NAME)),
    watchMetrics((meterProvider ?? metrics).getMeter(NAME)),
  ];
  return () => {
    for (const end of endings) end();
  };
}

function optionsSchema() {
  const having = (method: string) =>
    z
      .custom((value) => typeof (value as Partial<Record<string, unknown>> | null)?.[method] === 'function', {
        error: `must have a method ${method}`,
      })
      .optional();
  return z.strictObject(
    { tracerProvider: having('getTracer'), meterProvider: having('getMeter') },
    { error: 'must be an object' },
  );
}

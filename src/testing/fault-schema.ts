import { z } from 'zod';
import { oneOf, text } from '../schema.js';
import type { Fault } from './faults.js';
import { amount, strictObject } from './strict-object.js';

const KINDS = ['reset', 'close', 'hang', 'truncate', 'stall', 'garbage', 'answer', 'delay'] as const;

let schema: z.ZodType<Fault> | undefined;

/** What a fault is, in code and over HTTP: a misspelt one would never strike, or strike otherwise than it says. */
export function faultSchema(): z.ZodType<Fault> {
  schema ??= strictObject({
    kind: oneOf(KINDS),
    when: oneOf(['before', 'after']),
    operation: text().optional(),
    times: amount()
      .refine((value) => value >= 1, 'must be at least 1')
      .optional(),
    answer: strictObject({
      status: z.int('must be a whole number').min(200, 'must be at least 200').max(599, 'must be at most 599'),
      headers: z.record(z.string(), z.string('must be a string'), 'must be an object of strings').optional(),
      body: z.string('must be a string').default(''),
    }).optional(),
    delayMs: amount().optional(),
  })
    .refine(({ kind, answer }) => kind !== 'answer' || answer !== undefined, {
      error: 'is missing: it is what is answered',
      path: ['answer'],
    })
    .refine(({ kind, delayMs }) => kind !== 'delay' || delayMs !== undefined, {
      error: 'is missing: it is how long the answer waits',
      path: ['delayMs'],
    });
  return schema;
}

import type { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { ResumeLedger } from 'resumable-workflow';
import { ResumeError } from 'resumable-workflow';
import { z } from 'zod';

export interface StepFunctionsOptions {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  /** What supplies the keys. @default the AWS SDK's own chain: environment, profiles, roles */
  readonly credentials?: ReturnType<typeof defaultProvider> | undefined;
  readonly endpoint?: string | undefined;
  readonly ledger?: ResumeLedger | undefined;
}

const LOCAL_OR_SAFE = /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|$))[^/?#@]*$/;

const schema: z.ZodType<StepFunctionsOptions> = z.strictObject(
  {
    name: text(/./, 'must not be empty'),
    region: text(/^[a-z0-9-]+$/, 'must be a region such as eu-west-1'),
    accountId: text(/^\d{12}$/, 'must be the 12 digits of an AWS account'),
    credentials: z.custom<ReturnType<typeof defaultProvider>>(isFunction, 'must be an async function').optional(),
    endpoint: text(LOCAL_OR_SAFE, 'must be an https origin without a path; http is for this machine alone').optional(),
    ledger: z.custom<ResumeLedger>((ledger) => isFunction(Object(ledger).begin), 'must be a ResumeLedger').optional(),
  },
  { error: 'must be an object with name, region and accountId' },
);

/** @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem at once, so that a typing error is not ignored. */
export function parseOptions(options: unknown): StepFunctionsOptions {
  const { success, data, error } = schema.safeParse(options);
  if (success) return data;
  const problems = error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return { field: issue.path.join('.'), message: issue.message };
    return issue.keys.map((field) => ({ field, message: 'is not known here; remove it or mend its spelling' }));
  });
  const list = problems.map(({ field, message }) => `${field} ${message}`.trim()).join('; ');
  const message = `the options of this step-functions connection: ${list}. Nothing was sent.`;
  throw new ResumeError(message, { code: 'INVALID_ARGUMENT', effect: 'none', provider: 'step-functions', problems });
}

function text(rule: RegExp, message: string) {
  return z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a string') })
    .regex(rule, message);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

import { z } from 'zod';
import { parse, text } from './schema.js';
import { isLedger } from './settings.js';

const aFunction = () => z.custom((value) => typeof value === 'function', 'must be a function');

/**
 * Checks what a connection is made of, as far as its own code depends on it. What else the settings hold is let be: they
 * may be a connection's whole options.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem.
 */
export function checkWorkflow(name: unknown, driver: unknown, settings: unknown): void {
  const object = { error: 'must be an object' };
  const rule = z.looseObject(
    { maxLength: z.number('must be a number'), pattern: z.instanceof(RegExp, { error: 'must be a RegExp' }) },
    object,
  );
  const capabilities = z.looseObject(
    {
      actions: z.looseObject({}, object),
      ids: z.looseObject({ workflow: rule, execution: rule, node: rule }, object),
    },
    object,
  );
  const schema = z.object({
    name: text(),
    driver: z.looseObject(
      {
        provider: text(),
        capabilities,
        doResume: aFunction(),
      },
      { error: 'must be a driver' },
    ),
    settings: z.looseObject(
      {
        ledger: z.custom(isLedger, 'must be a ResumeLedger').optional(),
        runtime: z
          .looseObject({ nowMs: aFunction(), startTimer: aFunction(), random: aFunction(), newId: aFunction() }, object)
          .optional(),
      },
      object,
    ),
  });
  parse<unknown>(schema, { name, driver, settings }, 'createWorkflow()');
}

import type { Problem } from './errors.js';
import { invalidArgument } from './invalid-argument.js';
import { isLedger } from './settings.js';

type Parts = Readonly<Record<string, unknown>>;

/**
 * Checks what a connection is made of, as far as its own code depends on it. What else the settings hold is let be: they
 * may be a connection's whole options.
 *
 * By hand, for every connection is made of these before its first call: schemas that are used once take longer to make.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem.
 */
export function checkWorkflow(name: unknown, driver: unknown, settings: unknown): void {
  const problems = [
    ...must('name', isText(name), 'be a string that is not empty'),
    ...(isObject(driver) ? driverProblems(driver) : must('driver', false, 'be a driver')),
    ...(isObject(settings) ? settingsProblems(settings) : must('settings', false, 'be an object')),
  ];
  if (problems.length > 0) throw invalidArgument('createWorkflow()', problems);
}

function driverProblems({ provider, capabilities, doResume }: Parts): Problem[] {
  const { actions, ids } = isObject(capabilities) ? capabilities : ({} as Parts);
  const { workflow, execution, node } = isObject(ids) ? ids : ({} as Parts);
  return [
    ...must('driver.provider', isText(provider), 'be a string that is not empty'),
    ...must('driver.capabilities.actions', isObject(actions), 'be an object'),
    ...Object.entries({ workflow, execution, node }).flatMap(([id, rule]) =>
      must(`driver.capabilities.ids.${id}`, isIdRule(rule), 'be a rule with maxLength and pattern'),
    ),
    ...must('driver.doResume', isFunction(doResume), 'be a function'),
  ];
}

function settingsProblems({ ledger, runtime }: Parts): Problem[] {
  const given = runtime === undefined ? undefined : isObject(runtime) ? runtime : ({} as Parts);
  return [
    ...must('settings.ledger', ledger === undefined || isLedger(ledger), 'be a ResumeLedger'),
    ...['nowMs', 'startTimer', 'random', 'newId'].flatMap((method) =>
      must(`settings.runtime.${method}`, given === undefined || isFunction(given[method]), 'be a function'),
    ),
  ];
}

function must(field: string, holds: boolean, rule: string): Problem[] {
  return holds ? [] : [{ field, message: `must ${rule}` }];
}

function isIdRule(value: unknown): boolean {
  return isObject(value) && typeof value['maxLength'] === 'number' && value['pattern'] instanceof RegExp;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isObject(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null;
}

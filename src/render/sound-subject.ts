import { z } from 'zod';
import { invalidArgument } from '../invalid-argument.js';
import { boundedProblems, planAndSnapshot } from '../plan/plan-shape.js';
import { checked, parse } from '../schema.js';
import type { HtmlOptions } from './html.js';
import type { Subject } from './picture.js';
import type { TreeOptions } from './tree.js';

let schemas: ReturnType<typeof planAndSnapshot> | undefined;

/**
 * What is handed in to be drawn, perhaps read back from a file: a plan or a snapshot. What else it holds is let be.
 *
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with what is wrong with it.
 */
export function soundSubject(subject: unknown): Subject {
  schemas ??= planAndSnapshot('drawn');
  const isPlan = typeof subject === 'object' && subject !== null && 'snapshot' in subject;
  const { data, problems } = isPlan ? checked(schemas.plan, subject) : checked(schemas.snapshot, subject);
  if (data === undefined) throw invalidArgument('what is to be drawn, a snapshot or a plan', boundedProblems(problems));
  return subject as Subject;
}

const asked = { error: 'must be an object' };

/** @throws {ResumeError} INVALID_ARGUMENT (no effect) with what is wrong with them. */
export function soundTreeOptions(options: unknown): TreeOptions {
  const shape = {
    colour: z.boolean('must be true or false').optional(),
    width: z.number('must be a number of columns').min(1, 'must be at least 1').optional(),
  };
  return parse(z.strictObject(shape, asked), options, 'the options of renderTree()');
}

/** @throws {ResumeError} INVALID_ARGUMENT (no effect) with what is wrong with them. */
export function soundHtmlOptions(options: unknown): HtmlOptions {
  return parse(
    z.strictObject({ title: z.string('must be a string').optional() }, asked),
    options,
    'the options of renderHtml()',
  );
}

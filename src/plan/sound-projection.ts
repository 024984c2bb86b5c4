import { DriverFailure } from '../driver-failure.js';
import type { ListPage, Projection } from '../inspection.js';
import { ACTIONS } from '../vocabulary.js';
import type { Conceal } from './sound-inspection.js';
import {
  executionStateOf,
  idOf,
  isText,
  listOf,
  objectOf,
  setTimes,
  soundInspection,
  wordOf,
} from './sound-inspection.js';

const KNOWN_ACTIONS: ReadonlySet<string> = new Set(ACTIONS);

/**
 * What a driver projects, held to what plans rely on.
 *
 * @throws {DriverFailure} INTERNAL (no effect) it cannot be understood at all.
 */
export function soundProjection(given: Projection, conceal: Conceal): Projection {
  const { inspection, performed, nodes, starts, mayRun, expected, resumedAs, refusals, warnings, baseline } = objectOf(
    given,
    'a projection',
  );
  if (!KNOWN_ACTIONS.has(performed)) {
    throw new DriverFailure('the driver handed over a projection without what it would ask for', {
      code: 'INTERNAL',
      effect: 'none',
    });
  }
  return {
    inspection: soundInspection(inspection, conceal),
    performed,
    nodes: distinctIdsOf(nodes, 'nodes'),
    starts: idsOf(starts, 'nodes that start'),
    mayRun: idsOf(mayRun, 'nodes that may run'),
    expected: idsOf(expected, 'nodes that are expected to run'),
    resumedAs: distinctIdsOf(resumedAs, 'executions that were resumed from it'),
    refusals: sentencesOf(refusals, 'refusals', conceal),
    warnings: sentencesOf(warnings, 'warnings', conceal),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

/**
 * A page of a listing, held to what callers rely on.
 *
 * @throws {DriverFailure} INTERNAL (no effect) it cannot be understood at all.
 */
export function soundPage(given: ListPage | undefined): ListPage {
  const { executions, next } = objectOf(given, 'a page');
  return {
    executions: listOf(executions, 'executions').map((listed) => ({
      execution: idOf(objectOf(listed, 'an execution').execution, 'an execution'),
      state: executionStateOf(listed.state),
      providerState: wordOf(listed.providerState),
      ...setTimes({}, { startedAt: listed.startedAt, endedAt: listed.endedAt }, (text) => text),
      ...(isText(listed.previousExecution) ? { previousExecution: listed.previousExecution } : {}),
    })),
    ...(isText(next) ? { next } : {}),
  };
}

function idsOf(given: readonly string[], what: string): readonly string[] {
  for (const id of listOf(given, what)) idOf(id, what);
  return given;
}

function distinctIdsOf(given: readonly string[], what: string): readonly string[] {
  return [...new Set(idsOf(given, what))];
}

function sentencesOf(given: readonly string[], what: string, conceal: Conceal): string[] {
  return listOf(given, what).map((sentence) => conceal(String(sentence)));
}

import type { PlannedNode, ResumePlan } from '../resume-plan.js';
import { counted } from './wording.js';

/** One thing that a plan brings about, or that keeps it from being applied. */
export interface Consequence {
  /** How urgent it is. */
  readonly tone: 'refused' | 'careful' | 'starts' | 'plain';
  readonly glyph: string;
  readonly text: string;
  /** The nodes it is about. */
  readonly nodes: readonly PlannedNode[];
  /** Sentences of the plan's own. */
  readonly lines: readonly string[];
}

/** All that a plan says, in words, what matters most first. */
export function consequencesOf(plan: ResumePlan): readonly Consequence[] {
  const named = new Set([...plan.starts, ...plan.rerunsSucceeded].map(({ id }) => id));
  const after = plan.mayRun.filter(({ id }) => !named.has(id));
  const all: (Consequence | undefined)[] = [
    about('refused', '⊘', plan.refusals.length, 'It would be refused:', { lines: plan.refusals }),
    about('careful', '!', plan.warnings.length, 'Look at this first:', { lines: plan.warnings }),
    about('careful', '!', plan.resumedAs.length, 'It was resumed already, as:', { lines: plan.resumedAs }),
    plan.starts.length === 0 && plan.refusals.length === 0
      ? about('starts', '▶', 1, 'Something starts, but the provider does not say which node.', {})
      : about('starts', '▶', plan.starts.length, `${starting(plan.starts.length)}:`, { nodes: plan.starts }),
    about('careful', '!', plan.rerunsSucceeded.length, again(plan.rerunsSucceeded.length), {
      nodes: plan.rerunsSucceeded,
    }),
    about(
      'plain',
      '▷',
      after.length,
      `${counted(after.length, 'more node')} may run after that, at most${hope(plan)}:`,
      {
        nodes: after,
      },
    ),
    about('plain', '=', plan.kept.length, `${counted(plan.kept.length, 'node keeps', 'nodes keep')} what they have:`, {
      nodes: plan.kept,
    }),
    about('plain', '⊘', plan.blocked.length, `${blockedWords(plan.blocked.length)}:`, { nodes: plan.blocked }),
  ];
  return all.filter((consequence) => consequence !== undefined);
}

function about(
  tone: Consequence['tone'],
  glyph: string,
  count: number,
  text: string,
  { nodes = [], lines = [] }: Partial<Pick<Consequence, 'nodes' | 'lines'>>,
): Consequence | undefined {
  return count === 0 ? undefined : { tone, glyph, text, nodes, lines };
}

function starting(count: number): string {
  return counted(count, 'node starts at once', 'nodes start at once');
}

function again(count: number): string {
  const which = counted(count, 'node that succeeded may run again', 'nodes that succeeded may run again');
  return `${which}; nothing that ${count === 1 ? 'it' : 'they'} did is undone before:`;
}

function hope(plan: ResumePlan): string {
  const { length } = plan.expected;
  return length === plan.mayRun.length ? '' : ` (${length.toLocaleString('en-US')} in all if everything succeeds)`;
}

function blockedWords(count: number): string {
  return counted(count, 'node has not run and is not expected to', 'nodes have not run and are not expected to');
}

import type { Consequence } from '../render/consequences.js';
import { consequencesOf } from '../render/consequences.js';
import { columnsOf, oneLine } from '../render/plain-text.js';
import { wrapped } from '../render/wrap.js';
import type { ResumePlan } from '../resume-plan.js';
import { namesOf } from './progress-words.js';
import type { Terminal } from './terminal.js';

const STYLES = { refused: 'red', careful: 'yellow', starts: 'cyan', plain: 'dim' } as const;

/** What a plan says in words, nothing of it cut off. */
export function showPlan(terminal: Terminal, consequences: readonly Consequence[]): void {
  for (const { tone, glyph, text, nodes, lines } of consequences) {
    const lead = wrapped(`${glyph} ${text}`, terminal.columns, { taken: 2, indent: 4 }).split('\n');
    const named = [...(nodes.length === 0 ? [] : [namesOf(nodes)]), ...lines.map(oneLine)].join('; ');
    const taken = columnsOf(lead.at(-1) ?? '') + (lead.length === 1 ? 3 : 1);
    const rest = wrapped(named, terminal.columns, { taken, indent: 4 });
    terminal.line(`  ${lead.map((line) => terminal.style(STYLES[tone], line)).join('\n')} ${rest}`.replace(/ +$/m, ''));
  }
}

/** What it says of what starts and of what needs care. */
export function urgentIn(plan: ResumePlan): readonly Consequence[] {
  return consequencesOf(plan).filter(({ tone }) => tone !== 'plain');
}

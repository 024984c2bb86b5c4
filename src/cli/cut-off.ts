import { oneLine } from '../render/plain-text.js';
import type { ResumePlan } from '../resume-plan.js';
import type { ExecutionSnapshot } from '../snapshot.js';

const MOST = 10;

/** The sentences that somebody should read to their end, and that do not fit into the columns of a tree. */
export function cutOff(subject: ExecutionSnapshot | ResumePlan, tree: string): readonly string[] {
  const plan = 'snapshot' in subject ? subject : undefined;
  const { error, nodes } = 'snapshot' in subject ? subject.snapshot : subject;
  const sentences = [...(plan?.refusals ?? []), ...(plan?.warnings ?? []), ...(error === undefined ? [] : [error])];
  const all = [
    ...sentences.map((sentence) => ({ lead: '', text: oneLine(sentence) })),
    ...nodes.flatMap(({ name, attempts }) => {
      const wrong = attempts.at(-1)?.error;
      return wrong === undefined ? [] : [{ lead: `${oneLine(name)}: `, text: oneLine(wrong) }];
    }),
  ];
  return all
    .filter(({ text }) => !tree.includes(text))
    .map(({ lead, text }) => lead + text)
    .slice(0, MOST);
}

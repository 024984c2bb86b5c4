import { wrapped } from '../render/wrap.js';
import type { ResumePlan } from '../resume-plan.js';
import type { ExecutionSnapshot } from '../snapshot.js';
import { cutOff } from './cut-off.js';
import { printJson } from './print-json.js';
import { Terminal } from './terminal.js';
import { writeNamed, writeNew } from './write-file.js';

/** In a file or a log nothing has to be cut. */
const UNCUT = 1_000;

/** The flags of what can be drawn. */
export interface PictureFlags {
  readonly json?: boolean;
  readonly mermaid?: boolean;
  /** True where no file was named. */
  readonly html?: string | true;
}

/** Prints a snapshot or a plan on stdout, as a tree unless another form is wanted, and writes its page. */
export async function showPicture(
  subject: ExecutionSnapshot | ResumePlan,
  { json = false, mermaid = false, html }: PictureFlags,
): Promise<void> {
  const terminal = new Terminal(process.stdout);
  if (json) printJson(subject);
  else if (mermaid) terminal.line((await import('../render/index.js')).renderMermaid(subject).trimEnd());
  else await showTree(terminal, subject);
  if (html === undefined) return;
  const { renderHtml } = await import('../render/index.js');
  const page = await renderHtml(subject);
  const file = html === true ? await writeNew(subject.execution, '.html', page) : html;
  if (html !== true) await writeNamed(file, page);
  new Terminal(process.stderr).line(`The page is in ${file}`);
}

/** Draws a tree, and says below it in full what it had to cut. */
export async function showTree(
  terminal: Terminal,
  subject: ExecutionSnapshot | ResumePlan,
  width: number = terminal.isTTY ? terminal.columns : UNCUT,
): Promise<void> {
  const { renderTree } = await import('../render/index.js');
  const tree = renderTree(subject, { colour: terminal.coloured, width });
  terminal.line(tree);
  const cut = cutOff(subject, tree);
  if (cut.length > 0) terminal.line('\nIn full:');
  for (const text of cut) terminal.line(`  ${wrapped(text, width, { taken: 2, indent: 2 })}`);
}

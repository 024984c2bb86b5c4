import { UsageError } from './exit-codes.js';

/**
 * What a file holds as YAML.
 *
 * @throws {UsageError} it is none, or says what only its author understands, such as `!secret`: in which line, and why.
 */
export async function yamlIn(file: string, content: string): Promise<unknown> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, merge: true });
  // Not the parser's own message: it quotes the file, and with it perhaps a secret. Its codes are words of its own.
  const [trouble] = [...document.errors, ...document.warnings];
  if (trouble !== undefined) throw notYaml(file, lines.linePos(trouble.pos[0]).line, wordsOf(trouble.code));
  try {
    return document.toJS() as unknown;
  } catch {
    throw notYaml(file, undefined, 'an alias is used that is not defined, or too many are');
  }
}

function notYaml(file: string, line: number | undefined, why: string): UsageError {
  return new UsageError(`${file} is not valid YAML${line === undefined ? '' : ` (line ${line})`}: ${why}.`);
}

/** `TAG_RESOLVE_FAILED` as words. */
function wordsOf(code: string): string {
  if (code === 'TAG_RESOLVE_FAILED') return `a tag that is not known; write $\{NAME} for an environment variable`;
  return code.toLowerCase().replaceAll('_', ' ');
}

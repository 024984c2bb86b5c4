const MAX_SHOWN = 3;
const MAX_LENGTH = 300;
/** Where an element may say in words what went wrong. Undocumented: the example has an `exit_code` only. */
const WORDED = ['error_msg', 'error_message', 'message', 'error', 'reason'];

/**
 * What an output tells of failures inside a node's run: its `fail` list, cut short.
 *
 * The run itself may well have succeeded: the documents' example does, with `ignore_error` set.
 *
 * @see AOM API reference, the example of an execution's detail
 */
export function errorInOutput(output: unknown): string | undefined {
  const fail = typeof output === 'object' && output !== null && 'fail' in output ? output.fail : undefined;
  if (!Array.isArray(fail) || fail.length === 0) return undefined;
  const shown = fail.slice(0, MAX_SHOWN).map(wordsOf).join('; ');
  const more = fail.length > MAX_SHOWN ? `; ${fail.length - MAX_SHOWN} more` : '';
  return `${shortened(shown, MAX_LENGTH)}${more}`;
}

function wordsOf(element: unknown): string {
  if (typeof element === 'string') return element;
  if (typeof element !== 'object' || element === null) return JSON.stringify(element);
  const fields = element as Readonly<Record<string, unknown>>;
  const worded = WORDED.map((name) => fields[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof worded === 'string' ? worded : JSON.stringify(element);
}

/** On one line, whatever a script printed. */
function shortened(text: string, maxLength: number): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}

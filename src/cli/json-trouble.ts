/** What is wrong with a text that is no JSON, and in which line. */
export interface JsonTrouble {
  readonly line: number;
  /** The parser's own words, without what they quote; undefined where they say nothing else. */
  readonly why: string | undefined;
}

/**
 * Tells from Node's error what is wrong with JSON. No more than one character of the text is shown: it may hold secrets.
 *
 * @returns undefined where it is right.
 */
export function jsonTroubleOf(text: string): JsonTrouble | undefined {
  const message = messageFor(text);
  if (message === undefined) return undefined;
  const [why] = /^(?:Unexpected token '\P{C}'|[A-Z][^"]*?(?= in JSON at| at position|$))/su.exec(message) ?? [];
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  const end = position === undefined ? unexpectedIn(text, message) : Number(position);
  return { line: text.slice(0, end).split('\n').length, why: why?.replace(/^[A-Z]/, (first) => first.toLowerCase()) };
}

/** Node tells no position of an unexpected token: the text up to it is the shortest that is refused for it. */
function unexpectedIn(text: string, message: string): number {
  if (!message.startsWith(UNEXPECTED)) return text.length;
  let [sound, broken] = [0, text.length];
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (messageFor(text.slice(0, middle))?.startsWith(UNEXPECTED) === true) broken = middle;
    else sound = middle;
  }
  return sound;
}

const UNEXPECTED = 'Unexpected token';

function messageFor(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

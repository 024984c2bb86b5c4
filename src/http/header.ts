import type { HttpAnswer } from './message.js';
import { rawHeadersOf } from './received-answer.js';

/** The first of some headers that is there. Names in lower case. */
export function headerOf(answer: HttpAnswer, ...names: readonly string[]): string | undefined {
  const raw = rawHeadersOf(answer);
  // A copy of a copy may have lost them.
  const headers = raw === undefined ? (answer as Partial<HttpAnswer>).headers : undefined;
  for (const name of names) {
    const value = raw === undefined ? headers?.[name] : valueIn(raw, name);
    if (value !== undefined) return Array.isArray(value) ? value[0] : value;
  }
  return undefined;
}

/** @param raw - names and values in turns. */
function valueIn(raw: readonly Buffer[], name: string): string | undefined {
  for (let place = 0; place < raw.length; place += 2) {
    if (isName(raw[place], name)) return raw[place + 1]?.toString('latin1');
  }
  return undefined;
}

/** Whether bytes that are a header's name are this one, whatever their case. */
function isName(bytes: Buffer | undefined, name: string): boolean {
  if (bytes?.length !== name.length) return false;
  for (let place = 0; place < name.length; place += 1) {
    const byte = bytes[place] ?? 0;
    const lowerCased = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (lowerCased !== name.charCodeAt(place)) return false;
  }
  return true;
}

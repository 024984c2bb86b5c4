import type { HttpAnswer } from './message.js';
import { ReceivedAnswer } from './received-answer.js';

/** The first of some headers that is there. Names in lower case. */
export function headerOf(answer: HttpAnswer, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = answer instanceof ReceivedAnswer ? answer.header(name) : answer.headers[name];
    if (value !== undefined) return Array.isArray(value) ? value[0] : value;
  }
  return undefined;
}

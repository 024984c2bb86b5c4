import type { Fault } from '../faults.js';

/** What strikes an answer after the service has done what was asked. */
export type Struck = Pick<Fault, 'kind' | 'answer'>;

const PROXY_PAGE = '<html><body>The proxy says no.</body></html>';
const ELSEWHERE = { Location: '/conformance/elsewhere' };
const answer = (status: number, body = '', headers: Readonly<Record<string, string>> = {}): Struck => {
  return { kind: 'answer', answer: { status, headers, body } };
};

/** What the first of the actions is put through. */
export const LOST: readonly (readonly [string, Struck])[] = [
  ['reset after the commit', { kind: 'reset' }],
  ['connection closed after the commit', { kind: 'close' }],
  ['half of the answer', { kind: 'truncate' }],
  ['200 with a body of somebody else', { kind: 'garbage' }],
  ['200 with an empty body and a request id', answer(200, '', { 'X-Request-Id': 'r-1', 'x-amzn-RequestId': 'r-1' })],
  ['302 to another path', answer(302, '', ELSEWHERE)],
  ['307 to another path', answer(307, '', ELSEWHERE)],
  ['308 to another path', answer(308, '', ELSEWHERE)],
  ['400 with a page of a proxy', answer(400, PROXY_PAGE)],
  ['401 with an empty body', answer(401)],
  ['403 with a page of a proxy', answer(403, PROXY_PAGE)],
  ['404 with a page of a proxy', answer(404, PROXY_PAGE)],
  ['404 with JSON of somebody else', answer(404, '{"error":"no such route"}')],
  ['408 with an empty body', answer(408)],
  ['409 with an empty body', answer(409)],
  ['422 with an empty body', answer(422)],
  ['425 with an empty body', answer(425)],
  ['429 with a page of a proxy', answer(429, PROXY_PAGE)],
  ['429 with JSON of somebody else and Retry-After', answer(429, '{"error":"slow down"}', { 'Retry-After': '1' })],
  ['500 with an empty body', answer(500)],
  ['502 with a page of a proxy', answer(502, PROXY_PAGE)],
  ['503 with an empty body', answer(503)],
  ['503 with an empty body and Retry-After', answer(503, '', { 'Retry-After': '1' })],
  ['504 with a page of a proxy', answer(504, PROXY_PAGE)],
];

/** What each further action is put through: how a driver reads answers it shares between actions, or should. */
export const LOST_BY_EACH: ReadonlySet<string> = new Set([
  'reset after the commit',
  '404 with a page of a proxy',
  '500 with an empty body',
]);

/** What does nothing to an answer that has no body to begin with. */
export const DAMAGED: ReadonlySet<string> = new Set([
  'half of the answer',
  '200 with a body of somebody else',
  '200 with an empty body and a request id',
]);

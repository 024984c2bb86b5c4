// For authors of drivers: one attempt over HTTP that knows whether it left, and the verdict on its answer.

export { headerOf } from './header.js';
export type { HttpAnswer, HttpRequest } from './message.js';
export { jsonOf } from './message.js';
export { retryAfterMsOf } from './retry-after.js';
export type { TransportOptions } from './transport.js';
export { HttpTransport } from './transport.js';
export type { ErrorRow, ErrorTable, ProviderError } from './verdict.js';
export { codeOfStatus, errorTable, failureOf, unreadable } from './verdict.js';

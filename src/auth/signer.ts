import type { HttpRequest } from '../http/message.js';

/** Signs requests with one credential. Made once per credential, so that its key is prepared once. */
export interface RequestSigner {
  /** The request with the headers that prove who sends it, dated `now`. */
  sign(request: HttpRequest, now: Date): HttpRequest;
}

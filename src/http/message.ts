import type { IncomingHttpHeaders } from 'node:http';

/** A request as it goes over the wire. */
export interface HttpRequest {
  /** Scheme, host and port: `https://obs.cn-north-4.myhuaweicloud.com`. */
  readonly origin: string;
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** The answer's largest body, in bytes. @default 1048576 */
  readonly maxBodyBytes?: number | undefined;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The body as JSON, or undefined where it is none. */
export function jsonOf({ body }: Pick<HttpAnswer, 'body'>): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VirtualClock } from './clock.js';
import { answerControl, isControl } from './control.js';
import type { EmulatedAnswer } from './faults.js';
import { FaultPlan } from './faults.js';
import type { JournalEntry } from './journal.js';
import { Journal } from './journal.js';
import { reply, replyFaultily } from './reply.js';

/** A request as an emulator sees it. */
export interface EmulatedRequest {
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly target: string;
  /** The path as it came over the wire: not decoded, nothing resolved. */
  readonly path: string;
  /** The query, decoded. */
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a request asks for. */
export interface EmulatedOperation {
  readonly name: string;
  /** Whether it can change something. */
  readonly mutating: boolean;
  /** Keeps the request's body, which holds a password, out of the journal. */
  readonly concealBody?: boolean;
  /** Does it. A mutating operation that is answered with 2xx counts as committed. */
  run(): EmulatedAnswer;
}

/** What every emulator takes. */
export interface EmulatorOptions {
  /** @default 0, which lets the system choose */
  readonly port?: number | undefined;
  /** @default a clock that runs with the real one */
  readonly clock?: VirtualClock | undefined;
}

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The base of the emulators: a real HTTP server on 127.0.0.1 that checks who asks, plays an operation, keeps a journal,
 * and injects faults before or after the commit.
 *
 * An emulator plays documents. It has never been compared with the real service.
 */
export abstract class EmulatorServer {
  abstract readonly provider: string;
  readonly clock: VirtualClock;
  readonly journal = new Journal();
  readonly faults = new FaultPlan();
  readonly #port: number;
  readonly #server: Server;
  #connections = 0;
  #endpoint: string | undefined;

  constructor({ port = 0, clock = new VirtualClock() }: EmulatorOptions = {}) {
    this.#port = port;
    this.clock = clock;
    this.#server = createServer({ maxHeaderSize: 128 * 1024, requireHostHeader: false }, (request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    this.#server.on('connection', () => {
      this.#connections += 1;
    });
  }

  /** The refusal of a request whose signature or token is not right; undefined where it is. */
  protected abstract authenticate(request: EmulatedRequest): EmulatedAnswer | undefined;
  /** The operation that a request asks for; an unknown one answers as the provider's gateway does. */
  protected abstract route(request: EmulatedRequest): EmulatedOperation;

  /** How many connections were opened to it so far. */
  get connections(): number {
    return this.#connections;
  }

  /** The origin that it listens on, or listened on before it was closed. */
  get endpoint(): string {
    if (this.#endpoint === undefined)
      throw new Error(`the ${this.provider} emulator has not been started: call start()`);
    return this.#endpoint;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        this.#endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
        resolve();
      });
    });
    return this;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that goes away in the middle is part of what is tested.
    response.on('error', () => {});
    const body = await bodyOf(message);
    const request = requestOf(message, body);
    if (isControl(request)) {
      reply(response, answerControl(request, this), this.clock.nowMs);
      return;
    }
    const refusal = this.authenticate(request);
    if (refusal !== undefined) {
      this.#note(request, { name: 'unauthenticated', mutating: false }).status = refusal.status;
      reply(response, refusal, this.clock.nowMs);
      return;
    }
    this.#play(this.route(request), request, response);
  }

  #play(operation: EmulatedOperation, request: EmulatedRequest, response: ServerResponse): void {
    const entry = this.#note(request, operation);
    const fault = this.faults.take(operation.name, operation.mutating);
    if (fault !== undefined) entry.fault = `${fault.kind} ${fault.when} commit`;
    // A delay alone loses nothing: the operation is played, the answer is late.
    const skipped = fault?.when === 'before' && fault.kind !== 'delay';
    const answer = skipped ? { status: 200, body: '{"emulator":"never committed"}' } : operation.run();
    entry.committed = !skipped && operation.mutating && answer.status < 300;
    if (fault === undefined) {
      entry.status = answer.status;
      reply(response, answer, this.clock.nowMs);
      return;
    }
    const status = replyFaultily(response, fault, answer, this.clock.nowMs);
    if (status !== undefined) entry.status = status;
  }

  #note(request: EmulatedRequest, { name, mutating, concealBody }: Omit<EmulatedOperation, 'run'>): JournalEntry {
    const { method, target, headers, body } = request;
    const receivedAtMs = this.clock.nowMs;
    const text = concealBody === true ? '[concealed]' : body.toString('utf8');
    return this.journal.add({
      operation: name,
      mutating,
      method,
      target,
      headers,
      body: text,
      receivedAtMs,
      committed: false,
    });
  }
}

function requestOf(message: IncomingMessage, body: Buffer): EmulatedRequest {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
  return { method: message.method ?? 'GET', target, path, query, headers: message.headers, body };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`the request's body is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

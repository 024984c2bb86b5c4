import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that says everything that it was sent back, wherever a service puts words: the worst that can be answered. */
export class TattlingService {
  readonly #server: Server;
  /** What it answers next; `failed` is an execution in which something went wrong. */
  answer: 'json error' | 'xml error' | 'server error' | 'execution' = 'json error';
  /** Credentials that it knows by heart, for it sees no more of a secret key than a signature. */
  known: readonly string[] = [];

  constructor() {
    this.#server = createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
      request.resume();
      const told = [JSON.stringify(request.headers), request.url, ...this.known].join(' ');
      const { status, body } = this.#answerTo(request, told);
      response.writeHead(status, { 'X-Request-ID': this.known[0] ?? '', 'x-amzn-RequestId': this.known.at(-1) ?? '' });
      response.end(body);
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answerTo(request: IncomingMessage, told: string): { status: number; body: string } {
    switch (this.answer) {
      case 'json error': {
        const words = { message: told, Message: told, error_msg: told, __type: 'AccessDeniedException' };
        return { status: 400, body: JSON.stringify({ ...words, code: 'SYS.0005', error_code: 'AOM.31001403' }) };
      }
      case 'xml error': {
        const escaped = told.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
        return { status: 403, body: `<Error><Code>AccessDenied</Code><Message>${escaped}</Message></Error>` };
      }
      case 'server error':
        return { status: 500, body: told };
      case 'execution':
        return { status: 200, body: JSON.stringify(executionWith(told, request)) };
    }
  }
}

/** A failed execution as each of the services shows one, in one body. */
function executionWith(told: string, request: IncomingMessage): object {
  const id = /executions\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? 'execution-1';
  const jobRun = { JobRunState: 'FAILED', StartedOn: 1, CompletedOn: 2, ErrorMessage: told };
  return {
    execution_info: {
      execution_name: id,
      execution_state: 'FAILED',
      state_map: { step: { state_name: 'step', status: 'FAILED', type: 'OPERATION', error: told, output: told } },
    },
    execution_id: id,
    status: 'fail',
    execution_result_list: [
      { node_id: 'step', status: 'fail', begin_time: 1, end_time: 2, output: { fail: [{ message: told }] } },
    ],
    Run: {
      WorkflowRunId: 'execution-1',
      Status: 'COMPLETED',
      ErrorMessage: told,
      Graph: { Nodes: [{ Type: 'JOB', Name: 'step', UniqueId: 'step', JobDetails: { JobRuns: [jobRun] } }], Edges: [] },
    },
    Runs: [],
  };
}

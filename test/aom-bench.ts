import type { IncomingHttpHeaders } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { AomEmulatorOptions } from '../providers/aom/emulator.js';
import { AomEmulator } from '../providers/aom/emulator.js';
import type { AomOptions } from '../providers/aom/index.js';
import { createAomWorkflow } from '../providers/aom/index.js';
import type { ResumableWorkflow } from '../src/types.js';
import { withoutReadBack } from './without-read-back.js';

/** An emulator with connections to it, closed together. */
export class AomBench {
  readonly emulator: AomEmulator;
  readonly #opened: ResumableWorkflow[] = [];

  private constructor(emulator: AomEmulator) {
    this.emulator = emulator;
  }

  static async start(options?: AomEmulatorOptions): Promise<AomBench> {
    const emulator = await new AomEmulator(options).start();
    emulator.define(TWO_NODES);
    return new AomBench(emulator);
  }

  connect(options: Partial<AomOptions> = {}): ResumableWorkflow {
    const { endpoint, projectId, credentials } = this.emulator;
    const workflow = withoutReadBack(
      createAomWorkflow({ name: 'aom-north', endpoint, projectId, credentials, ...options }),
    );
    this.#opened.push(workflow);
    return workflow;
  }

  /** The emulator's user, whose tokens come from the emulator. */
  get password() {
    return { ...this.emulator.user, iamEndpoint: this.emulator.endpoint };
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((workflow) => workflow.close()));
    await this.emulator.close();
  }
}

/** The execution that a bench starts with. */
export const SAMPLE = { workflow: 'wf-0001', execution: 'ex-0001' } as const;
export const TWO_NODES = { ...SAMPLE, nodes: [{ id: 'node-0001', status: 'fail' }, { id: 'node-0002' }] } as const;
export const RESTART = { ...SAMPLE, action: 'restart', nodes: ['node-0001'] } as const;

/** Sends exactly these bytes' worth of a request, the Host header included. */
export function sendRaw(
  endpoint: string,
  request: { method: string; path: string; headers: Record<string, string>; body?: string },
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  const { method, path, headers, body = '' } = request;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(endpoint, { method, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A call of a project's API with a token that is good. */
export async function callWithToken(emulator: AomEmulator, method: string, path: string, body = '') {
  const answer = await sendRaw(emulator.endpoint, {
    method,
    path: `/v1/${emulator.projectId}/cms/${path}`,
    headers: { 'X-Auth-Token': emulator.issueToken(), 'Content-Length': String(Buffer.byteLength(body)) },
    body,
  });
  return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> };
}

/** Long enough for a resend to show, had there been one. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

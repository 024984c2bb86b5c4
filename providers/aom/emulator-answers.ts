import { randomUUID } from 'node:crypto';
import type { EmulatedAnswer } from '../../src/testing/faults.js';
import type { AomKnobs } from './emulator-knobs.js';

/** Writes answers as AOM, the gateway before it and IAM beside it do. */
export class AomAnswers {
  readonly #knobs: AomKnobs;

  constructor(knobs: AomKnobs) {
    this.#knobs = knobs;
  }

  json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): EmulatedAnswer {
    const { contentType, requestIdHeader } = this.#knobs;
    return {
      status,
      headers: {
        [requestIdHeader]: randomUUID(),
        ...(contentType ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      body: JSON.stringify(value),
    };
  }

  /** `{"result":"success"}` in the spelling that the knob asks for. */
  success(): EmulatedAnswer {
    switch (this.#knobs.result) {
      case 'string':
        return this.json({ result: 'success' });
      case 'object':
        return this.json({ result: {} });
      case 'missing':
        return this.json({});
    }
  }

  /** AOM's own error body. */
  aom(status: number, number: string, message: string): EmulatedAnswer {
    const { errorMessageKey, httpCodeStyle } = this.#knobs;
    const [key, code] = httpCodeStyle === 'number' ? ['http_code', status] : [httpCodeKey(httpCodeStyle), `${status}`];
    return this.json({ error_code: `AOM.${number}`, [errorMessageKey]: message, [key]: code }, status);
  }

  /** The gateway's error body; its request id is in it. */
  gateway(status: number, error_code: string, error_msg: string): EmulatedAnswer {
    return this.json({ error_msg, error_code, request_id: randomUUID().replaceAll('-', '') }, status);
  }

  /** IAM's error body. */
  iam(code: number, message: string, title: string): EmulatedAnswer {
    return this.json({ error: { code, message, title } }, code);
  }

  /** Borrowed from execute and terminate, or the operation's own 500. */
  notFound(message: string): EmulatedAnswer {
    return this.#knobs.wrongState === '400/31001418' ? this.aom(404, '31001306', message) : this.internal();
  }

  /** Borrowed from terminate, or the operation's own 500. */
  wrongState(): EmulatedAnswer {
    if (this.#knobs.wrongState === '500/31001405') return this.internal();
    return this.aom(400, '31001418', 'The task does not support the current operation.');
  }

  internal(): EmulatedAnswer {
    return this.aom(500, '31001405', 'internal server error.');
  }

  /** Borrowed from the page of the execution's detail. */
  badParameter(): EmulatedAnswer {
    return this.aom(400, '31001403', 'param error.');
  }
}

function httpCodeKey(style: 'string' | 'htp_code'): string {
  return style === 'string' ? 'http_code' : 'htp_code';
}

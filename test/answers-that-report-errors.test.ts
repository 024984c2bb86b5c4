import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptanceOf as aomAcceptance } from '../providers/aom/wire.js';
import { acceptanceOf as glueAcceptance } from '../providers/glue/wire.js';
import { errorOf } from '../providers/huawei/error-body.js';
import { acceptanceOf as obsAcceptance } from '../providers/obs/wire.js';

const TARGET = { workflow: 'w', execution: 'e', action: 'restart', nodes: ['n'] } as const;
const SELECTION = { performed: 'restart', nodes: ['n'] } as const;
const answerOf = (body: string) => ({ status: 200, headers: {}, body: Buffer.from(body) });
const unknown = expect.objectContaining({ details: expect.objectContaining({ code: 'INTERNAL', effect: 'unknown' }) });

describe('a 200 of AOM', () => {
  const accept = (body: unknown) => aomAcceptance(answerOf(JSON.stringify(body)), TARGET, SELECTION);

  it.each([
    { result: 'success' },
    { result: 'success', error_code: '' },
    { result: 'success', error_code: null, error_msg: null },
    { result: 'success', code: 200, message: 'ok' },
    { result: {} },
    { result: { result: 'success', status: 'running' } },
    { result: null },
    {},
  ])('accepts with %j', (body) => {
    expect(accept(body)).toMatchObject({ execution: 'e', nodes: ['n'] });
  });

  it.each([
    { error_code: 'AOM.31001405', error_msg: 'internal server error.' },
    { code: 'AOM.31001405', message: 'internal server error.' },
    { result: 'success', code: 'AOM.31001405' },
    { error_msg: 'internal server error.', http_code: 500 },
    { error_message: 'internal server error.' },
    { result: { error_code: 'AOM.31001418' } },
    { result: { result: 'fail' } },
    { result: { status: 'fail' } },
    { status: 'error' },
    { result: 'fail' },
    { result: 1 },
    'success',
    ['success'],
    null,
  ])('does not accept with %j', (body) => {
    expect(() => accept(body)).toThrow(unknown);
  });
});

describe('a 200 of OBS or Glue that names what was resumed, and an error', () => {
  it.each([
    { error_code: 'Workflow.0012', error_msg: 'cannot be restored' },
    { code: 'SYS.0001', message: 'internal error' },
  ])('does not accept: %j', (error) => {
    const accept = (more: object) => obsAcceptance(answerOf(JSON.stringify({ execution_name: 'e', ...more })), TARGET);
    expect(() => accept(error)).toThrow(unknown);
    expect(accept({})).toMatchObject({ execution: 'e' });
  });

  it('does not accept: __type', () => {
    const accept = (more: object) =>
      glueAcceptance(answerOf(JSON.stringify({ RunId: 'wr_1', ...more })), TARGET, ['n']);
    expect(() => accept({ __type: 'InternalServiceException' })).toThrow(unknown);
    expect(accept({})).toMatchObject({ execution: 'wr_1' });
  });
});

describe('an error in XML', () => {
  /** By one pattern, whose time grows with the square of the text. */
  const plainly = (xml: string): string | undefined => /<Error[\s>]([\s\S]*)<\/Error>\s*$/.exec(xml)?.[1];
  const part = fc.constantFrom(
    '<Error>',
    '<Error ',
    '</Error>',
    '<Code>A</Code>',
    '<Errors>',
    ' ',
    '\n',
    '<Message>m</Message>',
    'x',
  );

  it('is found where one pattern would find it', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const xml = `<?xml?>${parts.join('')}`;
        const expected = plainly(xml)?.includes('<Code>A</Code>') === true ? 'A' : undefined;
        expect(errorOf({ ...answerOf(xml), status: 403 })?.providerCode).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});

import { createHash } from 'node:crypto';
import { GetWorkflowCommand, GlueClient } from '@aws-sdk/client-glue';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GlueEmulator } from '../providers/glue/emulator.js';
import type { Draft } from './glue-emulator-wire-bench.js';
import { BODY, boot, HEADERS, send } from './glue-emulator-wire-bench.js';

describe('accepted signatures', () => {
  it.each<[string, Draft]>([
    ['over all headers', {}],
    ['over the fewest headers', { signed: ['host', 'x-amz-date', 'x-amz-target'] }],
    ['with Date instead of X-Amz-Date', { headers: { ...HEADERS, date: 'Wed, 04 Mar 2026 23:59:58 GMT' } }],
    ['on any path, with a query', { path: '/prefix/?a=1&b=%20' }],
    ['with spaces in a header', { headers: { ...HEADERS, 'x-amz-meta': '  a   b ' } }],
    [
      'with a hash of the body among the headers',
      {
        headers: { ...HEADERS, 'x-amz-content-sha256': createHash('sha256').update(BODY).digest('hex') },
      },
    ],
    ['five minutes old', { date: '20260304T235458Z' }],
  ])('%s', async (_what, draft) => {
    const { status, answer } = await send(await boot(), draft);
    expect([status, Object.keys(answer)]).toEqual([200, ['Workflow']]);
  });

  it('with the session token that the emulator was given', async () => {
    const credentials = { accessKeyId: 'AK', secretAccessKey: 'SK', sessionToken: 'TOKEN' };
    const emulator = await boot({ credentials, region: 'eu-west-1' });
    expect((await send(emulator, { sessionToken: 'TOKEN', region: 'eu-west-1' })).status).toBe(200);
    for (const draft of [{}, { sessionToken: 'OTHER' }]) {
      const { answer } = await send(emulator, { ...draft, region: 'eu-west-1' });
      expect(answer).toMatchObject({ __type: 'UnrecognizedClientException' });
    }
  });

  it('on the next day, with the next key', async () => {
    const emulator = await boot();
    expect((await send(emulator)).status).toBe(200);
    emulator.clock.advance(2000);
    expect((await send(emulator, { date: '20260305T000000Z' })).status).toBe(200);
    expect((await send(emulator)).status).toBe(200);
  });

  it('of the SDK with a session token', async () => {
    const credentials = { accessKeyId: 'AK', secretAccessKey: 'SK', sessionToken: 'TOKEN' };
    const emulator = await new GlueEmulator({ credentials }).start();
    const client = new GlueClient({ endpoint: emulator.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    onTestFinished(async () => {
      client.destroy();
      await emulator.close();
    });
    const { Workflow } = await client.send(new GetWorkflowCommand({ Name: 'nightly-etl' }));
    expect(Workflow?.Name).toBe('nightly-etl');
  });
});

describe('refused signatures', () => {
  const broken = (part: string) => (sent: { headers: Record<string, string> }) => {
    sent.headers['authorization'] = part;
  };
  const replaced = (from: RegExp, to: string) => (sent: { headers: Record<string, string> }) => {
    sent.headers['authorization'] = sent.headers['authorization']?.replace(from, to) ?? '';
  };

  it.each<[string, string, Draft]>([
    [
      'no signature',
      'MissingAuthenticationTokenException',
      { tamper: ({ headers }) => delete headers['authorization'] },
    ],
    ['another scheme', 'IncompleteSignatureException', { tamper: broken('Bearer abc') }],
    ['nothing after the scheme', 'IncompleteSignatureException', { tamper: broken('AWS4-HMAC-SHA256 ') }],
    ['no Signature', 'IncompleteSignatureException', { tamper: replaced(/, Signature=.*/, '') }],
    ['a short Signature', 'IncompleteSignatureException', { tamper: replaced(/.$/, '') }],
    ['no SignedHeaders', 'IncompleteSignatureException', { tamper: replaced(/SignedHeaders=[^,]*/, 'SignedHeaders=') }],
    ['a scope without its end', 'IncompleteSignatureException', { tamper: replaced(/\/aws4_request/, '') }],
    ['no date', 'IncompleteSignatureException', { tamper: ({ headers }) => delete headers['x-amz-date'] }],
    ['an unreadable date', 'IncompleteSignatureException', { headers: { ...HEADERS, 'x-amz-date': '2026-03-04' } }],
    ['an unknown access key', 'UnrecognizedClientException', { accessKeyId: 'AKSOMEBODY' }],
    ['a token where there is none', 'UnrecognizedClientException', { sessionToken: 'TOKEN' }],
    ['a wrong secret key', 'InvalidSignatureException', { secretAccessKey: 'wrong' }],
    ['another region', 'InvalidSignatureException', { region: 'eu-west-1' }],
    ['another service', 'InvalidSignatureException', { service: 's3' }],
    ['another day in the scope', 'InvalidSignatureException', { day: '20260303' }],
    ['headers in the wrong order', 'InvalidSignatureException', { unsorted: true }],
    [
      'a body that was changed',
      'InvalidSignatureException',
      {
        tamper: (sent) => {
          sent.body = '{"Name":"nightly-xyz"}';
        },
      },
    ],
    [
      'a hash of another body',
      'InvalidSignatureException',
      { headers: { ...HEADERS, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
    ],
    [
      'a header that was changed',
      'InvalidSignatureException',
      {
        tamper: ({ headers }) => {
          headers['x-amz-target'] = 'AWSGlue.StartWorkflowRun';
        },
      },
    ],
    [
      'a path that was changed',
      'InvalidSignatureException',
      {
        tamper: (sent) => {
          sent.path = '/other';
        },
      },
    ],
    [
      'a query that was changed',
      'InvalidSignatureException',
      {
        tamper: (sent) => {
          sent.path = '/?a=1';
        },
      },
    ],
    ['an unsigned host', 'InvalidSignatureException', { signed: ['x-amz-date', 'x-amz-target'] }],
    ['an unsigned X-Amz-Date', 'InvalidSignatureException', { signed: ['host', 'x-amz-target'] }],
    [
      'an unsigned Date',
      'InvalidSignatureException',
      { signed: ['host', 'x-amz-target'], headers: { ...HEADERS, date: 'Wed, 04 Mar 2026 23:59:58 GMT' } },
    ],
    ['an unsigned x-amz header', 'InvalidSignatureException', { signed: ['host', 'x-amz-date'] }],
    [
      'a signed header that is not sent',
      'InvalidSignatureException',
      { signed: [...Object.keys(HEADERS), 'host', 'x-amz-date', 'etag'] },
    ],
  ])('with %s: %s', async (_what, type, draft) => {
    const emulator = await boot();
    const { status, headers, answer } = await send(emulator, draft);
    expect([status, answer['__type']]).toEqual([400, type]);
    expect(headers).toMatchObject({ 'content-type': 'application/x-amz-json-1.1' });
    expect(emulator.journal.entries).toMatchObject([{ operation: 'unauthenticated', mutating: false, status: 400 }]);
  });

  it.each<[string, Draft]>([
    ['date 20260303', { day: '20260303' }],
    ['region eu-west-1', { region: 'eu-west-1' }],
    ['service s3', { service: 's3' }],
  ])('for the scope are told apart: %s', async (part, draft) => {
    const { answer } = await send(await boot(), draft);
    expect(answer['Message']).toMatch(new RegExp(`scope.*${part}`));
  });

  it('older or newer than five minutes by the virtual clock', async () => {
    const emulator = await boot();
    const old = await send(emulator, { date: '20260304T235457Z' });
    expect(old.answer).toMatchObject({
      __type: 'InvalidSignatureException',
      Message: expect.stringMatching(/^Signature expired/),
    });
    const early = await send(emulator, { date: '20260305T000459Z' });
    expect(early.answer).toMatchObject({ Message: expect.stringMatching(/^Signature not yet current/) });
    emulator.knobs.skewRefusal = 'RequestExpired';
    emulator.clock.advance(300_001);
    expect((await send(emulator)).answer).toMatchObject({ __type: 'RequestExpired' });
    emulator.knobs.maxSkewMs = Number.POSITIVE_INFINITY;
    expect((await send(emulator)).status).toBe(200);
  });
});

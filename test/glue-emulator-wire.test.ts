import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { GetWorkflowCommand, GlueClient } from '@aws-sdk/client-glue';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GlueEmulatorOptions } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';

const NOW = Date.UTC(2026, 2, 4, 23, 59, 58);
const DATE = '20260304T235958Z';
const BODY = '{"Name":"nightly-etl"}';
const HEADERS = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSGlue.GetWorkflow' };

async function boot(options: GlueEmulatorOptions = {}) {
  const emulator = await new GlueEmulator({ clock: new VirtualClock(NOW), ...options }).start();
  onTestFinished(() => emulator.close());
  return emulator;
}

interface Draft {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The names that are signed, instead of all. */
  readonly signed?: readonly string[];
  readonly date?: string;
  /** The day of the scope. @default the date's */
  readonly day?: string;
  /** Signs the headers in the wrong order. */
  readonly unsorted?: boolean;
  readonly region?: string;
  readonly service?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** What is changed after the signature was made. */
  readonly tamper?: (sent: { headers: Record<string, string>; body: string; path: string }) => void;
}

/** Signs as the specification of Signature Version 4 says, on its own, so that the emulator is held against it. */
async function send(emulator: GlueEmulator, draft: Draft = {}) {
  const { method = 'POST', path = '/', body = BODY, date = DATE, region = 'us-east-1', service = 'glue' } = draft;
  const { credentials, endpoint } = emulator;
  const { accessKeyId = credentials.accessKeyId, secretAccessKey = credentials.secretAccessKey } = draft;
  const token = draft.sessionToken === undefined ? {} : { 'x-amz-security-token': draft.sessionToken };
  const dated = draft.headers?.['date'] === undefined ? { 'x-amz-date': date } : {};
  const headers: Record<string, string> = {
    host: new URL(endpoint).host,
    ...dated,
    ...token,
    ...(draft.headers ?? HEADERS),
  };
  const sorted = [...(draft.signed ?? Object.keys(headers))].sort();
  const names = draft.unsorted === true ? sorted.reverse() : sorted;
  const canonical = [
    method,
    path.split('?')[0],
    path.split('?')[1] ?? '',
    ...names.map((name) => `${name}:${headers[name]?.trim().replace(/ +/g, ' ') ?? ''}`),
    '',
    names.join(';'),
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const scope = [draft.day ?? date.slice(0, 8), region, service, 'aws4_request'];
  const hash = createHash('sha256').update(canonical).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), hash].join('\n');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const signature = hmac(scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`), toSign).toString('hex');
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const sent = { headers, body, path };
  draft.tamper?.(sent);
  return raw(emulator, method, sent);
}

/** Sends exactly what it is told; fetch would choose headers of its own. */
async function raw(
  emulator: GlueEmulator,
  method: string,
  { headers, body, path }: { headers: Record<string, string>; body: string; path: string },
) {
  const { hostname, port } = new URL(emulator.endpoint);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ hostname, port, method, path, headers, agent: false }, resolve).on('error', reject).end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const answer = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  return { status: response.statusCode, headers: response.headers, answer };
}

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

describe('the protocol', () => {
  it('answers with the headers of awsJson1_1', async () => {
    const { headers, answer } = await send(await boot());
    expect(headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      date: 'Wed, 04 Mar 2026 23:59:58 GMT',
    });
    const workflow = answer['Workflow'] as { LastRun: { StartedOn: number } };
    expect(workflow.LastRun.StartedOn).toBe(NOW / 1000 - 3600);
  });

  it.each<[string, Draft]>([
    [
      'an operation that Glue has and the emulator has not',
      { headers: { ...HEADERS, 'x-amz-target': 'AWSGlue.GetJobs' } },
    ],
    ['the operation of another service', { headers: { ...HEADERS, 'x-amz-target': 'NotGlue.GetWorkflow' } }],
    ['no operation', { headers: { 'content-type': HEADERS['content-type'] } }],
    ['a PUT', { method: 'PUT' }],
  ])('does not know %s', async (_what, draft) => {
    const emulator = await boot();
    const { status, answer } = await send(emulator, draft);
    expect([status, answer['__type']]).toEqual([400, 'UnknownOperationException']);
    expect(emulator.journal.entries).toMatchObject([{ operation: 'unknown', mutating: false }]);
  });

  it.each<[string, Draft]>([
    ['another media type', { headers: { ...HEADERS, 'content-type': 'application/json' } }],
    ['a body that is not JSON', { body: '{"Name":' }],
    ['a body that is no object', { body: '["Name"]' }],
    ['a name that is a number', { body: '{"Name":5}' }],
    ['a flag that is a string', { body: '{"Name":"nightly-etl","IncludeGraph":"true"}' }],
  ])('cannot read %s', async (_what, draft) => {
    const { status, answer } = await send(await boot(), draft);
    expect([status, answer['__type']]).toEqual([400, 'SerializationException']);
  });

  it.each([
    ['NodeIds', 'ResumeWorkflowRun', '"x"'],
    ['NodeIds', 'ResumeWorkflowRun', '[5]'],
    ['RunProperties', 'StartWorkflowRun', '["x"]'],
    ['RunProperties', 'StartWorkflowRun', '{"a":1}'],
    ['MaxResults', 'GetWorkflowRuns', '1.5'],
    ['NextToken', 'GetWorkflowRuns', '7'],
  ])('cannot read %s of %s as %s', async (member, operation, value) => {
    const emulator = await boot();
    const body = `{"Name":"nightly-etl","RunId":"wr_0","${member}":${value}}`;
    const { answer } = await send(emulator, { body, headers: { ...HEADERS, 'x-amz-target': `AWSGlue.${operation}` } });
    expect(answer).toMatchObject({ __type: 'SerializationException', Message: expect.stringContaining(member) });
    expect(emulator.journal.committed).toEqual([]);
  });

  it('takes null for an optional member as absent, and for a required one as missing', async () => {
    const emulator = await boot();
    expect((await send(emulator, { body: '{"Name":"nightly-etl","IncludeGraph":null}' })).status).toBe(200);
    expect((await send(emulator, { body: '{"Name":null}' })).answer).toMatchObject({ __type: 'ValidationException' });
  });
});

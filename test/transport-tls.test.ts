import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ObsOptions } from '../providers/obs/index.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { rejected } from './rejected.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl)
  process.stdout.write('skipped: openssl is not here, so no certificates can be made for the TLS tests\n');

const target = { workflow: 'graph_1', execution: 'exec-001' };
const credentials = { accessKeyId: 'AKIDEXAMPLE0000000', secretAccessKey: 'SKEXAMPLEsecretKey0123456789abcdefghij00' };
const servers: HttpServer[] = [];
let requests = 0;

const answer: Parameters<typeof createHttpServer>[1] = (_request, response) => {
  requests += 1;
  response.end('{"execution_name":"exec-001"}');
};

async function listen<S extends HttpServer>(server: S): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function resumeOver(options: Partial<ObsOptions>) {
  const workflow = createObsWorkflow({ name: 'tls', credentials, ...options });
  try {
    return await workflow.resume(target, { timeoutMs: 2_000, readBack: 'off' });
  } finally {
    await workflow.close();
  }
}

afterEach(async () => {
  requests = 0;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe.skipIf(!hasOpenssl)('TLS', () => {
  let folder = '';
  const file = (name: string): string => readFileSync(join(folder, name), 'utf8');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'resumable-tls-'));
    const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test ca');
    for (const name of ['server', 'client']) {
      openssl(
        'req',
        ...key.slice(0, 5),
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
        '-addext',
        'subjectAltName=IP:127.0.0.1',
      );
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-days',
        '2',
        '-copy_extensions',
        'copy',
        '-out',
        `${name}.pem`,
      );
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const secure = (more: object = {}) =>
    createHttpsServer({ key: file('server.key'), cert: file('server.pem'), ca: file('ca.pem'), ...more }, answer);

  it('trusts the authorities that it is given', async () => {
    const endpoint = `https://127.0.0.1:${await listen(secure())}`;
    await expect(resumeOver({ endpoint, ca: file('ca.pem') })).resolves.toMatchObject({ execution: 'exec-001' });
  });

  it.each(['1', '0'])('refuses an unknown authority with no effect, NODE_TLS_REJECT_UNAUTHORIZED=%s', async (value) => {
    const endpoint = `https://127.0.0.1:${await listen(secure())}`;
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = value;
    try {
      const error = await rejected(resumeOver({ endpoint }));
      expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
      expect(requests).toBe(0);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  it('shows its client certificate', async () => {
    const endpoint = `https://127.0.0.1:${await listen(secure({ requestCert: true, rejectUnauthorized: true }))}`;
    const pair = { cert: file('client.pem'), key: file('client.key') };
    await expect(resumeOver({ endpoint, ca: file('ca.pem'), ...pair })).resolves.toMatchObject({
      execution: 'exec-001',
    });
  });

  it('without the client certificate that TLS 1.3 asks for is judged as sent: the refusal comes after the request', async () => {
    const endpoint = `https://127.0.0.1:${await listen(secure({ requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' }))}`;
    const error = await rejected(resumeOver({ endpoint, ca: file('ca.pem') }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'unknown', attempts: 1 });
  });

  it('without the client certificate that TLS 1.2 asks for has no effect: the handshake fails', async () => {
    const endpoint = `https://127.0.0.1:${await listen(secure({ requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' }))}`;
    const error = await rejected(resumeOver({ endpoint, ca: file('ca.pem') }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
  });
});

describe('a proxy', () => {
  /** Tunnels, or refuses with a status. */
  function proxy(status = 200): { server: HttpServer; asked: string[] } {
    const asked: string[] = [];
    const server = createHttpServer((_request, response) => response.writeHead(500).end());
    server.on('connect', (request, client: Socket) => {
      asked.push(request.url ?? '');
      client.on('error', () => {});
      if (status !== 200) {
        client.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
        return;
      }
      const { hostname, port } = new URL(`http://${request.url}`);
      const upstream = connectTcp(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 Established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('close', () => upstream.destroy());
    });
    return { server, asked };
  }

  it('is asked for a tunnel, for plain http too', async () => {
    const port = await listen(createHttpServer(answer));
    const { server, asked } = proxy();
    const receipt = await resumeOver({
      endpoint: `http://127.0.0.1:${port}`,
      proxy: `http://127.0.0.1:${await listen(server)}`,
    });
    expect(receipt).toMatchObject({ execution: 'exec-001', attempts: 1 });
    expect(asked).toEqual([`127.0.0.1:${port}`]);
    expect(requests).toBe(1);
  });

  it.each([403, 407, 502])('that refuses the tunnel with %i has let nothing through', async (status) => {
    const port = await listen(createHttpServer(answer));
    const { server } = proxy(status);
    const error = await rejected(
      resumeOver({ endpoint: `http://127.0.0.1:${port}`, proxy: `http://127.0.0.1:${await listen(server)}` }),
    );
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
    expect(requests).toBe(0);
  });

  it('that nobody runs has let nothing through, and its password shows nowhere', async () => {
    const port = await listen(createHttpServer(answer));
    const closed = createHttpServer();
    const proxyPort = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    servers.pop();
    const error = await rejected(
      resumeOver({ endpoint: `http://127.0.0.1:${port}`, proxy: `http://me:pr0xypass@127.0.0.1:${proxyPort}` }),
    );
    expect(error).toMatchObject({ code: 'UNAVAILABLE', effect: 'none', attempts: 0 });
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('pr0xypass');
  });
});

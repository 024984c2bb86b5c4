import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SdkHmacSigner } from '../providers/huawei/sdk-hmac-signer.js';
import { AomBench, sendRaw } from './aom-bench.js';

/** The signer's file alone: the package's own entry cannot be loaded on a clean install. */
const FILE = 'auth/AKSKSigner.js';

interface OfficialSigner {
  sign(
    request: { method: string; endpoint: string; queryParams: Record<string, string>; headers: Record<string, string> },
    credential: { getAk(): string; getSk(): string },
  ): Record<string, string>;
}

const official = await loadOfficialSigner();
if (official === undefined) {
  process.stdout.write(
    'SKIPPED: Huawei’s own signer is not compared: install @huaweicloud/huaweicloud-sdk-core, or set HUAWEI_SDK_CORE to its folder\n',
  );
}

async function loadOfficialSigner(): Promise<OfficialSigner | undefined> {
  const folder = process.env['HUAWEI_SDK_CORE'] ?? '@huaweicloud/huaweicloud-sdk-core';
  try {
    const loaded = (await import(`${folder}/${FILE}`)) as {
      AKSKSigner?: OfficialSigner;
      default?: { AKSKSigner?: OfficialSigner };
    };
    return loaded.AKSKSigner ?? loaded.default?.AKSKSigner;
  } catch {
    return undefined;
  }
}

let bench: AomBench;
beforeEach(async () => {
  bench = await AomBench.start();
});
afterEach(() => bench.close());

describe.skipIf(official === undefined)("Huawei's own signer", () => {
  it.each([
    ['POST', 'workflow/wf-0001/executions/ex-0001/operation', { node_id: 'node-0001', action: 'restart' }],
    ['GET', 'workflow/wf-0001/executions/ex-0001/status', {}],
    ['GET', 'workflow/wf-0001/executions', { x_enterprise_project_id: 'a b+c/é' }],
  ] as const)('%s %s is accepted by the emulator, and agrees with ours', async (method, route, query) => {
    const { endpoint, projectId, credentials } = bench.emulator;
    const path = `/v1/${projectId}/cms/${route}`;
    const queryParams = query as Record<string, string>;
    const signed = official?.sign(
      {
        method,
        endpoint: endpoint + path,
        queryParams,
        headers: { 'X-Project-Id': projectId, 'content-type': 'application/json' },
      },
      { getAk: () => credentials.accessKeyId, getSk: () => credentials.secretAccessKey },
    );
    const search = new URLSearchParams(queryParams).toString().replaceAll('+', '%20');
    const target = path + (search === '' ? '' : `?${search}`);
    const answer = await sendRaw(endpoint, { method, path: target, headers: signed ?? {} });
    expect(answer.status).toBe(200);
    const date = String(signed?.['X-Sdk-Date']).replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5');
    const request = { origin: endpoint, method, path: target, headers: {} };
    const ours = new SdkHmacSigner(credentials, projectId).sign(request, new Date(date));
    expect(ours.headers['Authorization']).toBe(signed?.['Authorization']);
  });

  it('is refused with another secret', async () => {
    const { endpoint, projectId, credentials } = bench.emulator;
    const path = `/v1/${projectId}/cms/workflow/wf-0001/executions/ex-0001/status`;
    const signed = official?.sign(
      { method: 'GET', endpoint: endpoint + path, queryParams: {}, headers: { 'content-type': 'application/json' } },
      { getAk: () => credentials.accessKeyId, getSk: () => 'another' },
    );
    expect(await sendRaw(endpoint, { method: 'GET', path, headers: signed ?? {} })).toMatchObject({ status: 401 });
  });
});

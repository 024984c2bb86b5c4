import { GlueClient, ResumeWorkflowRunCommand } from '@aws-sdk/client-glue';
import { Pool } from 'undici';
import { createAomWorkflow } from '../providers/aom/index.js';
import { createGlueWorkflow } from '../providers/glue/index.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import type { ResumeOptions } from '../src/types.js';
import { makeHuaweiCall } from './huawei-client.js';
import type { Variant } from './rounds.js';

const keys = { accessKeyId: 'AKIDEXAMPLE0000000', secretAccessKey: 'SKEXAMPLEsecretKey0123456789abcdefghij00' };
const projectId = '0123456789abcdef0123456789abcdef';
const JSON_HEADERS = { 'content-type': 'application/json' };

/** Everything that is measured, and what closes it. */
export interface Clients {
  readonly variants: Readonly<Record<string, Variant>>;
  readonly close: () => Promise<void>;
}

/** Makes every client of one server. */
export async function makeClients(origin: string): Promise<Clients> {
  const pool = new Pool(origin, { connections: 32, pipelining: 1 });
  const obs = createObsWorkflow({ name: 'obs', endpoint: origin, credentials: keys });
  const aom = createAomWorkflow({ name: 'aom', endpoint: origin, projectId, credentials: keys });
  // The AWS SDK writes into the credentials that it is handed.
  const glueKeys = { region: 'eu-west-1', endpoint: origin, credentials: { ...keys } };
  const glue = createGlueWorkflow({ name: 'glue', ...glueKeys });
  const bareGlue = new GlueClient(glueKeys);
  const huawei = makeHuaweiCall(origin, keys, projectId);

  const raw = async (method: 'GET' | 'PUT' | 'POST', path: string): Promise<void> => {
    const { statusCode, body } = await pool.request({ method, path, headers: JSON_HEADERS, body: null });
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
    await body.json();
  };
  const obsPath = (number: number): string => `/v2/workflowexecutions/exec-${number}?x-workflow-graph-name=graph_1`;
  const aomPath = (number: number): string => `/v1/${projectId}/cms/workflow/w/executions/exec-${number}`;
  const operation = (number: number): string => `${aomPath(number)}/operation?action=restart&node_id=node-1`;
  const aomRequest = (number: number) => {
    return { workflow: 'w', execution: `exec-${number}`, action: 'restart', nodes: ['node-1'] } as const;
  };
  const off: ResumeOptions = { readBack: 'off' };
  const glueRequest = (number: number) => ({ workflow: 'wf', execution: `wr_${number}`, nodes: ['wnode_a'] });

  const variants: Record<string, Variant> = {};
  const add = (name: string, call: Variant['call']): void => {
    variants[name] = { name, call };
  };
  add('raw obs', (number) => raw('PUT', obsPath(number)));
  add('raw obs again', (number) => raw('PUT', obsPath(number)));
  add('raw obs, read first', async (number) => {
    await raw('GET', obsPath(number));
    await raw('PUT', obsPath(number));
  });
  add('obs', (number) => obs.resume({ workflow: 'graph_1', execution: `exec-${number}` }));
  add('obs, readBack off', (number) => obs.resume({ workflow: 'graph_1', execution: `exec-${number}` }, off));
  add('raw aom', (number) => raw('POST', operation(number)));
  add('raw aom, read first', async (number) => {
    await raw('GET', `${aomPath(number)}/status`);
    await raw('POST', operation(number));
  });
  add('aom', (number) => aom.resume(aomRequest(number)));
  add('aom, readBack off', (number) => aom.resume(aomRequest(number), off));
  if (huawei !== undefined) add('huaweicloud-sdk-core', (number) => huawei(`exec-${number}`));
  add('bare client-glue', (number) => {
    return bareGlue.send(new ResumeWorkflowRunCommand({ Name: 'wf', RunId: `wr_${number}`, NodeIds: ['wnode_a'] }));
  });
  add('glue', (number) => glue.resume(glueRequest(number)));

  const close = async (): Promise<void> => {
    bareGlue.destroy();
    await Promise.all([pool.close(), obs.close(), aom.close(), glue.close()]);
  };
  return { variants, close };
}

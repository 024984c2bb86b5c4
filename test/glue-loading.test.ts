// Imports nothing that loads the AWS SDK: this file has a process of its own.
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { rejected } from './rejected.js';

const loaded = (name: RegExp): string[] =>
  Object.keys(createRequire(import.meta.url).cache).filter((path) => name.test(path));

it('the AWS SDK is loaded when a connection is made, tsyringe never', async () => {
  const { createGlueWorkflow } = await import('../providers/glue/index.js');
  expect(loaded(/client-glue|@smithy|tsyringe/)).toEqual([]);
  const workflow = createGlueWorkflow({
    name: 'glue-eu',
    endpoint: 'http://127.0.0.1:9',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretEXAMPLE' },
  });
  await rejected(workflow.resume({ workflow: 'wf', execution: 'wr_1', nodes: ['wnode_1'] }));
  expect(loaded(/client-glue/)).not.toEqual([]);
  expect(loaded(/tsyringe/)).toEqual([]);
  await workflow.close();
});

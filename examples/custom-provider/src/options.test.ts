import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createRegistry, ResumeError } from 'resumable-workflow';
import type { StepFunctionsOptions } from './index.js';
import { createStepFunctionsWorkflow, registerStepFunctions } from './index.js';

const good = { name: 'sfn-eu', region: 'eu-west-1', accountId: '123456789012' };

/** The fields that options are refused for. */
function refused(options: unknown, take: (options: StepFunctionsOptions) => unknown = createStepFunctionsWorkflow) {
  try {
    take(options as StepFunctionsOptions);
  } catch (thrown) {
    if (!ResumeError.isInstance(thrown)) throw thrown;
    assert.equal(thrown.code, 'INVALID_ARGUMENT');
    return thrown.problems.map(({ field, message }) => `${field} ${message}`.trim());
  }
  return [];
}

it('takes options that are right', async () => {
  assert.deepEqual(refused(good), []);
  for (const endpoint of ['http://127.0.0.1:80', 'https://states.example.com', undefined])
    assert.deepEqual(refused({ ...good, endpoint }), []);
});

it('refuses others with every problem at once', () => {
  assert.deepEqual(refused({ name: 'sfn-eu', regionn: 'x', accountId: 12 }), [
    'region is missing',
    'accountId must be a string',
    'regionn is not known here; remove it or mend its spelling',
  ]);
  assert.deepEqual(refused('eu-west-1'), ['must be an object with name, region and accountId']);
  const wrong = { ...good, credentials: { accessKeyId: 'a' }, endpoint: 'http://states.example.com', ledger: null };
  assert.deepEqual(refused(wrong), [
    'credentials must be an async function',
    'endpoint must be an https origin without a path; http is for this machine alone',
    'ledger must be a ResumeLedger',
  ]);
});

it('refuses them when they are registered, not when the connection is first asked for', () => {
  const registry = createRegistry();
  assert.deepEqual(
    refused({ ...good, region: 'EU West' }, (options) => registerStepFunctions(registry, options)),
    ['region must be a region such as eu-west-1'],
  );
  assert.deepEqual(registry.names, []);
});

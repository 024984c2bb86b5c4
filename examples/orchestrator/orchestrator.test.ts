import { createRegistry } from 'resumable-workflow';
import { registerGlue } from 'resumable-workflow/providers/glue';
import type { FakeWorkflow } from 'resumable-workflow/testing';
import { expectNotResumed, expectResumed, fakeWorkflow } from 'resumable-workflow/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { NightOrchestrator } from './orchestrator.js';

const workflow = 'nightly-etl';
const since = new Date('2026-11-20T18:00:00Z');
let glue: FakeWorkflow<'resume' | 'restart'>;
let orchestrator: NightOrchestrator;

beforeEach(() => {
  // As in production, but for the one connection: nothing of Glue is loaded, nothing is sent.
  const workflows = createRegistry();
  const key = registerGlue(workflows, { name: 'glue-eu', region: 'eu-west-1' });
  const capabilities = { newExecution: true };
  glue = fakeWorkflow({ name: 'glue-eu', provider: 'glue', actions: ['resume', 'restart'], capabilities });
  workflows.replace(key, glue);
  orchestrator = workflows.container.resolve(NightOrchestrator);
});

describe('the night orchestrator', () => {
  it('carries on what failed, once, and waits for its end', async () => {
    glue.show({ workflow, execution: 'wr_1' }, 'failed');
    glue.show({ workflow, execution: 'wr_2' }, 'succeeded');
    glue.on({ execution: 'wr_1' }).accept({ execution: 'wr_3', becomes: ['running', 'succeeded'] });
    const { carriedOn, toLookAt } = await orchestrator.carryOn(workflow, since);
    expect(carriedOn.map(({ execution, state }) => `${execution} ${state}`)).toEqual(['wr_3 succeeded']);
    expect(toLookAt).toEqual([]);
    expectResumed(glue, { workflow, execution: 'wr_1' });
    expectNotResumed(glue, { workflow, execution: 'wr_2' });
  });

  it('does not carry the same execution on twice when it runs twice', async () => {
    glue.show({ workflow, execution: 'wr_1' }, 'failed');
    await orchestrator.carryOn(workflow, since);
    await orchestrator.carryOn(workflow, since);
    expectResumed(glue, { workflow, execution: 'wr_1' });
  });

  it('carries it on again in another night', async () => {
    glue.show({ workflow, execution: 'wr_1' }, 'failed');
    await orchestrator.carryOn(workflow, since);
    await orchestrator.carryOn(workflow, new Date('2026-11-21T18:00:00Z'));
    expectResumed(glue, { workflow, execution: 'wr_1' }, { times: 2 });
  });

  it('hands an unknown effect to a person, and goes on with the others', async () => {
    glue.show({ workflow, execution: 'wr_1' }, 'failed');
    glue.show({ workflow, execution: 'wr_2' }, 'failed');
    glue.on({ execution: 'wr_1' }).lose();
    const { carriedOn, toLookAt } = await orchestrator.carryOn(workflow, since);
    expect(carriedOn).toHaveLength(1);
    expect(toLookAt).toEqual([{ execution: 'wr_1', why: expect.stringMatching(/^unknown, intent [0-9a-f-]+$/) }]);
    expect(glue.calls).toHaveLength(2);
  });

  it('tells what was refused', async () => {
    glue.show({ workflow, execution: 'wr_1' }, 'failed');
    glue.on().refuse('PERMISSION_DENIED');
    const { toLookAt } = await orchestrator.carryOn(workflow, since);
    expect(toLookAt).toEqual([{ execution: 'wr_1', why: 'PERMISSION_DENIED' }]);
  });
});

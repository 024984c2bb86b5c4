import type { Acceptance, Attempt, Selection, Target, WorkflowDriver } from '../src/driver.js';

const ID = { maxLength: 64, pattern: /^[\w-]+$/, rule: 'consist of letters, digits, _ or -' };

/** A driver without a network, whose one attempt is scripted. */
export interface FakeDriver extends WorkflowDriver<'resume' | 'restart'> {
  readonly seen: { target: Target; selection: Selection }[];
  closed: number;
}

export function fakeDriver(script: Partial<WorkflowDriver<'resume' | 'restart'>> = {}): FakeDriver {
  const seen: FakeDriver['seen'] = [];
  const driver: FakeDriver = {
    provider: 'fake',
    capabilities: {
      actions: { resume: { min: 0, max: 2 }, restart: { min: 1, max: 2 } },
      newExecution: false,
      discoversNodes: false,
      ids: { workflow: ID, execution: ID, node: ID },
      notices: [],
    },
    seen,
    closed: 0,
    async close() {
      driver.closed += 1;
    },
    ...script,
    async doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance> {
      seen.push({ target, selection });
      if (script.doResume !== undefined) return await script.doResume(target, selection, attempt);
      attempt.dispatch();
      return { execution: target.execution, nodes: selection.nodes, nodesBasis: 'reported', requestId: 'r-1' };
    },
  };
  return driver;
}

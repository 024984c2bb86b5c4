import { afterEach, vi } from 'vitest';
import type { WorkflowDriver } from '../src/driver.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';

export const target = { workflow: 'nightly', execution: 'run-1' };
export type Driver = WorkflowDriver<'resume' | 'restart'>;

export const connect = (script: Partial<Driver> = {}) => {
  const driver = fakeDriver(script);
  return { driver, workflow: createWorkflow<'resume' | 'restart'>('fake-eu', driver) };
};
export const never = <T>(): Promise<T> => new Promise<T>(() => {});
export const discovering = (): Pick<Driver, 'capabilities'> => ({
  capabilities: { ...fakeDriver().capabilities, discoversNodes: true },
});

afterEach(() => vi.restoreAllMocks());

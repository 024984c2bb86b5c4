import 'reflect-metadata';
import { inject, injectable, container as root } from 'tsyringe';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import type { Receipt, ResumableWorkflow, WorkflowRegistry } from '../src/index.js';
import { createRegistry, workflowToken } from '../src/index.js';
import { createWorkflow } from '../src/workflow.js';
import { fakeDriver } from './fake-driver.js';

const registries: WorkflowRegistry[] = [];
afterEach(() => Promise.all(registries.splice(0).map((registry) => registry.close())));

function fresh(options?: Parameters<typeof createRegistry>[0]): WorkflowRegistry {
  const registry = createRegistry(options);
  registries.push(registry);
  return registry;
}

const narrow = () => createWorkflow<'resume' | 'restart'>('fake-eu', fakeDriver());

@injectable()
class Orchestrator {
  constructor(@inject(workflowToken('fake-eu')) readonly workflow: ResumableWorkflow) {}

  carryOn(): Promise<Receipt> {
    return this.workflow.resume({ workflow: 'nightly', execution: 'run-1' });
  }
}

describe('a registry', () => {
  it('makes a connection when it is first asked for, once', () => {
    const registry = fresh();
    const make = vi.fn(narrow);
    const key = registry.register('fake-eu', make);
    expect(make).not.toHaveBeenCalled();
    expect(registry.get(key)).toBe(registry.get('fake-eu'));
    expect(registry.container.resolve(key.token)).toBe(registry.get(key));
    expect(make).toHaveBeenCalledOnce();
  });

  it('types a connection as narrowly as it was registered', () => {
    const registry = fresh();
    const key = registry.register('fake-eu', narrow);
    expectTypeOf(registry.get(key)).toEqualTypeOf<ResumableWorkflow<'resume' | 'restart'>>();
    expectTypeOf(registry.get('fake-eu')).toEqualTypeOf<ResumableWorkflow>();
    const compileOnly = (): void => {
      // @ts-expect-error skip is not among its actions
      void registry.get(key).resume({ workflow: 'w', execution: 'e', action: 'skip' });
      void registry.get('fake-eu').resume({ workflow: 'w', execution: 'e', action: 'skip' });
    };
    expect(compileOnly).toBeTypeOf('function');
  });

  it('refuses a name that is taken', () => {
    const registry = fresh();
    registry.register('fake-eu', narrow);
    expect(() => registry.register('fake-eu', narrow)).toThrowError(
      expect.objectContaining({ code: 'FAILED_PRECONDITION', effect: 'none' }),
    );
  });

  it('lists what exists when a name does not', () => {
    const registry = fresh();
    expect(() => registry.get('nope')).toThrowError('There is no connection named "nope". None is registered.');
    registry.register('fake-eu', narrow);
    registry.register('fake-us', narrow);
    expect(() => registry.get('nope')).toThrowError(/There are: fake-eu, fake-us\./);
    expect(registry.names).toEqual(['fake-eu', 'fake-us']);
  });

  it('registers into a fresh child, never into tsyringe’s root', () => {
    fresh().register('fake-eu', narrow);
    expect(root.isRegistered(workflowToken('fake-eu'))).toBe(false);
    fresh().register('fake-eu', narrow);
  });

  it('registers into the container that it is given', () => {
    const container = root.createChildContainer();
    const registry = fresh({ container });
    const key = registry.register('fake-eu', narrow);
    expect(registry.container).toBe(container);
    expect(container.resolve(key.token)).toBe(registry.get(key));
  });

  it('builds a user’s own class, with a connection injected by its token', async () => {
    const registry = fresh();
    registry.register('fake-eu', narrow);
    const receipt = await registry.container.resolve(Orchestrator).carryOn();
    expect(receipt).toMatchObject({ connection: 'fake-eu', execution: 'run-1' });
  });

  it('lets a test put a fake in the place of a connection', async () => {
    const registry = fresh();
    registry.register('fake-eu', narrow);
    const resume = vi.fn(async () => ({ execution: 'faked' }) as Receipt);
    const test = registry.container.createChildContainer();
    test.registerInstance(workflowToken('fake-eu'), { resume } as unknown as ResumableWorkflow);
    await expect(test.resolve(Orchestrator).carryOn()).resolves.toEqual({ execution: 'faked' });
    expect(resume).toHaveBeenCalledWith({ workflow: 'nightly', execution: 'run-1' });

    registry.container.registerInstance(workflowToken('fake-eu'), { resume } as unknown as ResumableWorkflow);
    await expect(registry.container.resolve(Orchestrator).carryOn()).resolves.toEqual({ execution: 'faked' });
  });

  it('lets nothing be put in a connection’s place that is not one, and says what is missing', () => {
    const registry = fresh();
    const key = registry.register('fake-eu', narrow);
    const replace = (workflow: unknown) => () => registry.replace(key, workflow as ResumableWorkflow);
    expect(replace({})).toThrowError(/"fake-eu" is not a connection: it has no method resume.*fakeWorkflow\(\)/);
    expect(replace(undefined)).toThrowError(expect.objectContaining({ code: 'INVALID_ARGUMENT', effect: 'none' }));
    expect(registry.get(key).provider).toBe('fake');
    registry.replace(key, narrow());
    // A double of a user's own may do less.
    const double = { resume: async () => ({ execution: 'run-2' }) };
    replace(double)();
    expect(registry.get(key)).toBe(double);
  });

  it('closes what it made and nothing else, and is closed then', async () => {
    const registry = fresh();
    const driver = fakeDriver();
    registry.register('made', () => createWorkflow<'resume' | 'restart'>('made', driver));
    const never = vi.fn(narrow);
    registry.register('never', never);
    const closeForeign = vi.fn();
    const foreign = { close: closeForeign } as unknown as ResumableWorkflow;
    registry.container.registerInstance(workflowToken('foreign'), foreign);
    registry.get('made');
    await registry.close();
    expect(driver.closed).toBe(1);
    expect(never).not.toHaveBeenCalled();
    expect(closeForeign).not.toHaveBeenCalled();
    expect(() => registry.get('made')).toThrowError(/closed/);
    await registry.close();
    expect(driver.closed).toBe(1);
  });
});

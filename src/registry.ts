// The one module that loads tsyringe. The polyfill must run first: tsyringe throws at import without it.
import 'reflect-metadata';
import type { DependencyContainer, InjectionToken } from 'tsyringe';
import { instanceCachingFactory, container as rootContainer } from 'tsyringe';
import { z } from 'zod';
import { ResumeError } from './errors.js';
import { parse, text } from './schema.js';
import type { Action, ResumableWorkflow } from './types.js';

/** What `register` returns: names a connection and remembers what it can do. */
export interface ConnectionKey<A extends Action = Action> {
  readonly name: string;
  /** For `@inject(key.token)`. */
  readonly token: InjectionToken<ResumableWorkflow<A>>;
}

/** Named connections over a tsyringe container. */
export interface WorkflowRegistry {
  /** The container that holds the connections; resolve your own classes from it. */
  readonly container: DependencyContainer;
  /** The names of all registered connections, in order of registration. */
  readonly names: readonly string[];
  /**
   * Registers a connection. It is made when it is first asked for, once.
   *
   * @throws {ResumeError} FAILED_PRECONDITION (no effect) the name is taken. INVALID_ARGUMENT (no effect) there is none,
   * or nothing that makes it.
   */
  register<A extends Action>(name: string, make: () => ResumableWorkflow<A>): ConnectionKey<A>;
  /**
   * The connection of a key, typed as narrowly as it was registered.
   *
   * @throws {ResumeError} NOT_FOUND (no effect) no such connection; the message lists those that exist.
   */
  get<A extends Action>(key: ConnectionKey<A>): ResumableWorkflow<A>;
  /** The connection of a name; what it cannot do is refused at run time, before any byte is sent. */
  get(name: string): ResumableWorkflow;
  /**
   * Puts another connection, such as a test's fake, in the place of a registered one, for whoever asks from now on. It
   * stays open when the registry closes.
   *
   * @throws {ResumeError} NOT_FOUND (no effect) no such connection. INVALID_ARGUMENT (no effect) it is not a connection.
   */
  replace<A extends Action>(key: ConnectionKey<A> | string, workflow: ResumableWorkflow<A> | ResumableWorkflow): void;
  /** Closes every connection that the registry made. What was handed in from outside stays open. */
  close(): Promise<void>;
}

/** The token under which a connection is registered: `@inject(workflowToken('glue-eu'))`. */
export function workflowToken<A extends Action = Action>(name: string): InjectionToken<ResumableWorkflow<A>> {
  return Symbol.for(`resumable-workflow.connection.${name}`);
}

/**
 * Makes a registry of named connections.
 *
 * @param options.container - registers into this tsyringe container. @default a fresh child of tsyringe's root
 * @throws {ResumeError} INVALID_ARGUMENT (no effect) with every problem.
 */
export function createRegistry(options: { container?: DependencyContainer } = {}): WorkflowRegistry {
  parse(registryOptions(), options, 'the options of createRegistry()');
  return new TsyringeRegistry(options.container ?? rootContainer.createChildContainer());
}

/** By what it has: there may be two copies of tsyringe. */
function registryOptions() {
  const isContainer = (value: unknown): boolean =>
    typeof (value as Partial<DependencyContainer> | null)?.isRegistered === 'function';
  const container = z.custom(isContainer, 'must be a container of tsyringe').optional();
  return z.strictObject({ container }, 'must be an object');
}

function registrationSchema() {
  return z.object({
    name: text(),
    make: z.custom((value) => typeof value === 'function', 'must be a function that makes the connection'),
  });
}

class TsyringeRegistry implements WorkflowRegistry {
  readonly container: DependencyContainer;
  readonly #names: string[] = [];
  /** A double of a user's own may have nothing to close. */
  readonly #made: Partial<Pick<ResumableWorkflow, 'close'>>[] = [];
  #closed = false;

  constructor(container: DependencyContainer) {
    this.container = container;
  }

  get names(): readonly string[] {
    return [...this.#names];
  }

  register<A extends Action>(name: string, make: () => ResumableWorkflow<A>): ConnectionKey<A> {
    parse(registrationSchema(), { name, make }, 'a registration');
    const token = workflowToken<A>(name);
    if (this.#names.includes(name) || this.container.isRegistered(token)) {
      throw new ResumeError(`A connection named "${name}" is registered already. Choose another name.`, {
        code: 'FAILED_PRECONDITION',
        effect: 'none',
        connection: name,
      });
    }
    const makeOnce = instanceCachingFactory(() => {
      if (this.#closed) throw closedError(name);
      const workflow = make();
      refuseOther(name, `What was registered as "${name}"`, workflow);
      this.#made.push(workflow);
      return workflow;
    });
    this.container.register(token, { useFactory: makeOnce });
    this.#names.push(name);
    return { name, token };
  }

  get<A extends Action>(key: ConnectionKey<A> | string): ResumableWorkflow<A> {
    return this.container.resolve<ResumableWorkflow<A>>(this.#known(key));
  }

  replace<A extends Action>(key: ConnectionKey<A> | string, workflow: ResumableWorkflow<A> | ResumableWorkflow): void {
    const token = this.#known(key);
    const name = nameOf(key);
    refuseOther(name, `What is to replace "${name}"`, workflow, ['resume']);
    this.container.registerInstance<unknown>(token, workflow);
  }

  /** The token of a connection that is registered. */
  #known<A extends Action>(key: ConnectionKey<A> | string): InjectionToken<ResumableWorkflow<A>> {
    const name = nameOf(key);
    const token = workflowToken<A>(name);
    if (this.#closed) throw closedError(name);
    if (this.container.isRegistered(token, true)) return token;
    const registered = this.#names.filter((other) => this.container.isRegistered(workflowToken(other), true));
    const known = registered.length === 0 ? 'None is registered.' : `There are: ${registered.join(', ')}.`;
    throw new ResumeError(`There is no connection named "${name}". ${known}`, {
      code: 'NOT_FOUND',
      effect: 'none',
      connection: name,
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#made.splice(0).map(async (workflow) => await workflow.close?.()));
  }
}

function nameOf(key: { readonly name: string } | string): string {
  return typeof key === 'object' && key !== null ? key.name : String(key);
}

/** What a connection is asked for. */
const METHODS: readonly (keyof ResumableWorkflow)[] = [
  'resume',
  'attempt',
  'resumeEach',
  'inspect',
  'list',
  'plan',
  'follow',
  'settled',
  'lineage',
  'reconcile',
];

/** A double of a user's own may do less than a connection, but what does nothing of it is a mistake. */
function refuseOther(name: string, what: string, workflow: unknown, methods = METHODS): void {
  const given = (workflow ?? {}) as Partial<Record<string, unknown>>;
  if (methods.some((method) => typeof given[method] === 'function')) return;
  const needed = methods.length === 1 ? `no method ${methods.join()}` : `none of the methods ${methods.join(', ')}`;
  const why = `${what} is not a connection: it has ${needed}.`;
  throw new ResumeError(
    `${why} Pass a connection, or a fake that fakeWorkflow() of resumable-workflow/testing makes.`,
    {
      code: 'INVALID_ARGUMENT',
      effect: 'none',
      connection: name,
      problems: [{ field: methods[0] ?? '', message: 'must be a function' }],
    },
  );
}

function closedError(name: string): ResumeError {
  return new ResumeError('This registry has been closed.', {
    code: 'FAILED_PRECONDITION',
    effect: 'none',
    connection: name,
  });
}

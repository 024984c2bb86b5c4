import type { Acceptance, Attempt, Selection, Target, WorkflowDriver } from '../src/driver.js';
import type { HttpAnswer, HttpRequest } from '../src/http/message.js';
import { declaring, TinyDriver } from './conformance-tiny-driver.js';

/** A driver by the one thing that is wrong with it, and the row that must catch it. */
export interface WrongDriver {
  readonly name: string;
  readonly caughtBy: string;
  readonly driver: new (endpoint: string, token: () => Promise<string>) => WorkflowDriver<'resume' | 'restart'>;
}

export const unknownAfter = (fault: string): string => `resume: ${fault} → effect unknown, one request`;

/** Those whose one request goes wrong. */
export const WRONG_SENDERS: readonly WrongDriver[] = [
  {
    name: 'retries by itself after a 500',
    caughtBy: unknownAfter('500 with an empty body'),
    driver: class extends TinyDriver {
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        const answer = await super.send(request, attempt);
        return answer.status < 500 ? answer : await fetched(request);
      }
    },
  },
  {
    name: 'dispatches twice in one attempt',
    caughtBy: 'resume: none → accepted by one request for just that',
    driver: class extends TinyDriver {
      override async doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance> {
        attempt.dispatch();
        return await super.doResume(target, selection, attempt);
      }
    },
  },
  {
    name: 'sends without attempt.dispatch()',
    caughtBy: unknownAfter('reset after the commit'),
    driver: class extends TinyDriver {
      protected override send(request: HttpRequest): Promise<HttpAnswer> {
        return fetched(request);
      }
    },
  },
  {
    name: 'follows redirects',
    caughtBy: unknownAfter('307 to another path'),
    driver: class extends TinyDriver {
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        const answer = await super.send(request, attempt);
        const { location } = answer.headers;
        return location === undefined ? answer : await fetched({ ...request, path: location });
      }
    },
  },
  {
    name: 'ignores the deadline',
    caughtBy: 'time: no answer until the deadline → effect unknown, in time, and the socket is let go of',
    driver: endedBy('CANCELLED'),
  },
  {
    name: 'hangs on abort',
    caughtBy: 'time: no answer until the abort → effect unknown, in time, and the socket is let go of',
    driver: endedBy('DEADLINE_EXCEEDED'),
  },
  {
    name: 'sends after the call has ended',
    caughtBy: 'time: credentials that come after the deadline → effect none, nothing sent',
    driver: class extends TinyDriver {
      protected override async send(request: HttpRequest): Promise<HttpAnswer> {
        return await fetched(request);
      }
    },
  },
  {
    name: 'leaves sockets open when it is closed',
    caughtBy: 'close: no call under way → idle sockets are closed, and nothing is sent any more',
    driver: class extends TinyDriver {
      override async close(): Promise<void> {}
    },
  },
  {
    name: 'sends when it is made',
    caughtBy: 'connection: none → made without sending anything',
    driver: class extends TinyDriver {
      constructor(endpoint: string, token: () => Promise<string>) {
        super(endpoint, token);
        fetch(`${endpoint}/health`).catch(() => {});
      }
    },
  },
];

/** Those that ask for something else than they were asked for, or say so. */
export const WRONG_ASKERS: readonly WrongDriver[] = [
  {
    name: 'ignores nodes',
    caughtBy: 'nodes of resume: some of them → sent exactly as asked',
    driver: sending(() => []),
  },
  {
    name: 'drops a node',
    caughtBy: 'nodes of restart: all, in another order than the provider’s → sent exactly as asked',
    driver: sending((nodes) => nodes.slice(0, 2)),
  },
  {
    name: 'sorts the nodes',
    caughtBy: 'nodes of resume: all, in another order than the provider’s → sent exactly as asked',
    driver: sending((nodes) => [...nodes].sort()),
  },
  {
    name: 'declares skip, and sends restart',
    caughtBy: 'skip: none → accepted by one request for just that',
    driver: class extends TinyDriver {
      override readonly capabilities = declaring({}, { skip: { min: 1, max: 1 } });
      protected override resumeRequest(target: Target, selection: Selection, attempt: Attempt) {
        const performed = selection.performed === 'skip' ? 'restart' : selection.performed;
        return super.resumeRequest(target, { ...selection, performed }, attempt);
      }
    },
  },
  {
    name: 'declares that the execution goes on, and starts a new one',
    caughtBy: 'newExecution: none → the same execution goes on',
    driver: class extends TinyDriver {
      override readonly capabilities = declaring({ newExecution: false });
    },
  },
  {
    name: 'sends ids with their signs encoded',
    caughtBy: 'ids: strange, but allowed → arrive as they were asked for',
    driver: class extends TinyDriver {
      protected override resumeRequest(target: Target, selection: Selection, attempt: Attempt) {
        const workflow = encodeURIComponent(target.workflow);
        return super.resumeRequest({ ...target, workflow }, selection, attempt);
      }
    },
  },
  {
    name: 'has an id pattern that keeps state',
    caughtBy: 'capabilities: none → are sound and the same for each connection',
    driver: class extends TinyDriver {
      override readonly capabilities = declaring({
        ids: { ...declaring({}).ids, node: { maxLength: 9, pattern: /^\w+$/g, rule: 'be a word' } },
      });
    },
  },
];

/** Sends with fetch, as a driver without a transport of its own might: no phases, no end. */
export async function fetched(request: HttpRequest, signal: AbortSignal | null = null): Promise<HttpAnswer> {
  const { origin, path, method, headers, body } = request;
  const answer = await fetch(`${origin}${path}`, { method, headers, body: body ?? null, redirect: 'manual', signal });
  return { status: answer.status, headers: {}, body: Buffer.from(await answer.arrayBuffer()) };
}

function endedBy(code: string): WrongDriver['driver'] {
  return class extends TinyDriver {
    protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
      const stop = new AbortController();
      attempt.whenEnded((reason) => {
        if ((reason as Error & { readonly code?: string }).code === code) stop.abort();
      });
      attempt.dispatch();
      return await fetched(request, stop.signal);
    }
  };
}

function sending(choose: (nodes: readonly string[]) => readonly string[]): WrongDriver['driver'] {
  return class extends TinyDriver {
    protected override resumeRequest(target: Target, selection: Selection, attempt: Attempt) {
      return super.resumeRequest(target, { ...selection, nodes: choose(selection.nodes) }, attempt);
    }
  };
}

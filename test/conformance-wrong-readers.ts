import type { Acceptance, Attempt, Finding, LostResume, Selection, Target } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import type { HttpAnswer, HttpRequest } from '../src/http/message.js';
import { jsonOf } from '../src/http/message.js';
import type { Inspection, ListPage, PageRequest } from '../src/inspection.js';
import type { ExecutionRef } from '../src/snapshot.js';
import type { TinyRun } from './conformance-service.js';
import { TOKEN } from './conformance-service.js';
import { TinyDriver } from './conformance-tiny-driver.js';
import type { WrongDriver } from './conformance-wrong-drivers.js';
import { unknownAfter } from './conformance-wrong-drivers.js';

/** Those that misread an answer. */
export const WRONG_READERS: readonly WrongDriver[] = [
  {
    name: 'takes a 500 for no effect',
    caughtBy: unknownAfter('500 with an empty body'),
    driver: judging(({ status }) => status === 500),
  },
  {
    name: 'takes a 404 of a proxy for no effect',
    caughtBy: unknownAfter('404 with a page of a proxy'),
    driver: judging(({ status }) => status === 404),
  },
  {
    name: 'takes its own refusal for an unknown effect',
    caughtBy: 'resume: the provider’s own refusal → effect none, with what the provider says',
    driver: class extends TinyDriver {
      protected override failure(answer: HttpAnswer): DriverFailure {
        const { message, details } = super.failure(answer);
        return new DriverFailure(message, { ...details, effect: 'unknown' });
      }
    },
  },
  {
    name: 'accepts a 200 without an id',
    caughtBy: unknownAfter('2xx that does not accept: no run'),
    driver: class extends TinyDriver {
      protected override acceptance(answer: HttpAnswer, target: Target, { nodes }: Selection): Acceptance {
        const { run = target.execution } = (jsonOf(answer) ?? {}) as { readonly run?: string };
        return { execution: run, nodes, nodesBasis: 'expected' };
      }
    },
  },
  {
    name: 'accepts another execution’s answer',
    caughtBy: unknownAfter('2xx that does not accept: of another run'),
    driver: class extends TinyDriver {
      protected override acceptance(answer: HttpAnswer, target: Target, selection: Selection): Acceptance {
        const said = jsonOf(answer) as { readonly run?: string } | undefined;
        if (said?.run === undefined) return super.acceptance(answer, target, selection);
        return { execution: said.run, nodes: selection.nodes, nodesBasis: 'expected' };
      }
    },
  },
  {
    name: 'leaks the token into an error',
    caughtBy: 'secrets: a refusal that echoes them → not in the error, its cause or its JSON',
    driver: class extends TinyDriver {
      protected override async request(path: string): Promise<HttpRequest> {
        const headers = { Authorization: `Bearer ${await this.token()}` };
        return { origin: this.endpoint, method: 'GET', path, headers };
      }
    },
  },
  {
    name: 'leaks the token into a receipt',
    caughtBy: 'secrets: none → not in the receipt, nor in the connection as it is printed',
    driver: class extends TinyDriver {
      protected override acceptance(answer: HttpAnswer, target: Target, selection: Selection): Acceptance {
        const accepted = super.acceptance(answer, target, selection);
        return { ...accepted, execution: `${accepted.execution}#${TOKEN}` };
      }
    },
  },
];

/** Those whose reads are not true to fact. */
export const WRONG_LOOKERS: readonly WrongDriver[] = [
  {
    name: 'drops the last page',
    caughtBy: 'list: more than one page → every execution once, reading only',
    driver: class extends TinyDriver {
      override async doList(workflow: string, page: PageRequest, attempt: Attempt): Promise<ListPage> {
        const { next, ...rest } = await super.doList(workflow, page, attempt);
        return next === '2' ? { ...rest, next } : rest;
      }
    },
  },
  {
    name: 'takes an unreadable page for the end of the list',
    caughtBy: 'list: a page that cannot be read → fails, rather than end early',
    driver: class extends TinyDriver {
      override doList(workflow: string, page: PageRequest, attempt: Attempt): Promise<ListPage> {
        return super.doList(workflow, page, attempt).catch(() => ({ executions: [] }));
      }
    },
  },
  {
    name: 'takes what does not exist for succeeded',
    caughtBy: 'inspect: an execution that does not exist → NOT_FOUND',
    driver: class extends TinyDriver {
      override doInspect(ref: ExecutionRef, attempt: Attempt): Promise<Inspection> {
        return super.doInspect(ref, attempt).catch(() => ({ state: 'succeeded', providerState: '', nodes: [] }));
      }
    },
  },
  {
    name: 'reads nothing back, and says that it was resumed',
    caughtBy: 'read-back: reset before the commit → effect unknown: absence is no proof',
    driver: class extends TinyDriver {
      override async doFindResumed({ execution }: Target, { nodes }: Selection): Promise<Finding> {
        return { found: 'resumed', acceptance: { execution: `${execution}+`, nodes, nodesBasis: 'expected' } };
      }
    },
  },
  {
    name: 'adopts a resume of before',
    caughtBy:
      'read-back: resumed by somebody before, then reset before the commit → not accepted: the resume of before is not adopted',
    driver: class extends TinyDriver {
      override doFindResumed(target: Target, selection: Selection, lost: LostResume, attempt: Attempt) {
        return super.doFindResumed(target, selection, { ...lost, baseline: {} }, attempt);
      }
    },
  },
  {
    name: 'chooses one of several',
    caughtBy:
      'read-back: no answer after the commit, and somebody else resumes it too → effect unknown: none of several is chosen',
    driver: class extends TinyDriver {
      protected override finding(ours: readonly TinyRun[], nodes: readonly string[]): Finding {
        return super.finding(ours.slice(0, 1), nodes);
      }
    },
  },
];

function judging(isHarmless: (answer: HttpAnswer) => boolean): WrongDriver['driver'] {
  return class extends TinyDriver {
    protected override failure(answer: HttpAnswer): DriverFailure {
      const { message, details } = super.failure(answer);
      return isHarmless(answer)
        ? new DriverFailure(message, { ...details, effect: 'none' })
        : new DriverFailure(message, details);
    }
  };
}

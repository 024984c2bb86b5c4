import type { Acceptance, Attempt, Selection, Target } from '../src/driver.js';
import type { HttpAnswer, HttpRequest } from '../src/http/message.js';
import type { Inspection, ListPage, PageRequest, Projection } from '../src/inspection.js';
import type { ExecutionRef } from '../src/snapshot.js';
import { TOKEN } from './conformance-service.js';
import { declaring, TinyDriver } from './conformance-tiny-driver.js';
import type { WrongDriver } from './conformance-wrong-drivers.js';

/** Plans as well, without fault. */
class PlanningDriver extends TinyDriver {
  override readonly capabilities = declaring({ reads: ['inspect', 'plan', 'list', 'lineage'] });

  async doPlan(target: Target, attempt: Attempt): Promise<Projection> {
    const inspection = await this.doInspect(target, attempt);
    const runs = await this.everyRun(target.workflow, attempt);
    const resumedAs = runs.filter(({ from }) => from === target.execution).map(({ id }) => id);
    const nodes = inspection.nodes.map(({ id }) => id);
    const starting = { nodes, starts: nodes, mayRun: nodes, expected: nodes };
    return { inspection, performed: target.action, ...starting, resumedAs, refusals: [], warnings: [] };
  }
}

/** Those that try again by themselves where no request shows it, or too few to be noticed. */
export const WRONG_TRIERS: readonly WrongDriver[] = [
  {
    name: 'connects once more by itself where it was refused',
    caughtBy: 'attempt: connection refused → one connection is tried for it',
    driver: connectingAgainAfter(/ECONNREFUSED/),
  },
  {
    name: 'shakes hands once more by itself',
    caughtBy: 'attempt: TLS handshake failed → one connection is tried for it',
    driver: connectingAgainAfter(/SSL|TLS|EPROTO|disconnected/),
  },
  {
    name: 'reads once more by itself after a 500',
    caughtBy: 'attempt: a read that is answered with 500 → each request is sent once for it',
    driver: class extends TinyDriver {
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        const answer = await super.send(request, attempt);
        const isRead = request.method === 'GET';
        return isRead && answer.status === 500 ? await super.send(request, attempt) : answer;
      }
    },
  },
  {
    name: 'lists once more by itself',
    caughtBy: 'attempt: a list that is answered with 500 → each request is sent once for it',
    driver: class extends TinyDriver {
      override async doList(workflow: string, page: PageRequest, attempt: Attempt): Promise<ListPage> {
        return await super.doList(workflow, page, attempt).catch(() => super.doList(workflow, page, attempt));
      }
    },
  },
  {
    name: 'plans once more by itself',
    caughtBy: 'attempt: a plan that is answered with 500 → each request is sent once for it',
    driver: class extends PlanningDriver {
      override async doPlan(target: Target, attempt: Attempt): Promise<Projection> {
        return await super.doPlan(target, attempt).catch(() => super.doPlan(target, attempt));
      }
    },
  },
];

/** Those that print by other means than the console, or elsewhere than where they are refused. */
export const WRONG_PRINTERS: readonly WrongDriver[] = [
  {
    name: 'logs what it reads on its standard output',
    caughtBy: 'connection: a read → nothing is printed',
    driver: class extends TinyDriver {
      override async doInspect(ref: ExecutionRef, attempt: Attempt): Promise<Inspection> {
        const inspection = await super.doInspect(ref, attempt);
        process.stdout.write(`${ref.execution} is ${inspection.state}\n`);
        return inspection;
      }
    },
  },
  {
    name: 'warns of a lost answer',
    caughtBy: 'connection: a call whose answer is lost → nothing is printed',
    driver: class extends TinyDriver {
      override async doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance> {
        return await super.doResume(target, selection, attempt).catch((thrown: unknown) => {
          if (/lost/.test(String(thrown))) process.emitWarning('the answer was lost');
          throw thrown;
        });
      }
    },
  },
  {
    name: 'logs a refusal on its standard error',
    caughtBy: 'connection: a call that is refused → nothing is printed',
    driver: class extends TinyDriver {
      protected override failure(answer: HttpAnswer) {
        process.stderr.write(`answered ${answer.status}\n`);
        return super.failure(answer);
      }
    },
  },
];

/** Those that show a credential where nobody looks for one. */
export const WRONG_SHOWERS: readonly WrongDriver[] = [
  {
    name: 'shows the token in a plan',
    caughtBy: 'secrets: a plan → not in the plan or its JSON',
    driver: class extends PlanningDriver {
      readonly identity = `tiny as ${TOKEN}`;
    },
  },
  {
    name: 'shows the token in what it lists',
    caughtBy: 'secrets: a listing → not in what is listed',
    driver: class extends TinyDriver {
      protected override async request(path: string, attempt: Attempt): Promise<HttpRequest> {
        if (!path.includes('?from=')) return await super.request(path, attempt);
        const headers = { Authorization: `Bearer ${await this.token()}` };
        return { origin: this.endpoint, method: 'GET', path, headers };
      }
      override async doList(workflow: string, page: PageRequest, attempt: Attempt): Promise<ListPage> {
        const { executions, ...rest } = await super.doList(workflow, page, attempt);
        return { ...rest, executions: executions.map((one) => ({ ...one, providerState: `read with ${TOKEN}` })) };
      }
    },
  },
];

function connectingAgainAfter(reason: RegExp): WrongDriver['driver'] {
  return class extends TinyDriver {
    protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
      return await super.send(request, attempt).catch((thrown: unknown) => {
        if (attempt.dispatched || !reason.test(String(thrown))) throw thrown;
        return super.send(request, attempt);
      });
    }
  };
}

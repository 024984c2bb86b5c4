import type { Acceptance, Attempt, Finding, LostResume, Selection, Target } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { headerOf } from '../src/http/header.js';
import type { HttpAnswer, HttpRequest } from '../src/http/message.js';
import type { Inspection, ListPage, PageRequest } from '../src/inspection.js';
import type { ExecutionRef } from '../src/snapshot.js';
import type { TinyRun } from './conformance-service.js';
import { TOKEN } from './conformance-service.js';
import { TinyDriver } from './conformance-tiny-driver.js';
import type { WrongDriver } from './conformance-wrong-drivers.js';
import { fetched } from './conformance-wrong-drivers.js';

/** Those that are right at first: what is wrong with them shows in the second request, or under something rare. */
export const WRONG_LATER: readonly WrongDriver[] = [
  {
    name: 'retries by itself, but only after a second reset',
    caughtBy:
      'read-back: reset before each commit, where the caller lets it be sent again → effect unknown, at most two requests',
    driver: class extends TinyDriver {
      #resets = 0;
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        return await super.send(request, attempt).catch((thrown: unknown) => {
          this.#resets += request.method === 'POST' ? 1 : 0;
          if (this.#resets < 2) throw thrown;
          return fetched(request);
        });
      }
    },
  },
  {
    name: 'has used up the nodes when it is asked again',
    caughtBy: 'resume: the provider’s own throttling, once → sent again by the gate, accepted',
    driver: class extends TinyDriver {
      readonly #sent = new Set<string>();
      protected override resumeRequest(target: Target, selection: Selection, attempt: Attempt) {
        const nodes = this.#sent.has(target.execution) ? [] : selection.nodes;
        this.#sent.add(target.execution);
        return super.resumeRequest(target, { ...selection, nodes }, attempt);
      }
    },
  },
  {
    name: 'does not hand on how long to wait',
    caughtBy: 'resume: the provider’s own throttling, with Retry-After → effect none, not sent again before',
    driver: class extends TinyDriver {
      protected override failure(answer: HttpAnswer): DriverFailure {
        const { message, details } = super.failure(answer);
        return new DriverFailure(message, { ...details, retryAfterMs: undefined });
      }
    },
  },
  {
    name: 'keeps what it was asked in a field, over an await',
    caughtBy: 'ids: several calls at a time → each arrives as it was asked for',
    driver: class extends TinyDriver {
      #target: Target | undefined;
      protected override async resumeRequest(target: Target, selection: Selection, attempt: Attempt) {
        this.#target = target;
        await this.token();
        return await super.resumeRequest(this.#target, selection, attempt);
      }
    },
  },
  {
    name: 'truncates the nodes beyond ten',
    caughtBy: 'nodes of restart: a hundred → sent exactly as asked',
    driver: class extends TinyDriver {
      protected override resumeRequest(target: Target, selection: Selection, attempt: Attempt) {
        return super.resumeRequest(target, { ...selection, nodes: selection.nodes.slice(0, 10) }, attempt);
      }
    },
  },
  {
    name: 'takes an empty 200 for acceptance where it has a request id',
    caughtBy: 'resume: 200 with an empty body and a request id → effect unknown, one request',
    driver: class extends TinyDriver {
      protected override acceptance(answer: HttpAnswer, target: Target, selection: Selection): Acceptance {
        const isNamed = answer.body.length === 0 && headerOf(answer, 'x-request-id') !== undefined;
        if (!isNamed) return super.acceptance(answer, target, selection);
        return { execution: `${target.execution}-2`, nodes: selection.nodes, nodesBasis: 'expected' };
      }
    },
  },
  {
    name: 'sends something when it has been closed',
    caughtBy: 'close: no call under way → idle sockets are closed, and nothing is sent any more',
    driver: class extends TinyDriver {
      override async close(): Promise<void> {
        await super.close();
        setTimeout(() => void fetch(`${this.endpoint}/logout`).catch(() => {}), 5);
      }
    },
  },
  {
    name: 'lets go of its socket 400 ms late',
    caughtBy: 'time: no answer until the abort → effect unknown, in time, and the socket is let go of',
    driver: class extends TinyDriver {
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        const late = new AbortController();
        attempt.whenEnded(() => setTimeout(() => late.abort(), 350));
        attempt.dispatch();
        return await fetched(request, late.signal);
      }
    },
  },
  {
    name: 'leaves the socket of a failed answer open',
    caughtBy: 'close: after an answer with 500 → idle sockets are closed, and nothing is sent any more',
    driver: class extends TinyDriver {
      #failed = false;
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        const answer = await super.send(request, attempt);
        this.#failed ||= answer.status >= 500;
        return answer;
      }
      override async close(): Promise<void> {
        if (!this.#failed) await super.close();
      }
    },
  },
];

/** Those that tell something, or tell too much. */
export const WRONG_TELLERS: readonly WrongDriver[] = [
  {
    name: 'leaks the token only in a cause',
    caughtBy: 'secrets: a refusal that echoes them → not in the error, its cause or its JSON',
    driver: class extends TinyDriver {
      protected override async request(path: string): Promise<HttpRequest> {
        const headers = { Authorization: `Bearer ${await this.token()}` };
        return { origin: this.endpoint, method: 'GET', path, headers };
      }
      protected override failure(answer: HttpAnswer): DriverFailure {
        const { details } = super.failure(answer);
        const cause = new Error('refused', { cause: { headers: { authorization: `Bearer ${TOKEN}` } } });
        return new DriverFailure('refused', { ...details, cause });
      }
    },
  },
  {
    name: 'leaks the token only in a request id',
    caughtBy: 'secrets: a 200 that echoes them → not in the error, its cause or its JSON',
    driver: class extends TinyDriver {
      protected override async request(path: string): Promise<HttpRequest> {
        const headers = { Authorization: `Bearer ${await this.token()}` };
        return { origin: this.endpoint, method: 'GET', path, headers };
      }
      protected override acceptance(answer: HttpAnswer, target: Target, selection: Selection): Acceptance {
        try {
          return super.acceptance(answer, target, selection);
        } catch {
          const requestId = headerOf(answer, 'x-request-id');
          throw new DriverFailure('unreadable', { code: 'INTERNAL', effect: 'unknown', requestId });
        }
      }
    },
  },
  {
    name: 'leaks the token only where a read is refused',
    caughtBy: 'secrets: a read whose refusal echoes them → not in the error, its cause or its JSON',
    driver: class extends TinyDriver {
      protected override async request(path: string, attempt: Attempt): Promise<HttpRequest> {
        if (path === '/resume') return await super.request(path, attempt);
        const headers = { Authorization: `Bearer ${await this.token()}` };
        return { origin: this.endpoint, method: 'GET', path, headers };
      }
    },
  },
  {
    name: 'logs its requests',
    caughtBy: 'connection: a call that is refused → nothing is printed',
    driver: class extends TinyDriver {
      protected override send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        console.debug('sending', request.headers);
        return super.send(request, attempt);
      }
    },
  },
];

/** Those whose reads look right. */
export const WRONG_ONLOOKERS: readonly WrongDriver[] = [
  {
    name: 'calls a failed node succeeded',
    caughtBy: 'inspect: none → failed or paused, with the nodes, reading only',
    driver: class extends TinyDriver {
      override async doInspect(ref: ExecutionRef, attempt: Attempt): Promise<Inspection> {
        const inspection = await super.doInspect(ref, attempt);
        return { ...inspection, nodes: inspection.nodes.map((node) => ({ ...node, state: 'succeeded' })) };
      }
    },
  },
  {
    name: 'tells the first state that it has read for ever',
    caughtBy: 'follow: none → settles as succeeded where the service lets it',
    driver: class extends TinyDriver {
      override async doInspect(ref: ExecutionRef, attempt: Attempt): Promise<Inspection> {
        return { ...(await super.doInspect(ref, attempt)), state: 'running', providerState: 'running' };
      }
    },
  },
  {
    name: 'retries reads by itself',
    caughtBy: 'inspect: 500 with an empty body → fails, rather than tell a state',
    driver: class extends TinyDriver {
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        let answer = await super.send(request, attempt);
        for (let left = 10; left > 0 && answer.status >= 500 && request.method === 'GET'; left -= 1) {
          answer = await super.send(request, attempt);
        }
        return answer;
      }
    },
  },
  {
    name: 'follows a redirect where it only reads',
    caughtBy: 'inspect: 307 to another path → fails, and is not followed',
    driver: class extends TinyDriver {
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        const answer = await super.send(request, attempt);
        const location = headerOf(answer, 'location');
        if (location === undefined || request.method !== 'GET') return answer;
        return await super.send({ ...request, path: location }, attempt);
      }
    },
  },
  {
    name: 'takes an unreadable later page for the end of the list',
    caughtBy: 'list: a later page that cannot be read → fails, rather than end early',
    driver: class extends TinyDriver {
      override doList(workflow: string, page: PageRequest, attempt: Attempt): Promise<ListPage> {
        return super.doList(workflow, page, attempt).catch((thrown: unknown) => {
          if (page.token === undefined) throw thrown;
          return { executions: [] };
        });
      }
    },
  },
  {
    name: 'lists no execution without an end',
    caughtBy: 'list: one is running → it is among all states',
    driver: class extends TinyDriver {
      override async doList(workflow: string, page: PageRequest, attempt: Attempt): Promise<ListPage> {
        const { executions, ...rest } = await super.doList(workflow, page, attempt);
        return { ...rest, executions: executions.filter(({ state }) => state !== 'running') };
      }
    },
  },
  {
    name: 'knows only the first page of what was there before',
    caughtBy:
      'read-back: resumed by somebody before, on a later page, then reset before the commit → not accepted: the resume of before is not adopted',
    driver: class extends TinyDriver {
      override doFindResumed(target: Target, selection: Selection, lost: LostResume, attempt: Attempt) {
        const { newest } = { newest: 'run-2', ...lost.baseline };
        const isLate = Number(String(newest).slice('run-'.length)) > 2;
        const baseline = isLate ? { newest: 'run-2' } : (lost.baseline ?? {});
        return super.doFindResumed(target, selection, { ...lost, baseline }, attempt);
      }
    },
  },
  {
    name: 'looks for the new run on the first page alone',
    caughtBy: 'read-back: reset after the commit, among several pages → accepted by evidence, one request',
    driver: class extends TinyDriver {
      protected override async everyRun(workflow: string, attempt: Attempt): Promise<TinyRun[]> {
        return (await this.page(workflow, '0', attempt)).runs;
      }
    },
  },
  {
    name: 'sends it once more where nothing is found',
    caughtBy: 'read-back: reset before the commit → effect unknown: absence is no proof',
    driver: class extends TinyDriver {
      override async doFindResumed(target: Target, selection: Selection, lost: LostResume, attempt: Attempt) {
        const finding: Finding = await super.doFindResumed(target, selection, lost, attempt);
        if (finding.found !== 'nothing') return finding;
        return {
          found: 'resumed' as const,
          acceptance: super.acceptance(
            await super.send(await super.resumeRequest(target, selection, attempt), attempt),
            target,
            selection,
          ),
        };
      }
    },
  },
];

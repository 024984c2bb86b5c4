import type { CallScope } from './deadline.js';
import { DriverFailure } from './driver-failure.js';
import type { ListPage, PageRequest } from './inspection.js';
import { soundPage } from './plan/sound-projection.js';
import type { ReadCall, Reads } from './read-call.js';
import type { ExecutionState, ListedExecution, ListOptions } from './snapshot.js';

const RESUMABLE: readonly ExecutionState[] = ['failed', 'paused'];
/** A listing that goes on for so long without anything new leads nowhere. */
const MAX_IDLE_PAGES = 1_000;

/** Where a page begins; undefined for the first one. */
interface Place {
  readonly at: string | undefined;
}

/** Those executions of a workflow that a caller asks for. */
export async function* listExecutions(
  reads: Reads,
  workflow: string,
  { state = RESUMABLE, since, signal }: ListOptions,
  left: CallScope,
): AsyncGenerator<ListedExecution, void, undefined> {
  const wanted = new Set(typeof state === 'string' ? [state] : state);
  const sinceMs = since?.getTime();
  const pages = new Pages();
  for (let place: Place | undefined = { at: undefined }; place !== undefined; place = pages.next) {
    const page = { token: place.at, states: true };
    const listed = await reads.run(`listing ${workflow}`, { signal, left }, async (reading) =>
      pages.take(await pageIn(reads, workflow, page, reading)),
    );
    for (const one of listed) {
      const isOld = sinceMs !== undefined && one.startedAt !== undefined && Date.parse(one.startedAt) < sinceMs;
      if (wanted.has(one.state) && !isOld) yield { workflow, ...one };
    }
  }
}

/** All executions of a workflow as a part of a call. Their states need not be judged. */
export async function executionsIn(reads: Reads, workflow: string, reading: ReadCall): Promise<ListedExecution[]> {
  const all: ListedExecution[] = [];
  const pages = new Pages();
  for (let place: Place | undefined = { at: undefined }; place !== undefined; place = pages.next) {
    const page = await pageIn(reads, workflow, { token: place.at, states: false }, reading);
    for (const one of pages.take(page)) all.push({ workflow, ...one });
  }
  return all;
}

/** The way through a listing: what moves from one page to the next meanwhile is told once. */
class Pages {
  readonly #told = new Set<string>();
  readonly #tokens = new Set<string>();
  #idle = 0;
  #next: string | undefined;

  /** Undefined after the last page. */
  get next(): Place | undefined {
    return this.#next === undefined ? undefined : { at: this.#next };
  }

  /**
   * What is new on a page.
   *
   * @throws {DriverFailure} INTERNAL (no effect) the listing leads in a circle.
   */
  take({ executions, next }: ListPage): ListPage['executions'] {
    if (next !== undefined && this.#tokens.has(next)) throw endless('leads from one page to an earlier one');
    if (next !== undefined) this.#tokens.add(next);
    this.#next = next;
    const fresh = executions.filter(({ execution }) => {
      const isNew = !this.#told.has(execution);
      this.#told.add(execution);
      return isNew;
    });
    this.#idle = fresh.length === 0 ? this.#idle + 1 : 0;
    if (this.#idle >= MAX_IDLE_PAGES) throw endless(`has nothing new on ${MAX_IDLE_PAGES} pages in a row`);
    return fresh;
  }
}

async function pageIn(
  { parts: { driver, sender } }: Reads,
  workflow: string,
  page: PageRequest,
  { call, scope }: ReadCall,
): Promise<ListPage> {
  return await sender.read(async (attempt) => soundPage(await driver.doList?.(workflow, page, attempt)), call, scope);
}

function endless(how: string): DriverFailure {
  return new DriverFailure(`the provider's listing ${how}`, { code: 'INTERNAL', effect: 'none' });
}

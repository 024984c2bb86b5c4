import { findResumed } from '../../providers/glue/read-back.js';
import { ServerClock } from '../../providers/glue/server-clock.js';
import type { Acceptance, Attempt, Discovery, Finding, LostResume, Selection, Target } from '../../src/driver.js';
import type { GlueModel } from './glue-model.js';
import { MODEL } from './model.js';
import { ModelDriver } from './model-driver.js';
import type { ModelExchange } from './model-exchange.js';
import type { SimulatedProcess } from './simulated-process.js';

/** Reads back with the real adapter's own rules: its clock, its children, its comparison of graphs. */
export class GlueModelDriver extends ModelDriver {
  readonly provider = 'glue';
  readonly #service: GlueModel;
  readonly #clock: ServerClock;

  constructor(process: SimulatedProcess, exchange: ModelExchange, service: GlueModel) {
    super(exchange);
    this.#service = service;
    this.#clock = new ServerClock(process.runtime.nowMs);
  }

  needsDiscovery({ action, nodes }: Target): boolean {
    return action === 'resume' && nodes.length === 0;
  }

  async doDiscover({ action }: Target, attempt: Attempt): Promise<Discovery> {
    await this.#read(attempt, 'discover: reading', () => undefined);
    return { performed: action, nodes: ['n1'] };
  }

  async doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance> {
    const sentAtMs = this.#clock.nowMs;
    const { execution, nodes } = await this.exchange.send(target, selection, attempt);
    this.#clock.note(this.#service.date(), sentAtMs);
    return { execution, nodes, nodesBasis: 'reported' };
  }

  protected async find(
    { execution }: Target,
    { nodes }: Selection,
    lost: LostResume,
    attempt: Attempt,
  ): Promise<Finding> {
    const reads = {
      page: async (token: string | undefined) => {
        const page = Number(token ?? 1);
        const runs = await this.#read(attempt, 'read-back: reading', () => this.#service.listed(page));
        return page < MODEL.glue.runsPages ? { runs, token: `${page + 1}` } : { runs };
      },
      run: (id: string) => this.#read(attempt, 'read-back: reading', () => this.#service.read(id)),
    };
    return await findResumed(reads, this.#clock, execution, nodes, lost);
  }

  async #read<T>(attempt: Attempt, boundary: 'discover: reading' | 'read-back: reading', look: () => T): Promise<T> {
    const sentAtMs = this.#clock.nowMs;
    let date = '';
    const seen = await this.exchange.read(attempt, boundary, () => {
      date = this.#service.date();
      return look();
    });
    this.#clock.note(date, sentAtMs);
    return seen;
  }
}

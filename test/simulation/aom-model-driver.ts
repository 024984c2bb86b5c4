import type { Acceptance, Attempt, Discovery, Finding, LostResume, Selection, Target } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { AomModel, NodeState } from './aom-model.js';
import { ModelDriver } from './model-driver.js';
import type { ModelExchange } from './model-exchange.js';

export class AomModelDriver extends ModelDriver {
  readonly provider = 'aom';
  readonly #service: AomModel;

  constructor(exchange: ModelExchange, service: AomModel) {
    super(exchange);
    this.#service = service;
  }

  needsDiscovery({ action }: Target, readBack: boolean): boolean {
    return readBack || action === 'resume';
  }

  async doDiscover(target: Target, attempt: Attempt): Promise<Discovery> {
    const { execution, action } = target;
    const [named] = target.nodes;
    const nodes = await this.exchange.discover(target, attempt, () => this.#service.seen(execution));
    const stopped = [...nodes].filter(([id, { status }]) => {
      return (status === 'fail' || status === 'pausing') && (named === undefined || id === named);
    });
    const [only] = stopped;
    if (only === undefined || stopped.length > 1) {
      throw new DriverFailure('it is not one node', { code: 'FAILED_PRECONDITION', effect: 'none' });
    }
    const [node, { status, beginMs }] = only;
    const performed = action !== 'resume' ? action : status === 'fail' ? 'restart' : 'continue';
    return { performed, nodes: [node], baseline: { status, beginMs } };
  }

  async doResume(target: Target, selection: Selection, attempt: Attempt): Promise<Acceptance> {
    const { execution, nodes } = await this.exchange.send(target, selection, attempt);
    return { execution, nodes, nodesBasis: 'expected' };
  }

  protected async find(
    { execution }: Target,
    { performed, nodes }: Selection,
    { baseline }: LostResume,
    attempt: Attempt,
  ): Promise<Finding> {
    const [id = 'n1'] = nodes;
    const seen = await this.exchange.read(attempt, 'read-back: reading', () => this.#service.seen(execution));
    const node = seen.get(id);
    if (node === undefined || baseline === undefined) return { found: 'nothing', seen: 'it was not read before' };
    const { status, beginMs } = node;
    if (status === baseline['status'] && beginMs === baseline['beginMs']) {
      return { found: 'nothing', seen: `${id} is ${status}` };
    }
    if (!fits(performed, node, baseline['beginMs'] !== beginMs))
      return { found: 'different', seen: `${id} is ${status}` };
    return { found: 'resumed', acceptance: { execution, nodes, nodesBasis: 'observed' } };
  }
}

/** Whether what is seen is what was asked for. */
function fits(performed: Selection['performed'], { status }: NodeState, beganAgain: boolean): boolean {
  if (performed === 'restart') return beganAgain;
  return !beganAgain && (status === 'skipped') === (performed === 'skip');
}

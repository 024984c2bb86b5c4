import { aomFailure } from '../../providers/aom/errors.js';
import type { Selection } from '../../src/driver.js';
import type { Action, ResumeRequest } from '../../src/types.js';
import { AomModelDriver } from './aom-model-driver.js';
import type { Chance } from './chance.js';
import { BEGIN_MS } from './clock.js';
import { MODEL } from './model.js';
import type { ModelExchange } from './model-exchange.js';
import type { Commit, ModelAnswer, ModelService, Refusal } from './service.js';
import type { ServiceParts } from './service-parts.js';
import type { SimulatedProcess } from './simulated-process.js';
import { Timeline } from './timeline.js';

/** A node as the detail of an execution shows it. */
export interface NodeState {
  readonly status: 'fail' | 'pausing' | 'executing' | 'success' | 'skipped';
  /** When its newest attempt began, by the service's clock. */
  readonly beginMs: number;
}

/** AOM-like: the execution goes on under its id; a node says in which state it is and when it began. */
export class AomModel implements ModelService {
  readonly provider = 'aom';
  readonly mintsExecutions = false;
  readonly earlier = [];
  readonly #parts: ServiceParts;
  readonly #nodes = new Map<string, Timeline<NodeState>>();

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  fits(commit: Commit, { performed, nodes }: Selection): boolean {
    return commit.performed === performed && commit.nodes.join() === nodes.join();
  }

  resume(target: string, { performed, nodes }: Selection, by: Commit['by']): Commit | Refusal {
    const nowMs = this.#parts.clock.nowMs;
    const [id = 'n1'] = nodes;
    const node = this.#of(target, id);
    const { status, beginMs } = node.at(nowMs);
    if (!isLegal(performed, status)) return { refused: `${id} is ${status}` };
    const seen = this.#carryOut(node, performed, beginMs);
    return { execution: target, target, atMs: nowMs, ...seen, performed, nodes: [id], by };
  }

  seen(target: string): ReadonlyMap<string, NodeState> {
    const nowMs = this.#parts.clock.nowMs;
    return new Map(['n1', 'n2'].map((id) => [id, this.#of(target, id).seenAt(nowMs)]));
  }

  strangerSelection(target: string): Selection {
    const { status } = this.#of(target, 'n1').at(this.#parts.clock.nowMs);
    if (this.#parts.chance.happens(0.2)) return { performed: 'skip', nodes: ['n1'] };
    return { performed: status === 'pausing' ? 'continue' : 'restart', nodes: ['n1'] };
  }

  requestFor(target: string, other: boolean, chance: Chance): ResumeRequest {
    const request = { workflow: 'w', execution: target } as const;
    if (!other && chance.happens(0.7)) return request;
    const action: Action = chance.pick(['restart', 'restart', 'skip', 'continue']);
    return { ...request, action, nodes: [chance.pick(['n1', 'n1', 'n2'])] };
  }

  driverFor(_process: SimulatedProcess, exchange: ModelExchange): AomModelDriver {
    return new AomModelDriver(exchange, this);
  }

  judge(answer: ModelAnswer, credential?: object): Error {
    const own = (status: number, code: string | undefined, headers = {}, renewable?: object): Error => {
      const body = Buffer.from(code === undefined ? '<html>' : JSON.stringify({ error_code: code }));
      return aomFailure({ status, headers, body }, renewable);
    };
    switch (answer.kind) {
      case 'bad':
        return own(answer.answer.status, answer.answer.own === undefined ? undefined : OWN_WORDS[answer.answer.own]);
      case 'state':
        return own(400, 'AOM.31001418');
      case 'denied':
        return own(403, 'APIGW.0302');
      case 'throttled':
        return own(
          429,
          'APIGW.0308',
          answer.retryAfterS === undefined ? {} : { 'retry-after': `${answer.retryAfterS}` },
        );
      case 'credential':
        return own(401, 'AOM.31009004', {}, credential);
    }
  }

  #carryOut(node: Timeline<NodeState>, performed: Action, beginMs: number) {
    const { clock, chance } = this.#parts;
    const nowMs = clock.nowMs;
    const seenUntilMs = Number.POSITIVE_INFINITY;
    if (performed !== 'restart') {
      const status = performed === 'skip' ? 'skipped' : 'success';
      return { seenFromMs: node.change({ status, beginMs }, nowMs, this.#parts.lagMs()).seenFromMs, seenUntilMs };
    }
    const { seenFromMs } = node.change({ status: 'executing', beginMs: nowMs }, nowMs, this.#parts.lagMs());
    const status = chance.happens(MODEL.failsAgain) ? 'fail' : 'success';
    node.change({ status, beginMs: nowMs }, nowMs + this.#parts.runMs(), this.#parts.lagMs());
    return { seenFromMs, seenUntilMs };
  }

  #of(target: string, id: string): Timeline<NodeState> {
    const key = `${target} ${id}`;
    let node = this.#nodes.get(key);
    if (node === undefined) {
      const stopped = { fail: 0.6, pausing: 0.35 } as const;
      const status = this.#parts.chance.oneOf(id === 'n1' ? stopped : { fail: 0.02, pausing: 0.02 }, 'success');
      node = new Timeline<NodeState>({ status, beginMs: BEGIN_MS - 300_000 }, BEGIN_MS - 60_000);
      this.#nodes.set(key, node);
    }
    return node;
  }
}

const OWN_WORDS = { internal: 'AOM.31001405', unavailable: 'APIGW.0613', timeout: 'APIGW.0203' } as const;

function isLegal(performed: Action, status: NodeState['status']): boolean {
  if (performed === 'continue') return status === 'pausing';
  return status === 'fail' || (performed === 'skip' && status === 'pausing');
}

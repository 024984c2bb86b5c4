import type { DriverHarness } from '../src/testing/index.js';
import { createWorkflow } from '../src/workflow.js';
import type { Asked } from './conformance-service.js';
import { refusal, TinyService, TOKEN } from './conformance-service.js';
import { TinyDriver } from './conformance-tiny-driver.js';
import type { WrongDriver } from './conformance-wrong-drivers.js';

export type TinyAction = 'resume' | 'restart';

/** The harness of the made-up service, over any driver. */
export function tinyHarness(Driver: WrongDriver['driver'] = TinyDriver): DriverHarness<TinyAction, TinyService> {
  const connect = (endpoint: string, token: () => Promise<string>) =>
    createWorkflow<TinyAction>('tiny-one', new Driver(endpoint, token));
  return {
    connect: (endpoint) => connect(endpoint, () => Promise.resolve(TOKEN)),
    connectLate: (endpoint, ready) => connect(endpoint, () => ready.then(() => TOKEN)),
    secrets: [TOKEN],
    readsBack: true,
    start: () => new TinyService().start(),
    target: () => ({ workflow: 'flow', execution: 'run-1', nodes: ['a', 'b', 'c'] }),
    sent: ({ body }) => {
      const { action, ...sent } = JSON.parse(body) as Asked;
      return { ...sent, performed: action };
    },
    refusal: (message) => ({ answer: refusal(message), code: 'FAILED_PRECONDITION' }),
    unlistedRefusal: (message) => refusal(message, 'NotInTheTable'),
    throttle: refusal('slow down', 'TooMany', 429),
    reports: ({ execution }, nodes) => ({
      status: 200,
      body: JSON.stringify({ run: 'run-2', from: execution, nodes }),
    }),
    notAccepting: ({ execution }) => ({
      'no run': { status: 200, body: JSON.stringify({ from: execution }) },
      'of another run': { status: 200, body: '{"run":"run-9","from":"run-8"}' },
    }),
    finish: (service) => service.finish(),
    pages: ({ runs }) => {
      for (let id = 2; id <= 5; id += 1) runs.push({ workflow: 'flow', id: `run-${id}`, state: 'done', nodes: [] });
      return { workflow: 'flow', executions: runs.map(({ id }) => id), pages: 3 };
    },
  };
}

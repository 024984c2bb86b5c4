import { equal } from 'node:assert/strict';
import type { Action } from '../../types.js';
import type { Bench } from './bench.js';
import { attempt } from './bench.js';
import type { Check } from './check.js';
import { expectLost } from './expectations.js';
import type { DriverHarness } from './harness.js';
import type { Alteration, Relay } from './relay.js';
import { relayTo } from './relay.js';

/** A little more than a driver may read of an answer that accepts. */
const TOO_MANY_BYTES = 1024 * 1024 + 64 * 1024;
/** More than what a system buffers of an answer that nobody reads. */
const ENDLESS_BYTES = 64 * 1024 * 1024;

/** The very answer that accepts, but not as it may come: nothing that a harness makes up is as convincing. */
export function wholeAnswerChecks(action: Action, harness: DriverHarness): Check[] {
  return [
    altered(action, 'another 2xx with the body that accepts', 'effect unknown, one request', {
      status: (status) => (status === 200 ? 202 : 200),
    }),
    ...(harness.acceptsWithoutBody === true ? [] : oversized(action)),
  ];
}

function oversized(action: Action): Check[] {
  const tooLong = { paddingBytes: TOO_MANY_BYTES };
  const endless = { paddingBytes: ENDLESS_BYTES };
  return [
    altered(action, 'the body that accepts, and more than 1 MiB of blanks', 'effect unknown, one request', tooLong),
    altered(action, 'a body of 64 MiB', 'effect unknown, and it is not read to its end', endless, (relay) => {
      equal(relay.takenToTheEnd, false, 'the answer was read to its end: it may fill the memory');
    }),
  ];
}

function altered(
  action: Action,
  fault: string,
  expected: string,
  alteration: Alteration,
  expectMore: (relay: Relay) => void = () => {},
): Check {
  return {
    capability: action,
    fault,
    expected,
    run: async (bench: Bench) => {
      const relay = await relayTo(bench.service.endpoint, () => bench.mutating.length > 0, alteration);
      bench.afterwards(() => relay.close());
      const connection = bench.connect(relay.endpoint);
      const outcome = await attempt(connection, bench.request(connection, action));
      const observed = await expectLost(bench, connection, outcome);
      expectMore(relay);
      return observed;
    },
  };
}

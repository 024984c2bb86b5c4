import type { Boundary } from './boundaries.js';
import { check } from './checks.js';
import type { Finding } from './history.js';
import { countIdentified } from './identification.js';
import { clearUp } from './operator.js';
import type { Order } from './plan.js';
import type { Tally } from './tally.js';
import { emptyTally } from './tally.js';
import { World } from './world.js';
import type { Wrongness } from './wrong.js';

/** What came of one schedule. */
export interface Played {
  readonly findings: readonly Finding[];
  readonly tally: Tally;
  readonly world: World;
}

/** The command that plays one schedule once more, and tells it. */
export function replayOf({ provider, seed, lagMs, kill, single }: Order): string {
  const lag = lagMs === undefined ? '' : ` --lag ${lagMs / 1_000}`;
  const killed = kill === undefined ? '' : ` --kill '${kill}'`;
  const alone = single === undefined ? '' : ` --single '${single}'`;
  return `npm run simulate -- --provider ${provider} --seed ${seed}${lag}${killed}${alone}`;
}

/**
 * Plays one schedule to its end, and checks it.
 *
 * @param print - is told what happens, line by line.
 * @param wrongness - what is wrong on purpose.
 */
export async function playSchedule(
  order: Order,
  print?: (line: string) => void,
  wrongness?: Wrongness,
): Promise<Played> {
  const world = new World(order, print, wrongness);
  const tally = emptyTally();
  await world.play();
  if (order.single === undefined) await clearUp(world, tally);
  const { history, service, kills } = world;
  check(history, service, tally);
  countIdentified(history, tally);
  tally.schedules = 1;
  tally.kills = kills.length;
  for (const { wrong } of history.findings) tally.wrong[wrong] = (tally.wrong[wrong] ?? 0) + 1;
  const wrong = history.findings.length > 0 ? 1 : 0;
  if (order.kill !== undefined && kills.includes(order.kill))
    tally.killedAt[order.kill as Boundary] = { killed: 1, wrong };
  tally.failures = history.findings.map(({ wrong: what, about }) => `${what}: ${about}\n    ${replayOf(order)}`);
  return { findings: history.findings, tally, world };
}

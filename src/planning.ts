import type { CallRecord } from './attempt.js';
import { concealIn } from './conceal.js';
import type { ConnectionParts } from './connection-parts.js';
import type { CallScope } from './deadline.js';
import type { Discovery, Target } from './driver.js';
import type { ErrorCode } from './errors.js';
import type { Inspection, Projection } from './inspection.js';
import { composePlan } from './plan/compose.js';
import { differencesOf } from './plan/difference.js';
import { soundProjection } from './plan/sound-projection.js';
import type { ResumePlan } from './resume-plan.js';
import { GivenUp } from './sending.js';
import type { ExecutionRef, ExecutionSnapshot } from './snapshot.js';
import type { Action } from './types.js';

/** An inspection with where and when it was made. */
export function snapshotOf(
  { name: connection, driver: { provider } }: Pick<ConnectionParts, 'name' | 'driver'>,
  { workflow, execution }: ExecutionRef,
  { inspection, readAtMs }: { readonly inspection: Inspection; readonly readAtMs: number },
): ExecutionSnapshot {
  const { shows: _shows, ...shown } = inspection;
  return { provider, connection, workflow, execution, ...shown, readAt: new Date(readAtMs).toISOString() };
}

/**
 * Reads what a resume would do, and makes a plan of it.
 *
 * @param refusals - what stands in the way besides what the provider says.
 * @throws {GivenUp} with effect `none`.
 */
export async function planFor<A extends Action>(
  parts: ConnectionParts,
  target: Target & { readonly action: A },
  refusals: readonly string[],
  call: CallRecord,
  scope: CallScope,
): Promise<{ plan: ResumePlan<A>; projection: Projection }> {
  const { name: connection, driver, sender, steps, runtime, secrets } = parts;
  const { provider, identity = '' } = driver;
  const doPlan = driver.doPlan?.bind(driver);
  if (doPlan === undefined) throw refused(`the driver of ${provider} cannot plan`, 'UNIMPLEMENTED');
  // What is settled from now on may put it out of date.
  steps.keepNewsOf(target);
  const { projection, readAtMs } = await sender.read(
    async (attempt) => {
      const startedMs = runtime.nowMs();
      const projected = soundProjection(await doPlan(target, attempt), (text) => concealIn(text, secrets));
      return { projection: projected, readAtMs: startedMs };
    },
    call,
    scope,
  );
  const { workflow, execution, action, nodes } = target;
  const planning = { provider, connection, identity, target: { workflow, execution, action, nodes }, refusals };
  const snapshot = snapshotOf(parts, target, { inspection: projection.inspection, readAtMs });
  return { plan: composePlan(planning, projection, snapshot), projection };
}

/**
 * Plans once more and compares.
 *
 * @throws {GivenUp} FAILED_PRECONDITION (no effect) something has changed since the plan was made, or it is refused;
 * INVALID_ARGUMENT (no effect) the connection talks to something else now.
 */
export async function discoveryOfPlan(
  parts: ConnectionParts,
  target: Target,
  plan: ResumePlan,
  call: CallRecord,
  scope: CallScope,
): Promise<Discovery> {
  const { identity = '' } = parts.driver;
  if (plan.identity !== identity) {
    // What another region says of such an execution, or that it has none, would only mislead.
    const why = `the plan was made where the connection talked to ${shown(plan.identity)}, and it talks to ${shown(identity)}`;
    throw refused(why, 'INVALID_ARGUMENT');
  }
  const { plan: fresh, projection } = await planFor(parts, target, [], call, scope);
  if (fresh.fingerprint !== plan.fingerprint) {
    const changes = differencesOf(plan, fresh).join('; ');
    throw refused(`the plan of ${plan.snapshot.readAt} is out of date: ${changes}. Make a new one and look at it`);
  }
  if (fresh.refusals.length > 0) throw refused(fresh.refusals.join('; '));
  const { performed, nodes, baseline } = projection;
  return { performed, nodes, ...(baseline === undefined ? {} : { baseline }) };
}

function refused(why: string, code: ErrorCode = 'FAILED_PRECONDITION'): GivenUp {
  return new GivenUp({ why, details: { code, effect: 'none' } });
}

function shown(identity: string): string {
  return identity === '' ? '(nothing that it names)' : identity;
}

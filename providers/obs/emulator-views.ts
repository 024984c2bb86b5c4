import type { EmulatedInstance, ObsStepView, ObsView } from './emulator-instances.js';
import type { ObsKnobs } from './emulator-knobs.js';

/** The body of a GET of one instance. */
export function infoOf(instance: EmulatedInstance, knobs: ObsKnobs, nowMs: number): object {
  const view = instance.viewAt(nowMs, knobs.visibilityMs);
  const { restoredAtMs } = view;
  return {
    execution_info: {
      ...summaryOf(instance, view),
      ...(knobs.showsRestoredAt && restoredAtMs !== undefined ? { restored_at: isoOf(restoredAtMs) } : {}),
      start_state: view.steps[0]?.name,
      input: {},
      isTest: false,
      state_map: Object.fromEntries(view.steps.map((step) => [step.name, stepOf(step, knobs)])),
    },
  };
}

/** The body of a list: what comes after the marker, in order of type and name. */
export function pageOf(
  instances: readonly EmulatedInstance[],
  { limit, marker }: { readonly limit: number; readonly marker: string },
  knobs: ObsKnobs,
  nowMs: number,
): object {
  const sorted = [...instances].sort((one, other) => (markerOf(one) < markerOf(other) ? -1 : 1));
  const rest = sorted.filter((instance) => markerOf(instance) > marker);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const truncated = rest.length > page.length && last !== undefined;
  return {
    count: page.length,
    is_truncated: truncated,
    ...(truncated ? { next_marker: markerOf(last) } : {}),
    executions: page.map((instance) => {
      const view = instance.viewAt(nowMs, knobs.visibilityMs);
      const { stoppedAtMs } = view;
      return { ...summaryOf(instance, view), stopped_at: stoppedAtMs === undefined ? '' : isoOf(stoppedAtMs) };
    }),
  };
}

/** Execution type and name, as in the documents' example. */
function markerOf({ execution }: EmulatedInstance): string {
  return `APICALL${execution}`;
}

function summaryOf(instance: EmulatedInstance, { state }: ObsView) {
  return {
    execution_name: instance.execution,
    execution_urn: instance.urn,
    graph_urn: instance.urn.replace(':execution:', ':graph:').split(':').slice(0, 6).join(':'),
    execution_state: state,
    execution_type: 'APICALL',
    started_at: isoOf(instance.startedAtMs),
  };
}

function stepOf({ name, type, stands, startedAtMs, firstStartedAtMs, error }: ObsStepView, knobs: ObsKnobs) {
  const words = {
    waiting: 'NOTRUNNING',
    running: 'RUNNING',
    succeeded: knobs.succeededNodeStatus,
    failed: knobs.failedNodeStatus,
  };
  const shownMs = knobs.stepTimes === 'newest' ? startedAtMs : firstStartedAtMs;
  return {
    state_name: name,
    type,
    status: words[stands],
    ...(shownMs === undefined || knobs.stepTimes === 'none' ? {} : { started_at: isoOf(shownMs) }),
    ...(error === undefined || !knobs.showsErrors ? {} : { error_message: error }),
  };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

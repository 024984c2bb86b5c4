import type { GlueEmulatorOptions, TriggerDefinition } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';

export const NOW = Date.UTC(2026, 2, 4);

export function workflow(
  nodes: readonly string[],
  triggers: readonly TriggerDefinition[],
  options: GlueEmulatorOptions = {},
) {
  const clock = new VirtualClock(NOW);
  const emulator = new GlueEmulator({ clock, ...options });
  emulator.define({
    name: 'flow',
    nodes: nodes.map((name) => (name.startsWith('crawl') ? { crawler: name } : name)),
    triggers,
  });
  /** Each node's attempts as `state@start-end`, in virtual milliseconds since the beginning. */
  const history = (run = 0) => {
    const found: Record<string, string> = {};
    for (const { Name, Type, JobDetails, CrawlerDetails } of emulator.runs('flow')[run]?.Graph?.Nodes ?? []) {
      const attempts = [
        ...(JobDetails?.JobRuns ?? []).map(({ JobRunState, ...times }) => ({ state: JobRunState, ...times })),
        ...(CrawlerDetails?.Crawls ?? []).map(({ State, ...times }) => ({ state: State, ...times })),
      ];
      if (Type === 'TRIGGER' || Name === undefined) continue;
      const at = (seconds: number | undefined) => (seconds === undefined ? '' : Math.round(seconds * 1000 - NOW));
      found[Name] = attempts.map((it) => `${it.state}@${at(it.StartedOn)}-${at(it.CompletedOn)}`).join(' ');
    }
    return found;
  };
  const status = (run = 0) => emulator.runs('flow')[run]?.Status;
  return { emulator, clock, history, status };
}

export const begin = (...start: string[]): TriggerDefinition => ({ name: 'begin', start });

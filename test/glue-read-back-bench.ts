import { expect, onTestFinished } from 'vitest';
import { GlueDriver } from '../providers/glue/driver.js';
import type { GlueKnobs } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import type { GlueOptions } from '../providers/glue/options.js';
import { loadGlueSdk } from '../providers/glue/sdk.js';
import type { Finding, LostResume, Target } from '../src/driver.js';
import { VirtualClock } from '../src/testing/index.js';
import { attemptOf } from './driver-attempt.js';

/** In the middle of a second, so that dates are cut. */
const START_MS = Date.parse('2026-01-01T12:00:00.470Z');

/** extract → transform → load, and side by side with them: side. */
const WORKFLOW = {
  name: 'wf',
  nodes: ['extract', 'transform', 'load', 'side', { crawler: 'crawl' }],
  triggers: [
    { name: 'go', start: ['extract', 'side', 'crawl'] },
    { name: 'then-transform', when: ['extract'], start: ['transform'] },
    { name: 'then-load', when: ['transform'], start: ['load'] },
  ],
};

/** How a bench is set up. */
export interface ReadBackSettings {
  readonly knobs?: Partial<GlueKnobs>;
  /** How far the service's clock is ahead of this machine's, in milliseconds. */
  readonly skewMs?: number;
  readonly options?: (emulator: GlueEmulator) => Partial<GlueOptions>;
}

/** A driver of Glue and an emulator on one frozen clock, which `pass` moves for both. */
export class ReadBackBench {
  readonly emulator: GlueEmulator;
  driver: GlueDriver;
  /** A completed run of which transform failed. */
  readonly execution: string;
  skewMs: number;
  /** How long the world goes on at each look at this machine's clock. */
  tickMs = 0;

  private constructor(emulator: GlueEmulator, { skewMs = 0, options }: ReadBackSettings) {
    this.emulator = emulator;
    this.skewMs = skewMs;
    this.driver = this.#connect(options?.(emulator));
    emulator.define(WORKFLOW);
    this.execution = this.failedRun();
  }

  /** For one test, which closes it. */
  static async start(settings: ReadBackSettings = {}): Promise<ReadBackBench> {
    const bench = await ReadBackBench.open(settings);
    onTestFinished(() => bench.close());
    return bench;
  }

  /** To be closed by whoever opens it. */
  static async open(settings: ReadBackSettings = {}): Promise<ReadBackBench> {
    const clock = new VirtualClock(START_MS);
    const knobs = { maxSkewMs: Number.POSITIVE_INFINITY, ...settings.knobs };
    return new ReadBackBench(await new GlueEmulator({ clock, knobs }).start(), settings);
  }

  async close(): Promise<void> {
    await this.driver.close();
    await this.emulator.close();
  }

  /** Goes on with a driver that has seen no answer yet, as another process does. */
  async restart(): Promise<void> {
    await this.driver.close();
    this.driver = this.#connect();
  }

  #connect(options?: Partial<GlueOptions>): GlueDriver {
    const { endpoint, region, credentials } = this.emulator;
    return new GlueDriver({ name: 'glue-eu', ...(options ?? { endpoint, region, credentials }) }, loadGlueSdk, () =>
      this.localMs(),
    );
  }

  /** This machine's time. */
  localMs(): number {
    this.pass(this.tickMs);
    return this.emulator.clock.nowMs - this.skewMs;
  }

  pass(ms: number): void {
    this.emulator.clock.advance(ms);
  }

  node(name: string): string {
    return this.emulator.nodeId('wf', name);
  }

  failedRun(): string {
    this.emulator.script('wf', 'transform', ['FAILED', 'SUCCEEDED']);
    const execution = this.emulator.startRun('wf');
    this.emulator.settle();
    // The next second, or later: what a resume starts is told from what was copied by its time.
    this.pass(90_000);
    return execution;
  }

  target(nodes: readonly string[] = []): Target {
    return { workflow: 'wf', execution: this.execution, action: 'resume', nodes };
  }

  /** A resume of which only what it did is left; by default that of transform. */
  resume(...names: readonly string[]): string {
    const nodes = (names.length === 0 ? ['transform'] : names).map((name) => this.node(name));
    return this.emulator.foreignResume('wf', this.execution, nodes).runId;
  }

  /** An intent made now. */
  intent(): LostResume {
    return { createdAtMs: this.localMs() };
  }

  find(lost: LostResume, ...names: readonly string[]): Promise<Finding> {
    const nodes = (names.length === 0 ? ['transform'] : names).map((name) => this.node(name));
    return this.driver.doFindResumed(this.target(), { performed: 'resume', nodes }, lost, attemptOf());
  }

  /** The operations that were asked for so far. */
  get operations(): readonly string[] {
    return this.emulator.journal.entries.map(({ operation }) => operation);
  }
}

/** What adopts a run with these nodes. */
export function adopted(execution: string, ...nodes: readonly string[]): Finding {
  return { found: 'resumed', acceptance: { execution, nodes, nodesBasis: 'observed' } };
}

/** What leaves it open, for a reason that contains these words. */
export function undecided(seen: string) {
  return { found: 'nothing', undecided: true, seen: expect.stringContaining(seen) as string };
}

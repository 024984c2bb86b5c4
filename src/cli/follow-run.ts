import { ResumeError } from '../errors.js';
import type { Progress } from '../progress.js';
import { oneLine } from '../render/plain-text.js';
import { STATE_STYLES } from '../render/state-style.js';
import { duration } from '../render/wording.js';
import type { ExecutionSnapshot } from '../snapshot.js';
import type { ResumableWorkflow } from '../types.js';
import type { Place } from './command-line.js';
import { commandLine } from './command-line.js';
import { stateStyle } from './execution-line.js';
import { EXIT, UsageError } from './exit-codes.js';
import { printJson } from './print-json.js';
import { JsonView } from './progress-json.js';
import type { ProgressView } from './progress-lines.js';
import { LineView } from './progress-lines.js';
import { LiveView } from './progress-live.js';
import { endOf, whereabouts } from './progress-words.js';
import { Terminal } from './terminal.js';

/** What is followed; a receipt is. */
interface Followed extends Place {
  /** ISO 8601, where the service says so. */
  readonly acceptedAt?: string | undefined;
}

interface Told {
  readonly json: boolean;
  /** Whether a resume of ours is followed. */
  readonly isResumed: boolean;
}

/** How to show a run that is followed. */
export interface FollowSettings extends Told {
  /** What every line of JSON says besides. */
  readonly more?: object | undefined;
  /** Where people look. */
  readonly stream: NodeJS.WriteStream;
  /** The clock that the run goes by, in epoch milliseconds. @default this machine's */
  readonly nowMs?: (() => number) | undefined;
}

/**
 * Shows how a run goes on to its end, and answers the exit code: success is told only of a run that was seen to succeed.
 *
 * @throws {ResumeError} it cannot be followed; by Ctrl-C with the code CANCELLED.
 */
export async function showRun(
  progresses: AsyncIterable<Progress>,
  place: Followed,
  { json, more, stream, isResumed, nowMs = () => Date.now() }: FollowSettings,
): Promise<number> {
  const terminal = new Terminal(stream);
  const beganMs = beginOf(place, nowMs());
  const elapsedMs = (): number => Math.max(0, nowMs() - beganMs);
  const view = json ? new JsonView(more) : viewFor(terminal, elapsedMs);
  let last: ExecutionSnapshot | undefined;
  try {
    for await (const progress of progresses) {
      view.show(progress);
      if (progress.kind === 'snapshot' && progress.settled) last = progress.snapshot;
    }
  } finally {
    view.end();
  }
  if (last === undefined) throw new Error(`${place.connection}: following ended without saying how the run ended`);
  if (!json) tellEnd(terminal, last, place, isResumed ? (tookMs(place, last) ?? elapsedMs()) : undefined);
  return last.state === 'succeeded' ? EXIT.accepted : EXIT.notSucceeded;
}

/** @param elapsedMs - since the resume, where there was one. */
function tellEnd(terminal: Terminal, last: ExecutionSnapshot, place: Place, elapsedMs: number | undefined): void {
  const isGood = last.state === 'succeeded';
  const but = isGood || elapsedMs === undefined ? '' : 'resumed, but ';
  const what = terminal.style(stateStyle(last.state), `${STATE_STYLES[last.state].glyph} ${but}${endOf(last)}`);
  terminal.line(`${what}${elapsedMs === undefined ? '' : ` after ${duration(elapsedMs)}`}`);
  for (const line of whereabouts(last)) terminal.line(`  ${line}`);
  if (!isGood) terminal.line(`  Look at it:  ${commandLine('inspect', place)}`);
}

/**
 * Says that following ended before the run did, and how to go on.
 *
 * @param isResumed - whether a resume of ours was followed: that it happened must not be in doubt.
 */
export function tellUnfollowed(place: Place, error: unknown, { json, isResumed }: Told): void {
  if (!ResumeError.isInstance(error)) throw error;
  if (json) printJson({ at: new Date().toISOString(), kind: 'unfollowed', error });
  const terminal = new Terminal(process.stderr);
  const isStopped = error.code === 'CANCELLED';
  const what = isStopped ? 'following was stopped' : 'following has failed';
  const stands = isResumed ? 'the resume happened, and its run goes on' : 'the run goes on';
  terminal.line(terminal.style('yellow', `! ${what}; ${stands}`));
  if (!isStopped) terminal.line(`  ${oneLine(error.message)}`);
  terminal.line(`  Go on following:  ${commandLine('follow', place)}`);
}

/** @throws {UsageError} the connection has no way to look at an execution. */
export function requireFollowable({ name, provider, capabilities }: ResumableWorkflow): void {
  if (capabilities.reads?.includes('inspect') === true) return;
  throw new UsageError(`${name}: ${provider} cannot follow an execution. Nothing was sent.`);
}

function viewFor(terminal: Terminal, elapsedMs: () => number): ProgressView {
  return terminal.isLive ? new LiveView(terminal, elapsedMs) : new LineView(terminal, elapsedMs);
}

/** By the service's own clock, where it says both when it accepted and when the run ended. */
function tookMs({ acceptedAt = '' }: Followed, { endedAt = '' }: ExecutionSnapshot): number | undefined {
  const ms = Date.parse(endedAt) - Date.parse(acceptedAt);
  return ms >= 0 ? ms : undefined;
}

/** When the service says that it accepted, unless its clock is ahead; else now. */
function beginOf({ acceptedAt = '' }: Followed, nowMs: number): number {
  const acceptedMs = Date.parse(acceptedAt);
  return acceptedMs < nowMs ? acceptedMs : nowMs;
}

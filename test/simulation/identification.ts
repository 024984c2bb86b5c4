import type { History, TrackedIntent } from './history.js';
import { commitOf } from './history.js';
import type { Commit } from './service.js';
import type { Excluded, Tally } from './tally.js';

const WINDOW_MS = 90_000;
const SOON_MS = 10_000;
/** The longest pause between two reads, and the time that a read takes. */
const POLL_GAP_MS = 5_000 + 500;
/** A stranger's resume so long before ours may still be invisible when we look. */
const STRANGER_BEFORE_MS = 60_000;

/** Counts, for each resume that was carried out and not answered, whether reading back found it in time. */
export function countIdentified(history: History, tally: Tally): void {
  for (const tracked of history.intents.values()) {
    const commit = commitOf(tracked);
    const { lookingSinceMs, identifiedAtMs = Number.POSITIVE_INFINITY } = tracked;
    if (commit === undefined || lookingSinceMs === undefined || !hasDefaultTimes(tracked)) continue;
    const excluded = whyExcluded(history, tracked, commit, lookingSinceMs);
    if (excluded !== undefined) {
      tally.readBack[excluded] += 1;
      continue;
    }
    const tookMs = identifiedAtMs - lookingSinceMs;
    tally.readBack.eligible += 1;
    if (tookMs <= SOON_MS) tally.readBack.within10s += 1;
    if (tookMs <= WINDOW_MS) tally.readBack.within90s += 1;
  }
}

function whyExcluded(
  history: History,
  { founder, process, claimed, begunAtMs }: TrackedIntent,
  { target, seenFromMs, seenUntilMs }: Commit,
  lookingSinceMs: number,
): Excluded | undefined {
  const isCut = founder?.cutShort === true || founder?.abortedAtMs !== undefined || process.sleptMs > 0 || claimed;
  if (isCut || !process.isAlive) return 'cut short';
  const strangers = history.commits.filter(({ by, target: of }) => by === 'stranger' && of === target);
  if (strangers.some(({ atMs }) => atMs >= begunAtMs - STRANGER_BEFORE_MS)) return 'stranger';
  const endsMs = lookingSinceMs + WINDOW_MS;
  if (seenFromMs > endsMs - POLL_GAP_MS) return 'too late';
  const seenMs = Math.min(seenUntilMs, endsMs) - Math.max(seenFromMs, lookingSinceMs);
  return seenMs < POLL_GAP_MS ? 'too short' : undefined;
}

function hasDefaultTimes({ founder }: TrackedIntent): boolean {
  const { readBackMs, readBack, onUnknown } = founder?.planned ?? {};
  return readBackMs === WINDOW_MS && readBack === 'on' && onUnknown === 'report';
}

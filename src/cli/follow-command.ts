import { ResumeError } from '../errors.js';
import type { Receipt } from '../types.js';
import { EXIT, UsageError } from './exit-codes.js';
import { requireFollowable, showRun, tellUnfollowed } from './follow-run.js';
import { membersOf, readJson } from './json-file.js';
import { withConnection } from './open-connection.js';
import { tellReading } from './tell-reading.js';
import { watch } from './watch.js';

/** The flags of `resumable follow`. */
export interface FollowFlags {
  /** A file with what `resumable resume --json` printed, or with the receipt alone. */
  readonly receipt?: string;
  readonly pollMs?: number;
  readonly json?: boolean;
  readonly config?: string;
}

/**
 * Follows what a resume started, or an execution as it stands, to its end; the exit code says how it ended.
 *
 * @param workflow - it and the execution are needed without a receipt.
 */
export async function followCommand(
  connection: string,
  workflow = '',
  execution = '',
  { receipt: file, pollMs, json = false, config }: FollowFlags,
): Promise<number> {
  const given = file === undefined ? undefined : await readReceipt(file);
  return await withConnection(connection, { config }, (opened) => {
    requireFollowable(opened);
    const ref = { workflow: given?.workflow ?? workflow, execution: given?.execution ?? execution };
    const followed = { connection, ...ref, acceptedAt: given?.acceptedAt, config };
    const isResumed = given !== undefined;
    const unread = new AbortController();
    // Nobody waits for a run of hours when `head` has gone.
    process.stdout.once('error', () => unread.abort(new Error('nobody reads what is told')));
    return tellReading(json, async (interrupted) => {
      const signal = AbortSignal.any([interrupted, unread.signal]);
      try {
        const how = { pollMs, signal };
        const progresses = given === undefined ? watch(opened, ref, how) : opened.follow(given, how);
        return await showRun(progresses, followed, { json, stream: process.stdout, isResumed });
      } catch (error) {
        if (!ResumeError.isInstance(error) || error.code !== 'CANCELLED') throw error;
        tellUnfollowed(followed, error, { json, isResumed });
        return EXIT.notSucceeded;
      }
    });
  });
}

async function readReceipt(file: string): Promise<Receipt> {
  const content = await readJson(file);
  const { receipt = content } = membersOf(content);
  if (typeof membersOf(receipt)['execution'] !== 'string') {
    throw new UsageError(`${file} holds no receipt: it takes what "resumable resume --json" printed.`);
  }
  // `follow` checks the rest.
  return receipt as Receipt;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { LedgerFolder } from '../src/ledger/ledger-folder.js';
import { News } from '../src/ledger/news.js';
import { RecordFiles } from '../src/ledger/record-files.js';
import { Slots } from '../src/ledger/slots.js';

/** Where a ledger can be made; it is removed when the test has finished. */
export async function freshPath(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'resumable-ledger-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  return join(parent, 'ledger');
}

/** A ledger's folder, ready for use, with its parts; `steps` has what was called back. */
export async function ledgerParts() {
  const steps: string[] = [];
  const folder = new LedgerFolder(await freshPath(), (step) => void steps.push(step));
  await folder.prepare();
  const records = new RecordFiles(folder);
  return { folder, records, steps, slots: new Slots(folder), news: new News(folder, records) };
}

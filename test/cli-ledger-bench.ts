import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObsEmulator } from '../providers/obs/emulator.js';
import { stateFolder } from '../src/cli/state-folder.js';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import type { LedgerRecord } from '../src/ledger/ledger.js';
import { intentOf, LEASE_MS } from '../src/testing/ledger-bench.js';
import { runCli } from './cli-run.js';

export const SECRET = 'SKEXAMPLEsecretKey0123456789abcdefghij00';

/** A working directory with a configuration and an emulated service, and the ledger that belongs to it. */
export class CliLedgerBench {
  readonly emulator: ObsEmulator;
  readonly folder: string;
  readonly state: string;

  private constructor(emulator: ObsEmulator, folder: string) {
    this.emulator = emulator;
    this.folder = folder;
    this.state = stateFolder({}, process.platform, folder);
  }

  static async open(): Promise<CliLedgerBench> {
    const emulator = await new ObsEmulator().start();
    const bench = new CliLedgerBench(emulator, await mkdtemp(join(tmpdir(), 'resumable-cli-')));
    const credentials = { accessKeyId: 'AKIDEXAMPLE0000000', secretAccessKey: SECRET };
    await bench.configure({ 'obs-north': { provider: 'obs', endpoint: emulator.endpoint, credentials } });
    return bench;
  }

  async close(): Promise<void> {
    await this.emulator.close();
    await rm(this.folder, { recursive: true });
  }

  get ledger(): FileResumeLedger {
    return new FileResumeLedger(this.state);
  }

  configure(connections: object): Promise<void> {
    return writeFile(join(this.folder, 'resumable.config.json'), JSON.stringify({ connections }));
  }

  run(...args: readonly string[]) {
    return runCli(args, this.folder);
  }

  /** What `ledger list --json` prints. */
  async recorded(): Promise<LedgerRecord[]> {
    const { stdout } = await this.run('ledger', 'list', '--json');
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as LedgerRecord);
  }

  /** An intent of somebody's whose lease has expired, unless it began just now. */
  async intent(more: Parameters<typeof intentOf>[0] = {}, begunMs = 0): Promise<string> {
    const intent = intentOf(more);
    await this.ledger.begin(intent, 'somebody', begunMs, LEASE_MS);
    return intent.id;
  }
}

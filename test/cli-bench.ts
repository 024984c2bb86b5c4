import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AomEmulator } from '../providers/aom/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { ObsEmulator } from '../providers/obs/emulator.js';
import type { DescribedEmulator } from '../src/testing/emulated-connection.js';
import type { CliRun } from './cli-run.js';
import { runCli, startCli } from './cli-run.js';

/** A folder with a configuration that reaches every emulator as `my-glue`, `my-obs` and `my-aom`. */
export class CliBench {
  readonly folder: string;
  readonly glue = new GlueEmulator();
  readonly obs = new ObsEmulator();
  readonly aom = new AomEmulator();
  readonly #connections: Record<string, object> = {};

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<CliBench> {
    const bench = new CliBench(await mkdtemp(join(tmpdir(), 'resumable-cli-')));
    const emulators: readonly DescribedEmulator[] = [bench.glue, bench.obs, bench.aom];
    for (const emulator of emulators) {
      await emulator.start();
      const { provider, endpoint, region, projectId, credentials } = emulator.describe();
      const more = {
        ...(provider === 'obs' ? {} : { region }),
        ...(projectId === null || provider !== 'aom' ? {} : { projectId }),
      };
      await bench.connect(`my-${provider}`, { provider, endpoint, credentials, ...more });
    }
    return bench;
  }

  async close(): Promise<void> {
    await Promise.all([this.glue.close(), this.obs.close(), this.aom.close()]);
    await rm(this.folder, { recursive: true });
  }

  /** Adds a connection to the configuration. */
  async connect(name: string, connection: object): Promise<void> {
    this.#connections[name] = connection;
    await this.write('resumable.config.json', JSON.stringify({ connections: this.#connections }));
  }

  /** Adds a connection named `mine` to a provider of this test's own: the members of a workflow in JavaScript. */
  async invent(members: string): Promise<void> {
    const file = join(this.folder, 'invented.mjs');
    const ids = "{ maxLength: 99, pattern: /./, rule: 'be an id' }";
    await this.write(
      'invented.mjs',
      `const ids = { workflow: ${ids}, execution: ${ids}, node: ${ids} };
       export function createInventedWorkflow({ name }) {
         return { name, provider: 'invented', close: async () => {},
           capabilities: { actions: { resume: { min: 0, max: 0 } }, newExecution: false, discoversNodes: false, ids,
             reads: ['inspect', 'plan', 'list', 'lineage'], notices: [] },
           ${members} };
       }`,
    );
    await this.connect('mine', { provider: `file://${file}` });
  }

  run(...args: readonly string[]): Promise<CliRun> {
    return runCli(args, this.folder, ENV);
  }

  start(...args: readonly string[]) {
    return startCli(args, this.folder, ENV);
  }

  write(name: string, content: string): Promise<void> {
    return writeFile(join(this.folder, name), content);
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }

  async files(): Promise<string[]> {
    return (await readdir(this.folder)).filter((name) => !name.startsWith('.')).sort();
  }
}

const ENV = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** Whether a text holds something that a terminal obeys. */
export function isObeyed(text: string): boolean {
  return /[\p{Cc}\p{Cf}]/u.test(text.replaceAll('\n', ''));
}

/** Lines of JSON. */
export function linesOf<T>(stdout: string): T[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as T);
}

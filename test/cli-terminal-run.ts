import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { CliRun } from './cli-run.js';

const SCRIPT = 'script';
const MAIN = join(import.meta.dirname, '../dist/src/cli/main.js');

/** Whether util-linux's `script` is there, which gives a process a terminal of its own. */
export const HAS_SCRIPT =
  process.platform === 'linux' &&
  /util-linux/.test(spawnSync(SCRIPT, ['--version'], { encoding: 'utf8' }).stdout ?? '');

if (!HAS_SCRIPT) console.log('SKIPPED: tests on a terminal need the command script of util-linux');

/** What a terminal has shown, the escape sequences too. */
export type TerminalRun = Pick<CliRun, 'exitCode'> & { readonly screen: string };

/** An answer to a text on the screen. */
export interface Typed {
  readonly after: string;
  readonly keys: string;
  /** Done right before the keys are typed. */
  readonly meanwhile?: () => void;
}

/** Runs the built command line on a terminal of 80 columns, and types. */
export function runOnTerminal(
  args: readonly string[],
  cwd: string,
  typed: readonly Typed[] = [],
): Promise<TerminalRun> {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn(SCRIPT, ['-qec', `stty cols 80; exec ${command}`, '/dev/null'], {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: cwd,
      TERM: 'xterm',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  const waiting = [...typed];
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    const [next] = waiting;
    if (next === undefined || !screen.includes(next.after)) return;
    waiting.shift();
    next.meanwhile?.();
    child.stdin.write(next.keys);
  });
  return new Promise((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, screen }));
  });
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const CHILD = join(import.meta.dirname, 'fixtures/ledger-child.mjs');
const BUILT = join(import.meta.dirname, '../dist/src/ledger/file-ledger.js');

/** Starts a process that works on a ledger, which must have been built, with a limit of open files. */
export function startLedgerChild(mode: 'hammer' | 'life', folder: string, told: object, openFiles = 1_024) {
  if (!existsSync(BUILT)) throw new Error('dist is missing: run `npm run build`');
  const limited = ['-c', `ulimit -n ${openFiles} && exec "$@"`, 'sh'];
  const child = spawn('sh', [...limited, process.execPath, CHILD, mode, folder, JSON.stringify(told)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  let onText = (): void => {};
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    onText();
  });
  const ready = new Promise<void>((resolve) => {
    onText = () => resolve();
  });
  const done = new Promise<{ lines: unknown[]; signal: string | null; exitCode: number | null }>((resolve) => {
    child.on('close', (exitCode, signal) => {
      const lines = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as unknown);
      resolve({ lines, signal, exitCode });
    });
  });
  return { ready, done, go: () => child.stdin.end('go\n') };
}

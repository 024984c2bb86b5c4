import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The server in a process of its own, so that its work is not counted as the client's. */
export interface ServerProcess {
  readonly origin: string;
  stop(): void;
}

/** @param delayMs - how long each answer waits. */
export async function startServer(delayMs = 0): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, DELAY_MS: String(delayMs) },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { origin: `http://127.0.0.1:${line.toString().trim()}`, stop: () => child.kill() };
}

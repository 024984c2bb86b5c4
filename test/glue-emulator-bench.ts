import { GlueClient } from '@aws-sdk/client-glue';
import { onTestFinished } from 'vitest';
import type { GlueEmulatorOptions } from '../providers/glue/emulator.js';
import { GlueEmulator } from '../providers/glue/emulator.js';
import { VirtualClock } from '../src/testing/index.js';

export const NOW = Date.UTC(2026, 2, 4, 5, 6, 7, 89);

export async function boot({ knobs, ...options }: GlueEmulatorOptions = {}) {
  const emulator = await new GlueEmulator({
    clock: new VirtualClock(NOW),
    knobs: { maxSkewMs: Number.POSITIVE_INFINITY, ...knobs },
    ...options,
  }).start();
  const { endpoint, region, credentials } = emulator;
  const client = new GlueClient({ endpoint, region, credentials, maxAttempts: 1 });
  onTestFinished(async () => {
    client.destroy();
    await emulator.close();
  });
  return { emulator, client };
}

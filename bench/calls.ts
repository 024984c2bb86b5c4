import { makeClients } from './clients.js';
import type { Plan, Variant } from './rounds.js';
import { interleave, pairedRatios, spreadOf } from './rounds.js';
import { startServer } from './server-process.js';
import type { Line } from './targets.js';

/** What is refused as a measurement: raw undici against itself outside of these. */
const CONTROL = { lower: 0.95, upper: 1.05 };

/**
 * What is measured in turns. One group after the other: clients over `node:http` in between have V8 throw away what it
 * compiled for undici, and whoever comes next pays for that.
 */
const GROUPS: readonly (readonly string[])[] = [
  ['raw obs', 'raw obs again', 'raw obs, read first', 'obs', 'obs, readBack off'],
  ['raw aom', 'raw aom, read first', 'aom', 'aom, readBack off'],
  ['huaweicloud-sdk-core', 'aom', 'aom, readBack off'],
  ['bare client-glue', 'glue'],
];

type Costs = Awaited<ReturnType<typeof interleave>>;

/** CPU per call, the clients of each group interleaved on one server. */
export async function measureCalls(plan: Plan): Promise<{ readonly lines: Line[]; readonly trusted: boolean }> {
  const server = await startServer();
  const { variants, close } = await makeClients(server.origin);
  try {
    const measured: Costs[] = [];
    for (const group of GROUPS) measured.push(await interleave(group.flatMap((name) => variants[name] ?? []), plan));
    const costsOf = (...names: readonly string[]): Costs | undefined =>
      measured.find((costs) => names.every((name) => costs.has(name)));
    const ratio = (what: string, name: string, base: string, limit?: number, hoped?: number): Line[] => {
      const costs = costsOf(name, base);
      return costs === undefined ? [] : [{ what, measured: pairedRatios(costs, [name, base]), unit: '×', limit, hoped }];
    };
    const control = pairedRatios(costsOf('raw obs') ?? new Map(), ['raw obs again', 'raw obs']);
    const lines = [
      ...ratio('control: raw undici / itself', 'raw obs again', 'raw obs'),
      ...ratio('obs, one request (readBack off) / raw undici', 'obs, readBack off', 'raw obs', 1.35, 1.1),
      ...ratio('obs, read before (default) / raw undici, the same two', 'obs', 'raw obs, read first', 1.35, 1.1),
      ...ratio('obs, read before (default) / raw undici, one request', 'obs', 'raw obs'),
      ...ratio('aom, one request (readBack off) / raw undici', 'aom, readBack off', 'raw aom', 1.4, 1.15),
      ...ratio('aom, read before (default) / raw undici, the same two', 'aom', 'raw aom, read first', 1.4, 1.15),
      ...ratio('aom, read before (default) / raw undici, one request', 'aom', 'raw aom'),
      ...ratio('aom, one request / huaweicloud-sdk-core', 'aom, readBack off', 'huaweicloud-sdk-core', 1 / 6, 1 / 9),
      ...ratio('aom, read before (default) / huaweicloud-sdk-core', 'aom', 'huaweicloud-sdk-core'),
      ...ratio('glue / bare client-glue', 'glue', 'bare client-glue', 0.9, 0.75),
      ...Object.keys(variants).map((name): Line => {
        return { what: `CPU: ${name}`, measured: spreadOf((costsOf(name)?.get(name) ?? []).map(({ cpuUs }) => cpuUs)), unit: ' µs' };
      }),
    ];
    return { lines, trusted: control.median >= CONTROL.lower && control.median <= CONTROL.upper };
  } finally {
    await close();
    server.stop();
  }
}

/** How much of raw undici's throughput is left where the service, not the client, is slow. */
export async function measureThroughput(rounds: number): Promise<Line[]> {
  const server = await startServer(20);
  const { variants, close } = await makeClients(server.origin);
  const share = async (what: string, name: string, base: string): Promise<Line[]> => {
    const pair = [variants[name], variants[base]].filter((variant): variant is Variant => variant !== undefined);
    const costs = await interleave(pair, { rounds, count: 1_500, concurrency: 256, turns: 1 });
    const measured = pairedRatios(costs, [name, base], ({ callsPerSecond }) => callsPerSecond);
    return [{ what, measured, unit: '×', limit: 0.93, hoped: 0.98, atLeast: true }];
  };
  try {
    return [
      ...(await share('20 ms server, 256 at a time: obs, one request', 'obs, readBack off', 'raw obs')),
      ...(await share('20 ms server, 256 at a time: obs, read before', 'obs', 'raw obs, read first')),
      ...(await share('20 ms server, 256 at a time: aom, one request', 'aom, readBack off', 'raw aom')),
      ...(await share('20 ms server, 256 at a time: aom, read before', 'aom', 'raw aom, read first')),
    ];
  } finally {
    await close();
    server.stop();
  }
}

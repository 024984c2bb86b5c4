import diagnostics from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAomWorkflow } from '../providers/aom/index.js';
import { createGlueWorkflow } from '../providers/glue/index.js';
import { createObsWorkflow } from '../providers/obs/index.js';
import { FileResumeLedger } from '../src/ledger/file-ledger.js';
import { instrument } from '../src/otel/index.js';
import { renderHtml, renderMermaid, renderTree } from '../src/render/index.js';
import type { ResumableWorkflow } from '../src/types.js';
import { TattlingService } from './canary-service.js';
import { runCli } from './cli-run.js';

const ACCESS_KEY = 'CANARYACCESSKEY00001';
const SECRET_KEY = 'CanarySecretKey/With+Signs=AndMore0123456';
const TOKEN = 'CanaryTokenWithDots.And-Dashes_0123456789';
const CANARIES = [ACCESS_KEY, SECRET_KEY, TOKEN];
/** How each could be written: as it is, in a URL, in JSON, in base64. */
const SPELLINGS = CANARIES.flatMap((canary) => [
  canary,
  encodeURIComponent(canary),
  JSON.stringify(canary).slice(1, -1),
  Buffer.from(canary).toString('base64'),
]);
const keys = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
const target = { workflow: 'workflow-1', execution: 'execution-1' };
const projectId = '0123456789abcdef0123456789abcdef';

let service: TattlingService;
let endpoint: string;
let folder: string;
let spans: InMemorySpanExporter;
let stop: () => void;
let published: string[];
let unsubscribe: () => void;

const CHANNELS = ['resume', 'reconcile', 'look', 'attempt', 'read-back', 'ledger'];
const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

/** Writes down all that is published, as it stands at that moment. */
function listen(): () => void {
  const names = CHANNELS.flatMap((name) => EVENTS.map((event) => `tracing:resumable-workflow:${name}:${event}`));
  const onMessage = (message: unknown, name: string | symbol): void => {
    published.push(`${String(name)} ${seen(message)}`);
  };
  for (const name of names) diagnostics.subscribe(name, onMessage);
  return () => {
    for (const name of names) diagnostics.unsubscribe(name, onMessage);
  };
}

beforeEach(async () => {
  service = new TattlingService();
  endpoint = await service.start();
  folder = mkdtempSync(join(tmpdir(), 'resumable-workflow-canary-'));
  published = [];
  unsubscribe = listen();
  spans = new InMemorySpanExporter();
  stop = instrument({
    tracerProvider: new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
  });
});

afterEach(async () => {
  stop();
  unsubscribe();
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const PROVIDERS = ['obs', 'glue', 'aom', 'aom with a token'] as const;

function connect(provider: (typeof PROVIDERS)[number]): ResumableWorkflow {
  const options = { name: 'canary', endpoint, ledger: new FileResumeLedger(folder) };
  const credentials = { ...keys, securityToken: TOKEN };
  // Nobody can conceal a credential that it was never given.
  service.known = provider === 'aom with a token' ? [TOKEN] : CANARIES;
  switch (provider) {
    case 'obs':
      return createObsWorkflow({ ...options, credentials });
    case 'glue':
      return createGlueWorkflow({ ...options, region: 'eu-west-1', credentials: { ...keys, sessionToken: TOKEN } });
    case 'aom':
      return createAomWorkflow({ ...options, projectId, credentials });
    case 'aom with a token':
      return createAomWorkflow({ ...options, projectId, credentials: { token: TOKEN } });
  }
}

/** Everything that somebody could see of a value, however deep. */
function seen(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
}

function expectNoCanary(shown: string): void {
  expect(SPELLINGS.filter((spelling) => shown.includes(spelling))).toEqual([]);
}

function ledgerContents(): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' });
  return files
    .filter((file) => file.isFile())
    .map((file) => file.name + readFileSync(join(file.parentPath, file.name), 'utf8'))
    .join('\n');
}

describe.each(PROVIDERS)('no byte of a credential of %s', (provider) => {
  it.each(['json error', 'xml error', 'server error'] as const)('shows after a %s', async (answer) => {
    const workflow = connect(provider);
    service.answer = answer;
    const outcomes = [
      await workflow.attempt({ ...target, nodes: provider === 'obs' ? [] : ['step'] }, { readBackMs: 300 }),
      await workflow.attempt(target, { readBack: 'off', timeoutMs: 2_000 }),
      await workflow.inspect(target, { timeoutMs: 2_000 }).catch((error: unknown) => error),
      await workflow.plan(target, { timeoutMs: 2_000 }).catch((error: unknown) => error),
    ];
    await workflow.close();
    const shown = seen(outcomes);
    // It did say them: otherwise this would prove nothing.
    if (answer !== 'server error') expect(shown).toContain('[concealed]');
    expectNoCanary(shown);
    expectNoCanary(JSON.stringify(outcomes));
    expectNoCanary(ledgerContents());
    expectNoCanary(seen(spans.getFinishedSpans()));
    expect(spans.getFinishedSpans().length).toBeGreaterThan(0);
    for (const one of published) expectNoCanary(one);
    for (const name of ['resume', 'look', 'attempt', 'ledger']) {
      expect(published.some((one) => one.startsWith(`tracing:resumable-workflow:${name}:asyncEnd`))).toBe(true);
    }
  });

  it('shows in a snapshot, a plan and their pictures', async () => {
    const workflow = connect(provider);
    service.answer = 'execution';
    const snapshot = await workflow.inspect(target);
    const plan = await workflow.plan(target);
    const pictures = [renderTree(plan), renderMermaid(plan), renderTree(snapshot), await renderHtml(plan)];
    await workflow.close();
    expect(snapshot.state).toBe('failed');
    expectNoCanary(seen([snapshot, plan]));
    for (const one of published) expectNoCanary(one);
    for (const picture of pictures) expectNoCanary(picture);
  });
});

describe('the command line', () => {
  it.each(['json error', 'execution'] as const)(
    'shows no byte of a credential after a %s',
    async (answer) => {
      service.answer = answer;
      service.known = CANARIES;
      const connections = {
        obs: { provider: 'obs', endpoint, credentials: { ...keys, securityToken: TOKEN } },
        aom: { provider: 'aom', endpoint, projectId, credentials: { ...keys, securityToken: TOKEN } },
      };
      const config = join(folder, 'resumable.config.json');
      writeFileSync(config, JSON.stringify({ connections }));
      const ledger = ['--ledger', join(folder, 'ledger')];
      const runs = await Promise.all(
        [
          ['inspect', 'obs', 'workflow-1', 'execution-1'],
          ['plan', 'aom', 'workflow-1', 'execution-1', '--json'],
          ['resume', 'obs', 'workflow-1', 'execution-1', '--read-back-ms', '300', ...ledger],
          ['resume', 'aom', 'workflow-1', 'execution-1', '--json', '--read-back-ms', '300', ...ledger],
          ['connections', '--json'],
        ].map((parts) => runCli(parts, folder)),
      );
      for (const { stdout, stderr } of runs) expectNoCanary(stdout + stderr);
      expect(runs.map(({ stdout, stderr }) => (stdout + stderr).length > 20)).not.toContain(false);
    },
    30_000,
  );
});

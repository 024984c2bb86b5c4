import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CliBench, isObeyed } from './cli-bench.js';

vi.setConfig({ testTimeout: 30_000 });
/** Clears the screen, turns the direction of writing, ends the line, and one control character of a single byte. */
const EVIL = 'a\u{1b}[2Jb\u{202e}c\rd\u{9b}31me';
let bench: CliBench;

beforeEach(async () => {
  bench = await CliBench.open();
  const node = {
    id: EVIL,
    name: EVIL,
    kind: 'task',
    state: 'failed',
    providerState: EVIL,
    attempts: [{ state: 'failed', providerState: EVIL, error: EVIL }],
    carriedOver: false,
  };
  const one = { workflow: 'w', execution: EVIL, state: 'failed', providerState: EVIL, startedAt: EVIL };
  const snapshot = { ...one, provider: 'p', connection: 'mine', nodes: [node], error: EVIL, readAt: EVIL };
  const named = [{ id: EVIL, name: EVIL }];
  const plan = {
    ...{ version: 1, provider: 'p', connection: 'mine', identity: '', workflow: 'w', execution: EVIL },
    ...{ action: 'resume', nodes: [], performed: 'resume', starts: named, mayRun: named, expected: named },
    ...{ rerunsSucceeded: named, kept: [], blocked: [], resumedAs: [EVIL], refusals: [EVIL], warnings: [EVIL] },
    ...{ fingerprint: EVIL, snapshot },
  };
  const counts = { total: 1, carriedOver: 0, waiting: 0, running: 0, succeeded: 0, failed: 1, other: 0 };
  const receipt = {
    ...{ provider: EVIL, connection: EVIL, workflow: EVIL, execution: EVIL, previousExecution: EVIL },
    ...{ sameExecution: false, action: 'resume', performed: 'resume', nodes: [EVIL], warnings: [EVIL] },
    ...{ requestId: EVIL, durationMs: 1, confirmedBy: 'answer' },
  };
  const json = (value: unknown): string => JSON.stringify(value);
  await bench.invent(`inspect: async () => (${json(snapshot)}), plan: async () => (${json(plan)}),
    lineage: async () => ({ ancestors: [], execution: ${json(one)}, descendants: [] }),
    async *list() { yield ${json({ ...one, previousExecution: EVIL })}; },
    async *follow() {
      yield { kind: 'node', node: ${json(node)} };
      yield { kind: 'read-failed', error: { code: 'UNAVAILABLE', message: ${json(EVIL)} } };
      yield { kind: 'snapshot', snapshot: ${json(snapshot)}, counts: ${json(counts)}, settled: true };
    },
    resume: async ({ workflow }) => {
      if (workflow === 'w') return ${json(receipt)};
      const mark = { [Symbol.for('resumable-workflow.ResumeError')]: true };
      throw Object.assign(new Error(${json(EVIL)}), { code: 'INTERNAL', effect: 'none', requestId: ${json(EVIL)}, ...mark });
    }`);
});
afterEach(() => bench.close());

describe('nothing that comes from a service is obeyed by a terminal', () => {
  it.each([
    [['inspect', 'mine', 'w', 'e'], 0],
    [['inspect', 'mine', 'w', 'e', '--json'], 0],
    [['inspect', 'mine', 'w', 'e', '--mermaid'], 0],
    [['plan', 'mine', 'w', 'e'], 1],
    [['list', 'mine', 'w'], 0],
    [['lineage', 'mine', 'w', 'e'], 0],
    [['follow', 'mine', 'w', 'e'], 4],
    [['resume', 'mine', 'w', 'e', '--follow'], 4],
    [['resume', 'mine', 'w', 'e', '--follow', '--json'], 4],
    [['resume', 'mine', 'other', 'e'], 1],
  ] as const)('%j', async (args, expected) => {
    const { exitCode, stdout, stderr } = await bench.run(...args);
    expect(exitCode).toBe(expected);
    expect(`${stdout}${stderr}`).toContain('1b');
    expect({ stdout: isObeyed(stdout), stderr: isObeyed(stderr) }).toEqual({ stdout: false, stderr: false });
  });

  it('and JSON means the same as ever', async () => {
    const { stdout } = await bench.run('inspect', 'mine', 'w', 'e', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ error: EVIL, nodes: [{ name: EVIL }] });
  });
});

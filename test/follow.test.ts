import { describe, expect, it } from 'vitest';
import { followed, inWords, toldOf } from './follow-bench.js';
import { inspection, node, receipt } from './inspect-bench.js';
import { rejected } from './rejected.js';

const NEW = { execution: 'run-2', sameExecution: false };
const at = (startedAt: string) => ({
  attempts: [{ state: 'failed', providerState: 'FAILED', startedAt }] as const,
});

describe('following a new execution', () => {
  it('reads the new one, with the receipt, and tells each change once before the snapshot', async () => {
    const bench = followed(
      inspection('running', [
        node('a', 'succeeded', { carriedOver: true }),
        node('b', 'running'),
        node('c', 'waiting'),
      ]),
      inspection('running', [
        node('a', 'succeeded', { carriedOver: true }),
        node('b', 'running'),
        node('c', 'waiting'),
      ]),
      inspection('running', [
        node('a', 'succeeded', { carriedOver: true }),
        node('b', 'succeeded'),
        node('c', 'running'),
      ]),
      inspection('succeeded', [
        node('a', 'succeeded', { carriedOver: true }),
        node('b', 'succeeded'),
        node('c', 'succeeded'),
      ]),
    );
    const all = await toldOf(bench, NEW);
    expect(inWords(all)).toEqual([
      'b: - > running',
      'running',
      'running',
      'b: running > succeeded',
      'c: waiting > running',
      'running',
      'c: running > succeeded',
      'succeeded, settled',
    ]);
    expect(bench.asked.map((resumed) => resumed?.execution)).toEqual(['run-2', 'run-2', 'run-2', 'run-2']);
    const last = all.at(-1);
    expect(last).toMatchObject({
      snapshot: { execution: 'run-2' },
      counts: { total: 3, carriedOver: 1, succeeded: 2 },
    });
    expect(bench.runtime.pending).toBe(0);
  });

  it('never tells of success with a failed node, and takes a failure for the end at once', async () => {
    const bench = followed(inspection('succeeded', [node('a', 'succeeded'), node('b', 'failed')]));
    expect(inWords(await toldOf(bench, NEW))).toEqual(['a: - > succeeded', 'b: - > failed', 'failed, settled']);
  });

  it('tells of no gate', async () => {
    const gate = { kind: 'gate' } as const;
    const bench = followed(inspection('succeeded', [node('t', 'succeeded', gate), node('a', 'succeeded')]));
    const all = await toldOf(bench, NEW);
    expect(inWords(all)).toEqual(['a: - > succeeded', 'succeeded, settled']);
    expect(all.at(-1)).toMatchObject({ counts: { total: 1, succeeded: 1 } });
  });

  it('tells that a node has run again although it failed before and has failed again', async () => {
    const again = [...at('2026-11-21T09:00:00Z').attempts, ...at('2026-11-21T10:00:00Z').attempts];
    const bench = followed(
      inspection('running', [node('b', 'failed', at('2026-11-21T09:00:00Z'))]),
      inspection('failed', [node('b', 'failed', { attempts: again })]),
    );
    expect(inWords(await toldOf(bench, NEW))).toEqual([
      'b: - > failed',
      'running',
      'b: failed > failed',
      'failed, settled',
    ]);
  });

  it('does not believe that it is what it was before it was last seen', async () => {
    const bench = followed(
      inspection('running', [node('b', 'succeeded'), node('c', 'running')]),
      inspection('failed', [node('b', 'waiting'), node('c', 'waiting')]),
      inspection('succeeded', [node('b', 'succeeded'), node('c', 'succeeded')]),
    );
    expect(inWords(await toldOf(bench, NEW))).toEqual([
      'b: - > succeeded',
      'c: - > running',
      'running',
      'failed',
      'c: running > succeeded',
      'succeeded, settled',
    ]);
  });
});

describe('following the same execution', () => {
  const old = inspection('failed', [node('a', 'succeeded'), node('b', 'failed')]);
  const running = inspection('running', [node('a', 'succeeded'), node('b', 'running')]);
  const done = inspection('succeeded', [node('a', 'succeeded'), node('b', 'succeeded')]);

  it('does not take what it was before for its end, and tells nothing of it', async () => {
    const bench = followed(old, old, old, running, done);
    expect(inWords(await toldOf(bench))).toEqual([
      'failed',
      'failed',
      'failed',
      'b: failed > running',
      'running',
      'b: running > succeeded',
      'succeeded, settled',
    ]);
  });

  it('sees that it failed again between two reads by its newest attempt', async () => {
    const before = inspection('failed', [node('b', 'failed', at('2026-11-21T09:00:00Z'))]);
    const after = inspection('failed', [node('b', 'failed', at('2026-11-21T10:00:00Z'))]);
    expect(inWords(await toldOf(followed(before, after)))).toEqual(['failed', 'b: failed > failed', 'failed, settled']);
  });

  it('where nothing tells that apart, waits for visibilityMs and says so', async () => {
    const bench = followed(old);
    const all = await toldOf(bench, {}, { visibilityMs: 20_000 });
    expect(inWords(all).at(-1)).toBe('failed, settled');
    expect(bench.readAtMs.at(-1) ?? 0).toBeGreaterThanOrEqual((bench.readAtMs[0] ?? 0) + 20_000);
    expect(all.at(-1)).toMatchObject({ snapshot: { error: expect.stringContaining('as it was before the resume') } });
    expect(all.filter(({ kind }) => kind === 'node')).toEqual([]);
  });

  it('is never a success where that may have been before', async () => {
    const bench = followed({ ...done, shows: 'unclear' });
    expect(inWords(await toldOf(bench, { action: 'restart' })).at(-1)).toBe('unknown, settled');
    const other = followed({ ...done, shows: 'unclear' });
    expect(inWords(await toldOf(other, NEW)).at(-1)).toBe('unknown, settled');
  });

  it('goes by what the driver knows: `resume` is believed at once', async () => {
    const bench = followed({ ...old, shows: 'resume' });
    expect(inWords(await toldOf(bench))).toEqual(['a: - > succeeded', 'b: - > failed', 'failed, settled']);
  });

  it('goes by what the driver knows: `before` counts nothing, also after it was seen to go on', async () => {
    const bench = followed({ ...running, shows: 'resume' }, { ...old, shows: 'before' }, { ...done, shows: 'resume' });
    const all = await toldOf(bench);
    expect(inWords(all)).toEqual([
      'a: - > succeeded',
      'b: - > running',
      'running',
      'failed',
      'b: running > succeeded',
      'succeeded, settled',
    ]);
    expect(all[3]).toMatchObject({ counts: { carriedOver: 2, failed: 0 } });
  });

  it.each([undefined, 'unclear'] as const)('is not over when it is shown as before once more (%s)', async (shows) => {
    const bench = followed({ ...old, shows }, { ...running, shows }, { ...old, shows }, { ...done, shows });
    expect(inWords(await toldOf(bench)).filter((words) => words.includes('settled'))).toEqual(['succeeded, settled']);
  });

  it('does not take an end from before it was accepted for its own', async () => {
    const acceptedAt = '2026-11-21T10:00:00.000Z';
    const late = { ...old, providerState: 'FAIL', endedAt: '2026-11-21T09:30:00.000Z' };
    const bench = followed(old, late, { ...old, endedAt: '2026-11-21T10:05:00.000Z' });
    expect(inWords(await toldOf(bench, { acceptedAt }))).toEqual(['failed', 'failed', 'failed, settled']);
  });

  it.each(['paused', 'stopped', 'succeeded'] as const)('ends when it is %s', async (state) => {
    const bench = followed(running, inspection(state, [node('b', state)]));
    expect(inWords(await toldOf(bench)).at(-1)).toBe(`${state}, settled`);
  });

  it('ends in a word that is not known only where the provider says when it ended', async () => {
    const restoring = { ...running, state: 'unknown', providerState: 'RESTORING' } as const;
    const bench = followed(running, restoring, restoring, { ...restoring, endedAt: '2026-11-21T10:05:00.000Z' });
    expect(inWords(await toldOf(bench))).toEqual([
      'a: - > succeeded',
      'b: - > running',
      'running',
      'unknown',
      'unknown',
      'unknown, settled',
    ]);
  });

  it('does not end in such a word by the end that it had before', async () => {
    const endedAt = '2026-11-21T09:30:00.000Z';
    const silent = inspection('unknown', [node('a', 'succeeded'), node('b', 'running')]);
    const bench = followed({ ...old, endedAt }, { ...silent, endedAt }, silent, { ...silent, endedAt }, done);
    const words = inWords(await toldOf(bench));
    expect(words.filter((word) => word.includes('settled'))).toEqual(['succeeded, settled']);
  });
});

describe('settled', () => {
  it('is the last snapshot', async () => {
    const { runtime, workflow } = followed(
      inspection('running', [node('b', 'running')]),
      inspection('failed', [node('b', 'failed')]),
    );
    const snapshot = await runtime.run(workflow.settled(receipt(NEW)));
    expect(snapshot).toMatchObject({ execution: 'run-2', state: 'failed' });
    expect(runtime.pending).toBe(0);
  });

  it('rejects with what following rejects with', async () => {
    const { workflow } = followed(inspection('running', []));
    const error = await rejected(workflow.settled({ connection: 'other' } as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', effect: 'none' });
  });
});

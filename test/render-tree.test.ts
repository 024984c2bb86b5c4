import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTree } from '../src/render/index.js';
import { columnsOf } from '../src/render/plain-text.js';
import { bigRun, failedLoad, gate, loadPlan, snapshotOf, task } from './render-subjects.js';

const linesOf = (text: string): string[] => text.split('\n');

describe('the tree of an execution', { timeout: 30_000 }, () => {
  it('begins with what happened, and counts nodes but gates', () => {
    const [first, second] = linesOf(renderTree(failedLoad()));
    expect(first).toBe('✖ nightly-etl failed');
    expect(second).toBe('  10 nodes: 1 failed, 3 waiting, 6 succeeded');
  });

  it('shows a failed node with sign, word, attempts and its error on one line', () => {
    const line = linesOf(renderTree(failedLoad(), { width: 140 })).find((text) => text.includes('✖ train-model'));
    expect(line).toMatch(
      /✖ train-model +failed · 3 attempts · 4 min 10 s · OutOfMemoryError: executor 7 lost after 41 min$/,
    );
  });

  it('hangs nodes on what leads to them through gates, and names other ways instead of repeating them', () => {
    const text = renderTree(failedLoad());
    expect(text).toMatch(/├─ ✖ train-model.*\n│ {2}│ {2}├─ ✔ publish.*\n│ {2}│ {2}└─ ○ score-customers/);
    expect(text).toContain('└─ ↑ leads also to publish');
    expect(text.match(/[✔✖○] publish /g)).toHaveLength(1);
    expect(text).not.toContain('both-crawled');
  });

  it('shows every node once where edges go round in circles', () => {
    const nodes = ['a', 'b', 'c'].map((id) => task(id, 'failed'));
    const text = renderTree(
      snapshotOf(nodes, [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['c', 'c'],
        ['c', 'gone'],
      ]),
    );
    expect(linesOf(text).filter((line) => /✖ [abc] /.test(line))).toHaveLength(3);
    expect(text).toContain('↑ leads also to a');
  });

  it('shows a failed gate', () => {
    const failed = { ...gate('join'), state: 'failed' as const };
    expect(renderTree(snapshotOf([task('a', 'succeeded'), failed], [['a', 'join']]))).toContain('✖ join');
  });

  it('is a list in order of start where the provider shows no edges', () => {
    const at = (id: string, startedAt: string) => {
      const made = task(id, 'succeeded');
      return { ...made, attempts: made.attempts.map((attempt) => ({ ...attempt, startedAt })) };
    };
    const nodes = [task('never', 'waiting'), at('second', '2026-03-02T02:10:00Z'), at('first', '2026-03-02T02:00:00Z')];
    const names = linesOf(renderTree(snapshotOf(nodes, undefined))).flatMap(
      (line) => /^[✔○] (\w+)/.exec(line)?.[1] ?? [],
    );
    expect(names).toEqual(['first', 'second', 'never']);
  });

  it('shows the ids of nodes of the same name', () => {
    const nodes = ['id-1', 'id-2'].map((id) => task(id, 'succeeded', { name: 'copy' }));
    expect(renderTree(snapshotOf(nodes, []))).toMatch(/copy \[id-1\][\s\S]*copy \[id-2\]/);
  });

  it('counts long runs of siblings that need nobody, and shows the one that failed', () => {
    const nodes = Array.from({ length: 313 }, (_, at) => task(`part-${at}`, at === 312 ? 'failed' : 'succeeded'));
    const text = renderTree(snapshotOf(nodes, undefined));
    expect(text).toContain('… 312 succeeded: part-0, part-1');
    expect(text).toMatch(/✖ part-312 +failed/);
    expect(linesOf(text).length).toBeLessThan(15);
  });

  it('stays short for a deep chain of ten thousand nodes', () => {
    const nodes = Array.from({ length: 10_000 }, (_, at) => task(`${at}`, at === 5000 ? 'failed' : 'running'));
    const text = renderTree(
      snapshotOf(
        nodes,
        nodes.slice(1).map(({ id }, at) => [`${at}`, id] as const),
      ),
    );
    expect(Math.max(...linesOf(text).map(columnsOf))).toBeLessThanOrEqual(100);
    expect(text).toContain('⤷ after ');
    expect(text.match(/(✖|●) \d+ /g)).toHaveLength(10_000);
  });

  it('counts what led to the failure in a large graph', () => {
    const text = renderTree(bigRun(10_000, 30_000, 5));
    expect(text).toContain('… 9,346 succeeded: ');
    expect(linesOf(text).length).toBeLessThan(40);
  });
});

describe('the tree of a plan', () => {
  it('begins with what would start, and how much of it had succeeded', () => {
    const [first] = linesOf(renderTree(loadPlan()));
    expect(first).toBe('▶ resume of nightly-etl: 1 node would start, 3 more may run, 1 of them had succeeded');
  });

  it('says in words what starts, runs again, may run, is kept and is blocked', () => {
    const text = renderTree(loadPlan(), { width: 200 });
    expect(text).toContain('▶ 1 node starts at once: train-model');
    expect(text).toContain('! 1 node that succeeded may run again; nothing that it did is undone before: publish');
    expect(text).toContain('▷ 2 more nodes may run after that, at most: score-customers, notify-sales');
    expect(text).toContain('= 5 nodes keep what they have: crawl-orders');
    expect(text).toContain('⊘ 1 node has not run and is not expected to: clean-up-after-failure');
    expect(text).toContain(`fingerprint: v1:3f3f`);
    expect(text).toMatch(/✔ publish +succeeded {2}! may run again/);
    expect(text).toMatch(/✖ train-model +failed {2}▶ starts/);
  });

  it('names what would run again in full on 80 columns, and the whole fingerprint', () => {
    const ids = Array.from({ length: 11 }, (_, place) => `a-node-with-a-rather-long-name-${place}`);
    const named = ids.map((id) => ({ id, name: id }));
    const plan = loadPlan({ rerunsSucceeded: named, fingerprint: `v1:${'5'.repeat(64)}` });
    const lines = linesOf(renderTree(plan, { width: 80 }));
    const from = lines.findIndex((line) => line.startsWith('! 11 nodes that succeeded may run again'));
    expect(lines.slice(from, from + 8).every((line) => columnsOf(line) <= 80)).toBe(true);
    const told = lines.slice(from).join('\n').split('\n▷')[0] ?? '';
    expect(told.replace(/\s+/g, ' ')).toMatch(new RegExp(`undone before: ${ids.join(', ')}$`));
    expect(lines).toContain(`fingerprint: v1:${'5'.repeat(64)}`);
  });

  it('tells every refusal and warning, and never that something starts then', () => {
    const text = renderTree(loadPlan({ refusals: ['it runs', 'no failed node'], starts: [] }));
    expect(linesOf(text)[0]).toBe('⊘ resume of nightly-etl would be refused');
    expect(text).toMatch(/- it runs\n {4}- no failed node/);
    expect(text).toContain('- the workflow allows any number of runs at once');
    expect(text).not.toContain('starts at once');
  });

  it('says that the provider does not tell what starts', () => {
    expect(renderTree(loadPlan({ starts: [] }))).toContain('the provider does not say which node');
  });
});

describe('what reaches the terminal', { timeout: 30_000 }, () => {
  it('has colours only where they are asked for, and words beside them', () => {
    expect(renderTree(failedLoad())).not.toContain('\u001b');
    expect(renderTree(failedLoad(), { colour: true })).toContain('\u001b[31m✖ \u001b[0mtrain-model');
  });

  it('is at most as wide as asked, and free of control characters whatever names and errors say', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.constantFrom(
        '\u001b[2J\u001b]0;x\u0007',
        '\u009b31m',
        'a\r\nb',
        '\u202egpj.exe',
        '名前のとても長い'.repeat(9),
        '\ud800',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, fc.integer({ min: 20, max: 160 }), fc.boolean(), (name, error, width, colour) => {
        const subject = loadPlan({
          workflow: name,
          warnings: [error],
          snapshot: snapshotOf([task('train-model', 'failed', { name, error })], [], { workflow: name, error }),
        });
        const text = renderTree(subject, { width, colour });
        const lines = linesOf(withoutColours(text));
        expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
      }),
      { numRuns: 100 },
    );
  });
});

/** The library's own sequences are taken away; any other one stays. */
function withoutColours(text: string): string {
  const [first = '', ...rest] = text.split('\u001b');
  return (
    first +
    rest.map((part) => (/^\[(?:0|1|2|3\d|90)m/.test(part) ? part.replace(/^\[\d+m/, '') : `\u001b${part}`)).join('')
  );
}

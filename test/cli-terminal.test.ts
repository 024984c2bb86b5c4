import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CliBench } from './cli-bench.js';
import { HAS_SCRIPT, runOnTerminal } from './cli-terminal-run.js';

vi.setConfig({ testTimeout: 30_000 });
const ASKED = 'Resume it? [y/N] ';
const ESCAPE = '\u{1b}';
let bench: CliBench;
let resume: readonly string[];

beforeEach(async () => {
  bench = await CliBench.open();
  const { workflow, execution } = bench.glue.sample;
  resume = ['resume', 'my-glue', workflow, execution];
});
afterEach(() => bench.close());

const plain = (screen: string): string => stripVTControlCharacters(screen).replaceAll('\r\n', '\n');

describe.skipIf(!HAS_SCRIPT)('resumable resume on a terminal', () => {
  it('says what would run again, asks, and applies exactly that on yes', async () => {
    const { exitCode, screen } = await runOnTerminal(resume, bench.folder, [{ after: ASKED, keys: 'y\n' }]);
    expect(exitCode).toBe(0);
    expect(plain(screen)).toMatch(
      /1 node that succeeded may run again; nothing that it did is undone before:\n {4}report\nResume it\?/,
    );
    expect(plain(screen)).toMatch(/✔ resumed nightly-etl[\s\S]*nodes\s+transform\n/);
    expect(bench.glue.journal.committed).toHaveLength(1);
  });

  it.each([
    ['another answer', 'n\n', /the answer was not yes\. Nothing was sent\./],
    ['an empty one', '\n', /the answer was not yes/],
    ['the end of the input', '\u{4}', /the answer was not yes/],
    ['Ctrl-C', '\u{3}', /interrupted before an answer\. Nothing was sent\./],
  ])('sends nothing on %s, and exits with 1', async (_, keys, said) => {
    const { exitCode, screen } = await runOnTerminal(resume, bench.folder, [{ after: ASKED, keys }]);
    expect(exitCode).toBe(1);
    expect(plain(screen)).toMatch(said);
    expect(bench.glue.journal.mutating).toEqual([]);
  });

  it('applies nothing but what was shown: a change while it waits for the answer is refused', async () => {
    const { workflow, execution, nodes } = bench.glue.sample;
    const meanwhile = (): void => void bench.glue.foreignResume(workflow, execution, nodes);
    const { exitCode, screen } = await runOnTerminal(resume, bench.folder, [{ after: ASKED, keys: 'y\n', meanwhile }]);
    expect(exitCode).toBe(1);
    expect(plain(screen)).toContain('out of date');
    expect(bench.glue.journal.mutating).toEqual([]);
  });

  it('does not ask with --yes, and still says it', async () => {
    const { exitCode, screen } = await runOnTerminal([...resume, '--yes'], bench.folder);
    expect(exitCode).toBe(0);
    expect(plain(screen)).toContain('1 node that succeeded may run again');
    expect(plain(screen)).not.toContain(ASKED);
  });

  it('does not ask where nothing that succeeded runs again', async () => {
    const { exitCode, screen } = await runOnTerminal(['resume', 'my-obs', 'graph_1', 'exec-001'], bench.folder);
    expect(exitCode).toBe(0);
    expect(plain(screen)).toMatch(/1 node starts at once: transcode\n✔ resumed/);
  });

  it('neither looks nor asks with --blind, nor where it is piped: as many requests as ever', async () => {
    const reads = (): number => bench.obs.journal.entries.filter(({ mutating }) => !mutating).length;
    await bench.run('resume', 'my-obs', 'graph_1', 'exec-001');
    expect(reads()).toBe(1);
    bench.obs.define({ workflow: 'graph_1', execution: 'exec-001', steps: [{ name: 'one' }] });
    const blind = await runOnTerminal(['resume', 'my-obs', 'graph_1', 'exec-001', '--blind'], bench.folder);
    expect(blind.exitCode).toBe(0);
    expect(reads()).toBe(2);
  });

  it('tells the recorded verdict of a key without looking or asking', async () => {
    await bench.run(...resume, '--idempotency-key', 'k');
    const { exitCode, screen } = await runOnTerminal([...resume, '--idempotency-key', 'k'], bench.folder);
    expect(exitCode).toBe(0);
    expect(plain(screen)).toContain('the ledger: nothing was sent this time');
    expect(plain(screen)).not.toContain(ASKED);
    expect(bench.glue.journal.mutating).toHaveLength(1);
  });

  it('asks as well where what it would do cannot be read', async () => {
    const answer = { status: 403, body: '{"message":"Forbidden"}' };
    bench.obs.faults.add({ kind: 'answer', when: 'before', operation: 'get', times: 9, answer });
    const args = ['resume', 'my-obs', 'graph_1', 'exec-001', '--no-read-back'];
    const { exitCode, screen } = await runOnTerminal(args, bench.folder, [{ after: ASKED, keys: 'y\n' }]);
    expect(exitCode).toBe(0);
    expect(plain(screen)).toContain('what it would do could not be read');
  });

  it('asks about a risky plan from a file too', async () => {
    const { workflow, execution } = bench.glue.sample;
    await bench.run('plan', 'my-glue', workflow, execution, '--out', 'plan.json');
    const args = ['resume', '--plan', 'plan.json'];
    const { exitCode } = await runOnTerminal(args, bench.folder, [{ after: ASKED, keys: 'n\n' }]);
    expect(exitCode).toBe(1);
    expect(bench.glue.journal.mutating).toEqual([]);
  });
});

describe.skipIf(!HAS_SCRIPT)('progress on a terminal', () => {
  it('draws one line again and again, no longer than the terminal, and leaves a clean screen', async () => {
    const ticking = setInterval(() => bench.glue.clock.advance(1_000), 100);
    const args = [...resume, '--yes', '--follow', '--poll-ms', '50'];
    const { exitCode, screen } = await runOnTerminal(args, bench.folder);
    clearInterval(ticking);
    expect(exitCode).toBe(0);
    const drawn = screen.split(`\r${ESCAPE}[K`).slice(1);
    expect(drawn.length).toBeGreaterThan(5);
    const status = drawn.map((line) => plain(line)).filter((line) => !line.includes('\n') && line !== '');
    expect(status.some((line) => /● \d of 5 done · \d running: /.test(line))).toBe(true);
    expect(status.every((line) => line.length < 80)).toBe(true);
    // The last one is wiped before the verdict is told.
    expect(plain(drawn.at(-1) ?? '')).toMatch(/^✔ the run succeeded after .*\n$/);
  });

  it('says on Ctrl-C that the resume happened', async () => {
    const keys = '\u{3}';
    const args = [...resume, '--yes', '--follow'];
    const { exitCode, screen } = await runOnTerminal(args, bench.folder, [{ after: 'of 5 done', keys }]);
    expect(exitCode).toBe(4);
    expect(plain(screen)).toMatch(
      /! following was stopped; the resume happened, and its run goes on\n {2}Go on following: {2}resumable follow my-glue/,
    );
  });

  it('cuts a tree to the terminal, and says below it in full what was cut', async () => {
    const { workflow, execution } = bench.glue.sample;
    const { screen } = await runOnTerminal(['inspect', 'my-glue', workflow, execution], bench.folder);
    const lines = plain(screen).split('\n');
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(plain(screen)).toMatch(/In full:\n {2}transform: the input had a column too many/);
  });
});

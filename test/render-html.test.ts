import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embedded, html } from '../src/render/html-text.js';
import { renderHtml } from '../src/render/index.js';
import { pageScript } from '../src/render/page/script.js';
import { bigRun, diceRun, failedLoad, loadPlan, snapshotOf, task } from './render-subjects.js';

function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before) + before.length;
  return text.slice(start, text.indexOf(after, start));
}

const dataOf = (page: string): unknown => JSON.parse(between(page, 'id="data">', '</script>'));
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the page', { timeout: 30_000 }, () => {
  it('allows its own script and style by their hashes, and nothing else', async () => {
    const page = await renderHtml(failedLoad());
    const policy = between(page, 'http-equiv="Content-Security-Policy" content="', '">');
    expect(policy.split('; ')).toEqual([
      `default-src 'none'`,
      `style-src ${hashOf(between(page, '<style>', '</style>'))}`,
      `script-src ${hashOf(between(page, '<script>', '</script>'))}`,
      `base-uri 'none'`,
      `form-action 'none'`,
    ]);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  it('refers to nothing outside itself', async () => {
    const page = await renderHtml(loadPlan());
    expect(page).not.toMatch(/https?:|\b(?:src|href|action)=|@import|<(?:link|iframe|object|img|base)\b/i);
    expect([...page.matchAll(/url\(([^)]*)\)/g)].map(([, to]) => to).filter((to) => !to?.startsWith('#'))).toEqual([]);
    expect(page).not.toMatch(/ style="| on\w+="/);
  });

  it('shows what failed, with its error, without any script', async () => {
    const page = await renderHtml(failedLoad());
    const body = between(page, '<body>', '<script');
    expect(body).toContain('<h1>nightly-etl <span class="badge s-failed">✖ failed</span></h1>');
    expect(body).toContain('10 nodes: 1 failed, 3 waiting, 6 succeeded');
    expect(body).toContain('<code>OutOfMemoryError: executor 7\nlost after 41 min</code>');
    expect(body).toContain('aria-label="train-model, ✖ failed · 3 attempts"');
    expect(body.match(/class="box /g)).toHaveLength(15);
  });

  it('tells what a plan brings about, and its fingerprint', async () => {
    const page = await renderHtml(loadPlan());
    for (const told of [
      '▶ 1 node starts at once:',
      '! 1 node that succeeded may run again; nothing that it did is undone before:',
      '▷ 2 more nodes may run after that, at most:',
      '= 5 nodes keep what they have:',
      '⊘ 1 node has not run and is not expected to:',
      'the workflow allows any number of runs at once',
      `v1:${'3f'.repeat(32)}`,
      'aria-label="publish, ✔ succeeded, ! may run again"',
    ]) {
      expect(page).toContain(told);
    }
    expect(await renderHtml(loadPlan({ refusals: ['it <b>runs</b>'] }))).toContain(
      '<li>it &lt;b&gt;runs&lt;/b&gt;</li>',
    );
  });

  it('has the title that it is given', async () => {
    expect(await renderHtml(failedLoad(), { title: 'a </title><b>' })).toContain(
      '<title>a &lt;/title&gt;&lt;b&gt;</title>',
    );
  });

  it('draws a list, and nothing at all, too', async () => {
    expect(await renderHtml(snapshotOf([task('a', 'failed')], undefined))).toContain(
      'the provider shows no connections',
    );
    expect(await renderHtml(snapshotOf([], undefined))).toContain('no nodes are shown');
  });

  it('is the same for the same subject', async () => {
    expect(await renderHtml(loadPlan())).toBe(await renderHtml(loadPlan()));
  });

  it.each([
    ['a run of ten thousand nodes', bigRun(10_000, 30_000, 5)],
    ['ten thousand nodes of mixed states', diceRun(10_000, 30_000)],
  ])('is small and soon made for %s', async (_, subject) => {
    const startedMs = performance.now();
    const page = await renderHtml(subject);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(Buffer.byteLength(page)).toBeLessThan(8_000_000);
    expect(page.match(/class="box /g)?.length).toBeLessThanOrEqual(500);
    expect(dataOf(page)).toMatchObject({ nodes: { length: 10_000 } });
  });

  it('cuts error texts where all of them would be too much', async () => {
    const nodes = Array.from({ length: 2000 }, (_, at) => task(`${at}`, 'failed', { error: 'x'.repeat(50_000) }));
    const page = await renderHtml(snapshotOf(nodes, undefined));
    expect(Buffer.byteLength(page)).toBeLessThan(8_000_000);
    expect(page).toContain('… (50000 characters in all)');
  });
});

describe('texts of somebody else’s', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.constantFrom('<', '>', '"', `'`, '&', '</script>', '<!--', '\u2028', 'x', '\u0000'), { maxLength: 12 })
      .map((parts) => parts.join('')),
  );

  it('end neither an element nor an attribute', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(html(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it('end no script element, and arrive as they are', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(embedded({ text })).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(embedded({ text }))).toEqual({ text: text.isWellFormed() ? text : expect.any(String) });
      }),
    );
  });
});

describe('the page’s script', () => {
  it('never makes elements out of texts, and cannot end its own element', () => {
    expect(pageScript()).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval|new Function|<\/|<!--/);
  });
});

describe('the layout library', () => {
  it('is imported by no module before a page is made', () => {
    const folder = join(import.meta.dirname, '../src/render');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const loading = sources.filter((name) => /from '@dagrejs/.test(readFileSync(join(folder, name), 'utf8')));
    expect(sources.length).toBeGreaterThan(10);
    expect(loading).toEqual([]);
  });
});

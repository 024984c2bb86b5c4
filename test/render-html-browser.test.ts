import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../src/render/index.js';
import { Browser, CHROMIUM } from './render-browser.js';
import { bigRun, diceRun, failedLoad, loadPlan, snapshotOf, task } from './render-subjects.js';

if (CHROMIUM === undefined) console.log('skipped: no Chromium at CHROMIUM_PATH or /usr/bin/chromium');

describe.skipIf(CHROMIUM === undefined)('the page in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await Browser.start();
  }, 60_000);
  afterAll(async () => {
    await browser.stop();
  });

  it('opens without a request or a complaint, in light and dark', async () => {
    const { page, requests, complaints } = await browser.open(await renderHtml(loadPlan()));
    const background = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background()).toBe('rgb(255, 255, 255)');
    expect((await page.screenshot()).length).toBeGreaterThan(10_000);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).toBe('rgb(15, 20, 26)');
    expect(await page.locator('#details h2').textContent()).toBe('All nodes');
    expect([requests, complaints]).toEqual([[], []]);
    await page.close();
  });

  it('lets nothing out, whatever tries', async () => {
    const { page, requests } = await browser.open(await renderHtml(failedLoad()));
    const tried = await page.evaluate(`(async () => {
      const image = new Image();
      const shown = new Promise((done) => { image.onload = () => done('loaded'); image.onerror = () => done('refused'); });
      image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      const fetched = await fetch('https://example.invalid/').then(() => 'sent', () => 'refused');
      return [await shown, fetched, window.ran ?? 'refused'];
    })()`);
    expect(tried).toEqual(['refused', 'refused', 'refused']);
    expect(requests).toEqual([]);
    await page.close();
  });

  it('shows attempts, times and the error of a node that is clicked, and where it stands', async () => {
    const { page, complaints } = await browser.open(await renderHtml(failedLoad()));
    await page.locator('#graph .s-failed').click();
    const details = page.locator('#details');
    expect(await details.locator('h2').textContent()).toBe('train-model');
    expect(await details.locator('.attempt h3').allTextContents()).toEqual(
      [3, 2, 1].map((number) => `Attempt ${number}: ✖ failed`),
    );
    expect(await details.locator('pre').first().textContent()).toBe('OutOfMemoryError: executor 7\nlost after 41 min');
    expect(await details.locator('.times').first().textContent()).toBe(
      'started 2026-03-02 02:00:11 UTC · ended 2026-03-02 02:04:21 UTC · took 4 min 10 s',
    );
    expect(await page.locator('#graph .selected').getAttribute('aria-label')).toContain('train-model');
    await details.getByRole('button', { name: 'trained', exact: false }).first().click();
    expect(await details.locator('h2').textContent()).toMatch(/^trained/);
    await page.getByRole('button', { name: '← All nodes' }).click();
    expect(await details.locator('h2').textContent()).toBe('All nodes');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('can be used by keyboard alone', async () => {
    const { page } = await browser.open(await renderHtml(failedLoad()));
    const focused = (): Promise<unknown> => page.evaluate('document.activeElement?.getAttribute("aria-label")');
    for (let steps = 0; steps < 12 && (await focused()) !== 'start, gate'; steps += 1) await page.keyboard.press('Tab');
    expect(await focused()).toBe('start, gate');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^crawl-/);
    await page.keyboard.press('Enter');
    expect(await page.locator('#details h2').textContent()).toMatch(/^crawl-/);
    const before = await page.locator('#graph').getAttribute('viewBox');
    await page.keyboard.press('+');
    const nearer = await page.locator('#graph').getAttribute('viewBox');
    expect(nearer).not.toBe(before);
    await page.keyboard.press('0');
    expect(await page.locator('#graph').getAttribute('viewBox')).not.toBe(nearer);
    await page.close();
  });

  it('leaves names and errors inert', async () => {
    const attack = '<img src=x onerror="window.pwned=1">';
    const names = [
      attack,
      `</script><script>window.pwned=1</script>`,
      `"><svg onload=window.pwned=1>`,
      `' onclick='pwned=1`,
    ];
    const nodes = names.map((name, at) => task(`${at}${attack}`, 'failed', { name, error: `${name}\u2028${attack}` }));
    const subject = snapshotOf(
      nodes,
      nodes.slice(1).map(({ id }, at) => [nodes[at]?.id ?? '', id] as const),
      {
        workflow: attack,
        error: attack,
      },
    );
    const { page, requests, complaints } = await browser.open(await renderHtml(subject, { title: attack }));
    for (const [at, name] of names.entries()) {
      await page.locator(`#graph [data-box="${at}"]`).click();
      expect(await page.locator('#details h2').textContent()).toBe(name);
    }
    expect(await page.evaluate('[window.pwned, document.images.length, document.scripts.length]')).toEqual([
      undefined,
      0,
      2,
    ]);
    expect(await page.title()).toBe(attack);
    expect([requests, complaints]).toEqual([[], []]);
    await page.close();
  });

  it('keeps every label within its box, however wide the reader’s letters are', async () => {
    const ids = [
      'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW',
      'node-with-a-rather-long-name-of-its-own',
      '名前のとても長い名前のとても長い',
      'iiiii',
    ];
    const nodes = ids.map((id) => task(id, 'succeeded'));
    const { page } = await browser.open(await renderHtml(snapshotOf(nodes, [[ids[0] ?? '', ids[1] ?? '']])));
    const room = `[...document.querySelectorAll('#graph .box')].flatMap((box) => {
      const outline = box.querySelector('.outline').getBBox();
      return [...box.querySelectorAll('text')].map((text) => outline.x + outline.width - text.getBBox().x - text.getBBox().width);
    })`;
    const spare = (await page.evaluate(room)) as number[];
    expect(spare).toHaveLength(8);
    expect(Math.min(...spare)).toBeGreaterThan(4);
    await page.close();
  });

  it('leaves the graph in reach of long warnings, and shows a node that is chosen above it', async () => {
    const warning = Array.from(
      { length: 10 },
      (_, place) => `job-${place} (wnode_${'0123456789abcdef'.repeat(4)})`,
    ).join(', ');
    const { page } = await browser.open(await renderHtml(loadPlan({ warnings: [warning, warning, warning] })));
    const top = 'document.querySelector("#graph").getBoundingClientRect().top + scrollY';
    expect(await page.evaluate(top)).toBeLessThan(900);
    await page.setViewportSize({ width: 1_200, height: 400 });
    await page.locator('.card [data-node]').first().click();
    const seen =
      '(({ top }) => top >= 0 && top < innerHeight)(document.querySelector("#details").getBoundingClientRect())';
    expect(await page.evaluate(seen)).toBe(true);
    await page.close();
  });

  it('lists what is drawn as one, by pages and by search', async () => {
    const { page } = await browser.open(await renderHtml(bigRun(10_000, 30_000, 5)));
    await page.locator('#graph .stack.s-succeeded').first().click();
    const details = page.locator('#details');
    expect(await details.locator('h2').textContent()).toBe('9,277 nodes drawn as one');
    expect(await details.locator('.where').textContent()).toBe('1 to 40 of 9,277');
    await details.getByRole('button', { name: 'Later' }).click();
    expect(await details.locator('.where').textContent()).toBe('41 to 80 of 9,277');
    await details.getByRole('searchbox').fill('partition-512');
    await details.getByRole('button', { name: 'partition-5120' }).click();
    expect(await details.locator('h2').textContent()).toBe('partition-5120');
    await page.close();
  });

  it.each([
    ['a run of ten thousand nodes', bigRun(10_000, 30_000, 5)],
    ['ten thousand nodes of mixed states', diceRun(10_000, 30_000)],
  ])('opens soon and answers a click within a second: %s', async (name, subject) => {
    const startedMs = performance.now();
    const html = await renderHtml(subject);
    const madeMs = performance.now() - startedMs;
    const { page, openedMs, complaints } = await browser.open(html);
    const answeredMs = Number(
      await page.evaluate(`new Promise((done) => {
        const began = performance.now();
        document.querySelector('#graph .box.s-failed').dispatchEvent(new MouseEvent('click', { bubbles: true }));
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
      })`),
    );
    expect(await page.locator('#graph .selected').count()).toBe(1);
    expect(answeredMs).toBeLessThan(1000);
    expect(complaints).toEqual([]);
    const figures = [madeMs, openedMs, answeredMs].map((ms) => Math.round(ms));
    console.log(`${name}: made, opened, answered in ${figures.join(', ')} ms; ${html.length} characters`);
    await page.close();
  });
});

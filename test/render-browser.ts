import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

/** Where Chromium is; undefined where there is none. */
export const CHROMIUM = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'].find(
  (path) => path !== undefined && path !== '' && existsSync(path),
);

/** A page as a reader has it open, and what it tried to do beyond that. */
export interface OpenPage {
  readonly page: Page;
  /** Requests for anything but the file itself: they were refused. */
  readonly requests: readonly string[];
  /** Errors, refused scripts included. */
  readonly complaints: readonly string[];
  readonly openedMs: number;
}

/** A headless Chromium with an empty profile that opens pages from disk and lets them reach nothing. */
export class Browser {
  readonly #folder: string;
  readonly #context: BrowserContext;

  private constructor(folder: string, context: BrowserContext) {
    this.#folder = folder;
    this.#context = context;
  }

  static async start(): Promise<Browser> {
    const folder = await mkdtemp(join(tmpdir(), 'render-browser-'));
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
      headless: true,
      viewport: { width: 1400, height: 900 },
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    return new Browser(folder, context);
  }

  async open(html: string): Promise<OpenPage> {
    const file = join(this.#folder, `${crypto.randomUUID()}.html`);
    await writeFile(file, html);
    const address = pathToFileURL(file).href;
    const page = await this.#context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await page.route('**/*', async (route) => {
      const url = route.request().url();
      if (url === address) {
        await route.continue();
        return;
      }
      requests.push(url);
      await route.abort();
    });
    const startedMs = performance.now();
    await page.goto(address);
    return { page, requests, complaints, openedMs: performance.now() - startedMs };
  }

  async stop(): Promise<void> {
    await this.#context.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { reportOnFailure } from './failure-report.ts';
import { STATE_TIMEOUT_MS } from './timeouts.ts';

export const BASE_URL = process.env['STACK_URL'] ?? '';
const SHOTS = join(import.meta.dirname, '../../../test-output/screenshots');
const AXE = readFileSync(join(dirname(createRequire(import.meta.url).resolve('axe-core')), 'axe.min.js'), 'utf8');

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
export const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };

export async function launch(): Promise<Browser> {
  if (BASE_URL === '') throw new Error('BASE_URL must name a running dashboard, such as http://127.0.0.1:3000');
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage', // in a container that is small, and a tall page needs much
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page in a context of its own. It collects the errors of the console. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<{ page: Page; complaints: string[]; close: () => Promise<void> }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Rome', ...options });
  context.setDefaultTimeout(STATE_TIMEOUT_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  reportOnFailure(page, complaints);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}

export function url(path: string): string {
  return new URL(path, BASE_URL).href;
}

export async function shot(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage });
}

export async function ask(page: Page, topic: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Topic' }).fill(topic);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
}

export async function complete(page: Page): Promise<void> {
  await page.locator('.byline .state', { hasText: 'Complete' }).waitFor();
}

/** Asks by `ask` and waits for that answer: the earlier one is still on the page for a moment. */
export async function completeAgain(page: Page, ask: () => Promise<unknown>): Promise<void> {
  const before = await page.locator('.byline .state').elementHandle();
  await ask();
  await page.waitForFunction((state) => !state.isConnected, before);
  await complete(page);
}

/**
 * Makes the window as high as the page, because axe reports what a sticky bar covers as a small target. A list beside the
 * answer grows with the window, so that several steps may be needed.
 */
export async function wholePage(page: Page, width: number): Promise<void> {
  for (let step = 0; step < 3; step += 1) {
    const [content, height] = await page.evaluate(() => [document.documentElement.scrollHeight, innerHeight] as const);
    if (content <= height) return;
    await page.setViewportSize({ width, height: content + 100 });
    await page.waitForTimeout(300);
  }
}

/**
 * Violations of WCAG 2.2 A and AA that axe finds, one line each. A run takes a second or more, and the page may change in
 * the meantime (a figure that counts breaks its line), so that only what a second run finds again is reported.
 */
export async function violations(page: Page): Promise<string[]> {
  const first = await look(page);
  if (first.length === 0) return [];
  const again = new Set((await look(page)).map(({ what }) => what));
  return first.filter(({ what }) => again.has(what)).map(({ what, why }) => `${what} ${why}`);
}

async function look(page: Page): Promise<{ what: string; why: string }[]> {
  await page.evaluate(AXE); // not a script element: the page's policy forbids those
  return page.evaluate(async () => {
    interface Axe {
      run(
        context: Document,
        options: object,
      ): Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] }>;
    }
    const { axe } = window as unknown as { axe: Axe };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => ({ what: `${id}: ${node.target.join(' ')}`, why: node.failureSummary ?? '' })),
    );
  });
}

/** How many px the page is wider than its window. */
export async function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

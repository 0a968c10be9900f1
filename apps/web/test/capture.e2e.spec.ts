import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DESKTOP, PHONE, launch, openPage, shot, sideways, url, violations, wholePage } from './browser.ts';
import { reportFailures } from './failure-report.ts';
import { ProcessOfStack } from './stack-process.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
reportFailures();

const WIDTHS = [
  ['1440', DESKTOP],
  ['360', PHONE],
] as const satisfies readonly (readonly [string, BrowserContextOptions])[];

/** In light and dark: nothing wider than the window, nothing that axe finds. */
async function look(page: Page, name: string, width: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await wholePage(page, Number(width));
    await expect.poll(() => sideways(page)).toBe(0);
    await shot(page, `capture-${name}-${width}-${colorScheme}`, true);
    expect(await violations(page)).toEqual([]);
  }
}

describe('the capture page', () => {
  it.each(WIDTHS)('shows a capture that is well, live, at %s px', async (width, device) => {
    const { page, complaints, close } = await openPage(browser, device);
    await page.goto(url('/'));
    if (width === '360') await page.getByRole('button', { name: 'Menu' }).click();
    const link = page.getByRole('link', { name: 'Capture', exact: true });
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Capture' }).waitFor();
    await page.locator('.title .st', { hasText: /^Capturing\. The newest stored post is \d/ }).waitFor();
    await page.locator('.tools .st', { hasText: 'Balanced' }).waitFor();
    const received = page.locator('.eq dd').first();
    const before = await received.textContent();
    await expect.poll(() => received.textContent()).not.toBe(before);
    await expect.poll(() => page.locator('.title .right').textContent()).toMatch(/^Updated \d\d:\d\d:\d\d$/);
    await look(page, 'good', width);
    expect(complaints).toEqual([]);
    await close();
  });

  it('says what to do when the capture process is silent, and goes on when it is back', async () => {
    const ingestor = new ProcessOfStack('ingestor/dist/main.js');
    const pages = await Promise.all(WIDTHS.map(([, device]) => openPage(browser, device)));
    try {
      await Promise.all(pages.map(({ page }) => page.goto(url('/capture'))));
      ingestor.pause();
      for (const [index, [width]] of WIDTHS.entries()) {
        const page = pages[index]?.page;
        if (page === undefined) throw new Error('no page');
        await page.locator('.title .st', { hasText: 'Whether anything is captured is not known.' }).waitFor();
        await page.locator('.advice', { hasText: 'npm start' }).waitFor();
        await look(page, 'silent', width);
      }
    } finally {
      ingestor.resume();
    }
    const page = pages[0]?.page;
    await page?.locator('.title .st', { hasText: /^Capturing/ }).waitFor();
    for (const { close } of pages) await close();
  });
});

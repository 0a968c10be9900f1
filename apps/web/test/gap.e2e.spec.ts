import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withStack } from '../../../scripts/test/stack.ts';
import { DESKTOP, complete, launch, openPage, shot, sideways, violations } from './browser.ts';
import { reportFailures } from './failure-report.ts';
import { XServer } from './x-server.ts';

const GONE_MS = 2000;
const SOME_POSTS = 20;
const BAR_MS = 300_000;
const HOUR_MS = 3_600_000;
const WHY = 'X, filtered stream, disconnected';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
reportFailures();

interface Gap {
  readonly from: string;
  readonly to: string | null;
}

interface Captured {
  readonly posts: number;
  readonly gaps: readonly Gap[];
}

/** What the lake holds. */
async function capturedAt(base: string): Promise<Captured> {
  const response = await fetch(new URL('graphql', base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ capture { posts gaps { from to } } }' }),
  });
  const { data } = (await response.json()) as { data: { capture: Captured } };
  return data.capture;
}

async function morePosts(base: string): Promise<void> {
  const { posts } = await capturedAt(base);
  await expect.poll(async () => (await capturedAt(base)).posts).toBeGreaterThan(posts + SOME_POSTS);
}

/** A server that goes away for a while, and is back. Resolves to the gap that this makes, once an answer can tell it. */
async function makeGap(base: string, server: XServer): Promise<{ from: number; to: number }> {
  await server.kill();
  await sleep(GONE_MS);
  await server.restart();
  await expect.poll(async () => (await capturedAt(base)).gaps.map(({ to }) => to !== null)).toEqual([true]);
  const [gap] = (await capturedAt(base)).gaps;
  return { from: Date.parse(gap?.from ?? ''), to: Date.parse(gap?.to ?? '') };
}

/** Reads the bars from the newest on, by keyboard, until one says what it lacks for this reason. */
async function readBarOf(page: Page, why: string): Promise<string> {
  const slider = page.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('End');
  for (let bar = Number(await slider.getAttribute('aria-valuemax')); bar >= 0; bar -= 1) {
    await page.locator(`[role=slider][aria-valuenow="${String(bar)}"]`).waitFor();
    const text = (await slider.getAttribute('aria-valuetext')) ?? '';
    if (text.includes(why)) return text;
    await page.keyboard.press('ArrowLeft');
  }
  throw new Error(`No bar tells of "${why}".`);
}

async function lookAtAnswer(page: Page, base: string, gap: { from: number; to: number }): Promise<void> {
  // An hour and more before, so that the text on its hatching has room, and a bar after.
  const end = Math.ceil(gap.to / BAR_MS + 1) * BAR_MS;
  const range = { from: new Date(end - 1.5 * HOUR_MS).toISOString(), to: new Date(end).toISOString() };
  await page.goto(new URL(`?${new URLSearchParams({ q: 'coffee', tz: 'UTC', ...range }).toString()}`, base).href);
  await complete(page);
  await page.locator('.ta-plot path.bar:not(.hidden)').first().waitFor();

  const told = await page.locator('.uncaptured').textContent();
  expect(told).toMatch(new RegExp(`Not captured: [\\d.]+ s at .*, \\d\\d:\\d\\d \\(${WHY}\\)`));
  // What lies before the first start is hatched, and the gap.
  await expect.poll(() => page.locator('.ta-plot > .gap').count()).toBe(2);
  await page.locator('.ta-plot text', { hasText: /^\s*No capture before \d\d:\d\d\s*$/ }).waitFor();

  const bar = await readBarOf(page, WHY);
  expect(bar).toMatch(/: [1-9]\d* Posts, not all captured \(/);
  await page.locator('.ta-tip', { hasText: WHY }).waitFor();
  const [hatched, read, width] = await page.evaluate(() => {
    const middle = (selector: string): number => {
      const box = [...document.querySelectorAll(selector)].at(-1)?.getBoundingClientRect();
      return (box?.left ?? NaN) + (box?.width ?? NaN) / 2;
    };
    const plot = document.querySelector('.ta-plot')?.getBoundingClientRect().width ?? NaN;
    return [middle('.ta-plot > .gap'), middle('.ta-plot .reading'), plot / 18] as const;
  });
  // The hatching stands on the bar that was read, one of 18.
  expect(Math.abs(hatched - read)).toBeLessThan(width);
  expect(await sideways(page)).toBe(0);
  await shot(page, 'gap-answer-1440-light');
  expect(await violations(page)).toEqual([]);
}

async function lookAtCapturePage(page: Page, base: string, gap: { from: number; to: number }): Promise<void> {
  await page.goto(new URL('capture', base).href);
  await page.locator('.gaps tbody tr').first().waitFor();
  const cells = await page.locator('.gaps tbody tr').first().locator('td:nth-child(n+2)').allTextContents();
  expect(cells.slice(1, 3)).toEqual(['X, filtered stream', 'Disconnected']);
  expect(parseFloat(cells[0] ?? '')).toBeCloseTo((gap.to - gap.from) / 1000, 0);
  expect(await page.locator('.gaps tbody tr').count()).toBe(1);
  expect(await page.locator('.strip .gapband').count()).toBe(1);
  await page.locator('.title .st', { hasText: /^Capturing\./ }).waitFor();
  await shot(page, 'gap-capture-1440-light', true);
}

describe('a gap', () => {
  it('is hatched on the chart, told under the answer and with its bar, and has its row on the capture page', async () => {
    const server = await XServer.start();
    const { page, complaints, close } = await openPage(browser, DESKTOP);
    try {
      const args = ['--ingest-sources', 'x-filtered', '--x-api-url', server.url, '--lake-flush-seconds', '1'];
      const look = async (base: string): Promise<void> => {
        await morePosts(base);
        const gap = await makeGap(base, server);
        await morePosts(base);
        await lookAtAnswer(page, base, gap);
        await lookAtCapturePage(page, base, gap);
        expect(complaints).toEqual([]);
      };
      await withStack(args, 'ready', look, { X_BEARER_TOKEN: server.token });
    } finally {
      await server.kill();
      await close();
    }
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DESKTOP,
  PHONE,
  ask,
  complete,
  completeAgain,
  launch,
  openPage,
  shot,
  sideways,
  url,
  violations,
  wholePage,
} from './browser.ts';
import { reportFailures } from './failure-report.ts';

let browser: Browser;
/** A topic that the running stack has posts for. */
let topic: string;

beforeAll(async () => {
  browser = await launch();
  const response = await fetch(url('/graphql'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ exampleTopics { topic } }' }),
  });
  const body = (await response.json()) as { data: { exampleTopics: { topic: string }[] } };
  topic = body.data.exampleTopics[0]?.topic ?? 'the';
});
afterAll(() => browser.close());
reportFailures();

const number = (text: string | null): number => Number((text ?? '').replaceAll(',', ''));
const posts = async (page: Page): Promise<number> => number(await page.locator('.tile .n').first().textContent());

describe('first visit', () => {
  it('shows the box, examples and what is being captured', async () => {
    const { page, complaints, close } = await openPage(browser, DESKTOP);
    await page.goto(url('/'));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('.ex .name').first().waitFor();
    await page.locator('.live li').first().waitFor();
    await shot(page, 'first-1440-light');
    expect(await sideways(page)).toBe(0);
    const seen = await page.locator('.live li').first().textContent();
    await page.waitForFunction((before) => document.querySelector('.live li')?.textContent !== before, seen);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    const paused = await page.locator('.live li').first().textContent();
    await page.waitForTimeout(2_500);
    expect(await page.locator('.live li').first().textContent()).toBe(paused);
    expect(complaints).toEqual([]);
    await close();
  });

  it('asks an example with one click', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    await page.goto(url('/'));
    await page.locator('.ex .name').first().click();
    await complete(page);
    expect(new URL(page.url()).searchParams.get('q')).toBe(topic);
    expect(await posts(page)).toBeGreaterThan(0);
    await close();
  });
});

describe('a question', () => {
  it('goes from the box to a complete answer; the URL restores it and Back works', async () => {
    const { page, complaints, close } = await openPage(browser, DESKTOP);
    await page.goto(url('/'));
    await page.getByRole('radio', { name: '7 days' }).click();
    await ask(page, topic);
    await page.locator('.tile .n').filter({ hasText: /\d/ }).first().waitFor(); // the first partial result, or all of it
    await shot(page, 'running-1440-light');
    await complete(page);
    await page.locator('.ta-plot path.bar:not(.hidden)').first().waitFor();
    await page.locator('.post').first().waitFor();
    await shot(page, 'result-1440-light');
    await shot(page, 'result-1440-light-full', true);
    const count = await posts(page);
    expect(count).toBeGreaterThan(0);
    expect(await sideways(page)).toBe(0);

    const params = new URL(page.url()).searchParams;
    expect([params.get('q'), params.get('last'), params.get('tz')]).toEqual([topic, '7d', 'Europe/Rome']);
    await page.getByRole('button', { name: 'Bars' }).click();
    await page.locator('.hbars').waitFor();
    await page.reload();
    await complete(page);
    await page.locator('.hbars').waitFor();

    await ask(page, 'zzqqxx');
    await page.getByRole('heading', { name: /^No post matches/ }).waitFor();
    await shot(page, 'empty-1440-light');
    await completeAgain(page, () => page.goBack());
    await page.locator('.hbars').waitFor();
    expect(await page.getByRole('textbox', { name: 'Topic' }).inputValue()).toBe(topic);
    expect(complaints).toEqual([]);
    await close();
  });

  it('has the chart’s figures in its table', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    await page.goto(url(`/?q=${encodeURIComponent(topic)}&last=3d`));
    await complete(page);
    const total = await posts(page);
    await page.getByRole('button', { name: 'Table' }).first().click();
    await page.locator('.twin tbody td').first().waitFor();
    const cells = await page.locator('.twin tbody td:nth-child(2)').allTextContents();
    expect(cells.length).toBeGreaterThan(24);
    expect(cells.reduce((sum, cell) => sum + number(cell), 0)).toBe(total);
    await shot(page, 'result-table-1440-light');
    await close();
  });

  it('is drawn anew, in buckets that fit, when the window changes', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    await page.goto(url(`/?q=${encodeURIComponent(topic)}&last=7d`));
    await complete(page);
    await page.getByRole('heading', { name: 'Posts per hour' }).waitFor();
    await page.locator('.ta-plot path.bar:not(.hidden)').first().waitFor();
    await page.setViewportSize({ width: 360, height: 640 });
    await page.getByRole('heading', { name: 'Posts per 3 hours' }).waitFor();
    await expect.poll(() => sideways(page)).toBe(0);
    const gap = (): Promise<number> =>
      page.evaluate(() => {
        const last = [...document.querySelectorAll('path.bar')].at(-1)?.getBoundingClientRect();
        const plot = document.querySelector('.ta-plot')?.getBoundingClientRect();
        return last && plot ? Math.abs(plot.right - last.right) : Infinity;
      });
    await expect.poll(gap).toBeLessThan(6);
    await close();
  });

  it('keeps few posts in the document, however far one scrolls', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    await page.goto(url(`/?q=${encodeURIComponent(topic)}&last=7d`));
    await complete(page);
    await page.locator('.post').first().waitFor();
    let most = 0;
    for (let i = 0; i < 25; i += 1) {
      await page.locator('.rail .list').evaluate((list) => {
        list.scrollTop = list.scrollHeight;
      });
      await page.waitForTimeout(80);
      most = Math.max(most, await page.locator('.post').count());
    }
    expect(most).toBeLessThan(200);
    await page.locator('.rail .list').evaluate((list) => {
      list.scrollTop = 0;
    });
    await page.locator('.post').first().waitFor();
    await close();
  });

  it('says what is wrong with a topic and mends it', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    await page.goto(url('/'));
    await ask(page, `(${topic}`);
    await page.getByText('Position 1: this bracket is never closed.').waitFor();
    expect(await page.locator('.mirror .wrong').textContent()).toBe('(');
    await shot(page, 'syntax-error-1440-light');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Use this' }).click();
    await complete(page);
    await close();
  });
});

describe('when things go wrong', () => {
  it('keeps the question and asks again by itself', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    await page.goto(url('/'));
    await page.locator('.ex .name').first().waitFor();
    let broken = true;
    await page.route('**/graphql', (route) => (broken ? route.abort() : route.continue()));
    await ask(page, topic);
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
    await page.getByText(/will be asked again by itself in/).waitFor();
    await shot(page, 'unreachable-1440-light');
    expect(await violations(page)).toEqual([]);
    expect(await page.getByRole('textbox', { name: 'Topic' }).inputValue()).toBe(topic);
    broken = false;
    await complete(page); // nobody pressed anything
    await close();
  });
});

describe('keyboard alone', () => {
  it('asks, reads the chart and moves through the heat map', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    await page.goto(url('/'));
    await page.locator('.ex .name').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(topic);
    await page.keyboard.press('Enter');
    await complete(page);
    const slider = page.getByRole('slider');
    await slider.waitFor();
    for (let i = 0; i < 40 && !(await slider.evaluate((element) => element === document.activeElement)); i += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Home');
    await page.locator('[role=slider][aria-valuenow="0"]').waitFor();
    const first = await slider.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    await page.locator('[role=slider][aria-valuenow="1"]').waitFor();
    expect(await slider.getAttribute('aria-valuetext')).not.toBe(first);
    await page.locator('.ta-tip').waitFor();
    // One stop: the next Tab leaves the chart, for bars are no stops.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.ta-plot') === null)).toBe(true);
    await page.locator('.heat td[tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset['cell'])).toBe('1-1');
    await shot(page, 'keyboard-1440-light');
    await close();
  });
});

describe('a custom interval', () => {
  it('is chosen in a popover, in a zone, and stands in the URL', async () => {
    const { page, close } = await openPage(browser, PHONE);
    await page.goto(url(`/?q=${encodeURIComponent(topic)}&last=24h&tz=Asia/Tokyo`)); // no change of clocks there
    await complete(page);
    const custom = page.getByRole('radio', { name: 'Custom' });
    await custom.click();
    await page.getByRole('dialog', { name: 'Custom interval' }).waitFor();
    expect(await sideways(page)).toBe(0);
    await shot(page, 'custom-360-light');
    await page.keyboard.press('Escape');
    await expect.poll(() => custom.evaluate((element) => element === document.activeElement)).toBe(true);
    await custom.click();
    await page.getByLabel('Time zone').selectOption('UTC');
    await completeAgain(page, () => page.getByRole('button', { name: 'Use this interval' }).click());
    const params = new URL(page.url()).searchParams;
    expect([params.get('tz'), params.get('last')]).toEqual(['UTC', null]);
    expect(Date.parse(params.get('to') ?? '') - Date.parse(params.get('from') ?? '')).toBe(24 * 3_600_000);
    expect(await page.locator('.reading').textContent()).toContain('UTC');
    await close();
  });

  it('has no accessibility violation, nor have the twins', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    await page.goto(url(`/?q=${encodeURIComponent(topic)}&last=3d&view=volume-table.bars.retweeted`));
    await complete(page);
    await page.locator('.post').first().waitFor();
    await page.getByRole('radio', { name: 'Custom' }).click();
    await page.getByRole('dialog', { name: 'Custom interval' }).waitFor();
    await wholePage(page, 1440);
    expect(await violations(page)).toEqual([]);
    await shot(page, 'custom-1440-light');
    await close();
  });
});

describe.each([
  ['light', DESKTOP, 1440],
  ['dark', DESKTOP, 1440],
  ['light', PHONE, 360],
  ['dark', PHONE, 360],
] as const)('%s, %#', (colorScheme, device, width) => {
  it(`is accessible and never scrolls sideways at ${String(width)} px`, async () => {
    const { page, complaints, close } = await openPage(browser, { ...device, colorScheme });
    await page.goto(url('/'));
    await page.locator('.ex .name').first().waitFor();
    await page.locator('.live li').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
    await shot(page, `first-${String(width)}-${colorScheme}`);

    await page.goto(url(`/?q=${encodeURIComponent(topic)}&last=7d`));
    await complete(page);
    await page.locator('.ta-plot path.bar:not(.hidden)').first().waitFor();
    await page.locator('.post').first().waitFor({ state: 'attached' });
    await page.waitForTimeout(300);
    expect(await sideways(page)).toBe(0);
    await shot(page, `result-${String(width)}-${colorScheme}`);
    const size = page.viewportSize();
    await wholePage(page, width);
    expect(await violations(page)).toEqual([]);
    await shot(page, `result-${String(width)}-${colorScheme}-full`, true);
    if (size) await page.setViewportSize(size);

    if (width < 600) {
      await page
        .getByRole('button', { name: /posts?$/ })
        .last()
        .click();
      await page.locator('.post').first().waitFor();
      expect(await sideways(page)).toBe(0);
      await shot(page, `posts-${String(width)}-${colorScheme}`);
      await page.goto(url('/?q=(cat'));
      await page.getByText('Position 1').waitFor();
      expect(await sideways(page)).toBe(0);
      await shot(page, `syntax-error-${String(width)}-${colorScheme}`);
    }
    expect(complaints).toEqual([]);
    await close();
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
} from './browser.ts';
import { startByApi, cancelByApi } from './other-clients.ts';
import { reportFailures } from './failure-report.ts';
import { Worker } from './worker.ts';

let browser: Browser;
/** Matches much, so that reading takes its time. */
const BROAD = 'the OR a OR coffee OR good OR rain';

let worker: Worker;

beforeAll(async () => {
  browser = await launch();
  worker = new Worker();
});
afterAll(() => browser.close());
reportFailures();
/** Analyses of other clients; cancelled after each test. */
const others: string[] = [];
const otherClientsAsk = async (count: number): Promise<void> => {
  // The questions differ, because equal ones share one run.
  for (let i = 0; i < count; i += 1)
    others.push(await startByApi(`${BROAD} OR other${String(i)}x${String(Date.now())}`));
};
const otherClientsCancel = async (): Promise<void> => {
  await Promise.all(others.splice(0).map(cancelByApi));
};
afterEach(async () => {
  worker.resume();
  await otherClientsCancel();
});

const byline = (page: Page): Promise<string> =>
  page.locator('.byline').evaluate((line) => (line as HTMLElement).innerText.replace(/\s+/g, ' ').trim());

describe('a question in line', () => {
  it('says how many are before it, may be left, and is answered in its turn', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    await page.goto(url('/'));
    await page.locator('.ex .name').first().waitFor();
    worker.pause();
    await otherClientsAsk(12);
    await page.getByRole('radio', { name: '7 days' }).click();
    await ask(page, BROAD);
    await page.locator('.byline .state', { hasText: 'In line.' }).waitFor();
    await page.getByText('12 questions are before yours', { exact: true }).waitFor();
    await shot(page, 'queued-1440-light');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Cancelled before anything was read' }).waitFor();
    await page.getByRole('button', { name: 'Ask again' }).first().click();
    await page.locator('.byline .state', { hasText: 'In line.' }).waitFor();
    worker.resume();
    await otherClientsCancel(); // now it is our turn
    await complete(page);
    await close();
  });
});

/**
 * Asks, and cancels once a part is read; gives what the page then says. All may be read before anybody could cancel: then
 * there was nothing to see, and another question is asked.
 */
async function cancelAmidReading(page: Page): Promise<{ said: string; done: number; total: number }> {
  // Within the page: the button is there as long as there is something to cancel.
  const cancel = (): Promise<boolean> =>
    page.locator('.byline').evaluate((line) => {
      const button = [...line.querySelectorAll('button')].find(({ innerText }) => innerText.trim() === 'Cancel');
      button?.click();
      return button !== undefined;
    });
  for (let tries = 0; tries < 5; tries += 1) {
    worker.slow();
    const topic = `${BROAD} OR mine${String(Date.now())}`; // one that nobody has an answer to
    await page.goto(url(`/?q=${encodeURIComponent(topic)}&last=7d`));
    await page.locator('.tile .n').filter({ hasText: /[1-9]/ }).first().waitFor();
    worker.pause();
    const cancelled = await cancel();
    if (cancelled) await page.locator('.byline .state', { hasText: /Cancelled at|Complete/ }).waitFor();
    worker.resume();
    const said = await byline(page);
    const [, done, total] =
      /^Cancelled at (\d+) of (\d+) partitions\. These figures are partial\. [\d,]+ posts so far/.exec(said) ?? [];
    if (!said.startsWith('Complete') && (done === undefined || done !== total))
      return { said, done: Number(done), total: Number(total) };
  }
  throw new Error('Five times all was read before it could be cancelled.');
}

describe('cancelling what is being read', () => {
  it.each([
    ['1440', DESKTOP],
    ['360', PHONE],
  ] as const)('leaves partial figures that are called so, at %s px', async (width, device) => {
    const { page, close } = await openPage(browser, device);
    const { said, done, total } = await cancelAmidReading(page);
    expect(done, said).toBeGreaterThan(0);
    expect(done, said).toBeLessThan(total);
    expect(await page.locator('.tile .n').first().textContent()).toMatch(/[1-9]/);
    await page.locator('.partial').first().waitFor();
    await expect.poll(() => sideways(page)).toBe(0);
    await shot(page, `cancelled-${width}-light`);
    await page.getByRole('button', { name: 'Ask again' }).click();
    await complete(page);
    await close();
  });
});

describe('the URL', () => {
  it('brings a whole answer back: question, interval, zone, switches and view; Back goes to the one before', async () => {
    const { page, complaints, close } = await openPage(browser, DESKTOP);
    // More than a day ago, where no post comes late and none is deleted any more: the figures stay.
    const to = (Math.floor(Date.now() / 3_600_000) - 26) * 3_600_000;
    const from = to - 50 * 3_600_000;
    const topic = '("good morning" OR #coffee OR coffee) NOT zzqq';
    const params = new URLSearchParams({
      q: topic,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      tz: 'Asia/Tokyo',
      stop: '1',
      rtw: '1',
      view: 'volume-table.volume-replies.bars.retweeted',
    });
    const seen = async (): Promise<unknown> => {
      await complete(page);
      await page.locator('.hbars').waitFor();
      await page.locator('.rail .post').first().waitFor();
      const pressed = await page.locator('main button[aria-pressed="true"]:visible').allTextContents();
      return {
        topic: await page.getByRole('textbox', { name: 'Topic' }).inputValue(),
        interval: await page
          .locator('[role=radio][aria-checked=true]')
          .textContent()
          .then((text) => text?.trim()),
        reading: (await page.locator('.reading .only-wide').textContent())?.trim(),
        words: await page
          .getByRole('checkbox')
          .evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).checked)),
        pressed: pressed.map((text) => text.replace(/[\d,]+/g, '').trim()),
        posts: await page.locator('.tile .n').allTextContents(),
        params: new URL(page.url()).search,
      };
    };
    await page.goto(url('/?q=rain&last=24h'));
    await complete(page);
    await page.goto(url(`/?${params.toString()}`));
    const before = await seen();
    expect(before).toMatchObject({
      topic,
      interval: 'Custom',
      reading: expect.stringContaining('Tokyo time') as unknown,
      words: [true, true],
      pressed: ['Replies', 'Table', 'Bars', 'Most retweeted'],
    });
    expect(await page.locator('.reading').textContent()).toContain('#coffee');
    await page.reload();
    expect(await seen()).toEqual(before);

    await completeAgain(page, () => page.getByRole('radio', { name: '24 h' }).click());
    expect(page.url()).toContain('last=24h');
    await completeAgain(page, () => page.goBack());
    expect(await seen()).toEqual(before);
    await page.goBack();
    await expect.poll(() => page.getByRole('textbox', { name: 'Topic' }).inputValue()).toBe('rain');
    await complete(page);
    expect(complaints).toEqual([]);
    await close();
  });

  it('says that its time zone is not used, and then uses the one of the browser', async () => {
    const { page, complaints, close } = await openPage(browser, DESKTOP);
    await page.goto(url('/?q=rain&last=24h&tz=%2B02:00'));
    const told = page.getByText(
      'This browser’s time zone, Europe/Rome, is used, because “+02:00” in the address is not',
    );
    await told.waitFor();
    await complete(page);
    await told.waitFor();
    expect(await page.locator('.reading').textContent()).toContain('Rome time');
    expect(await violations(page)).toEqual([]);
    await shot(page, 'zone-not-used-1440-light');
    await page.setViewportSize({ width: 360, height: 640 });
    await expect.poll(() => sideways(page)).toBe(0);
    await shot(page, 'zone-not-used-360-light');
    await completeAgain(page, () => page.getByRole('radio', { name: '3 days' }).click());
    expect(new URL(page.url()).searchParams.get('tz')).toBe('Europe/Rome');
    expect(await told.count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  it('may bring an interval without a question: it is chosen already', async () => {
    const { page, close } = await openPage(browser, DESKTOP);
    const to = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const range = { from: new Date(to - 7_200_000).toISOString(), to: new Date(to).toISOString() };
    await page.goto(url(`/?${new URLSearchParams({ ...range, tz: 'UTC' }).toString()}`));
    await page.getByRole('heading', { level: 1, name: /^What is being said/ }).waitFor();
    const custom = page.getByRole('radio', { name: 'Custom' });
    await expect.poll(() => custom.getAttribute('aria-checked')).toBe('true');
    await custom.click();
    await page.getByRole('dialog', { name: 'Custom interval' }).waitFor();
    expect(await page.getByLabel('From').inputValue()).toBe(range.from.slice(0, 16));
    expect(await page.getByLabel('To, not included').inputValue()).toBe(range.to.slice(0, 16));
    await page.keyboard.press('Escape');
    await ask(page, 'coffee');
    await page.waitForURL(/q=coffee/);
    const params = new URL(page.url()).searchParams;
    expect([params.get('from'), params.get('to'), params.get('tz')]).toEqual([range.from, range.to, 'UTC']);
    await complete(page);
    await close();
  });
});

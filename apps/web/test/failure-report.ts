import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach } from 'vitest';

const SHOTS = join(import.meta.dirname, '../../../test-output/screenshots');
let open: { readonly page: Page; readonly complaints: readonly string[] }[] = [];

/** If the test fails, its error says what was on this page. */
export function reportOnFailure(page: Page, complaints: readonly string[]): void {
  open.push({ page, complaints });
}

/** To be called once per file of tests: reports the pages of a test that failed, and closes them so that they do not slow down the next tests. */
export function reportFailures(): void {
  afterEach(async ({ task }) => {
    const pages = open.filter(({ page }) => !page.isClosed());
    open = [];
    for (const { page, complaints } of pages) {
      const [error] = task.result?.errors ?? [];
      if (error !== undefined) {
        const seen = await describe(page, complaints, task.name).catch(
          (reason: unknown) => `Not seen: ${String(reason)}`,
        );
        error.message = `${error.message}\n${seen}`;
        error.stack = `${error.message}\n${stackOf(error.stack)}`;
      }
      await page.context().close();
    }
  });
}

async function describe(page: Page, complaints: readonly string[], test: string): Promise<string> {
  mkdirSync(SHOTS, { recursive: true });
  const path = join(SHOTS, `failed-${test.replace(/[^a-z0-9]+/gi, '-').slice(0, 60)}.png`);
  await page.screenshot({ path, timeout: 15_000 });
  const words = await page
    .locator('.byline:visible, h1:visible, h2:visible')
    .evaluateAll((elements) => elements.map((e) => (e as HTMLElement).innerText.replace(/\s+/g, ' ')).join(' | '));
  return [`On the page ${page.url()}: ${words}`, ...complaints.slice(0, 2).map((text) => `Console: ${text}`)].join(
    '\n',
  );
}

const stackOf = (stack: string | undefined): string =>
  (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

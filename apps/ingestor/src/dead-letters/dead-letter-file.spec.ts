import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from '@analytica/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetterFile } from './dead-letter-file.js';

const DAY = Date.UTC(2026, 2, 1);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'letters-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('DeadLetterFile', () => {
  it('gives up days that ended before the retention, and nothing else', async () => {
    const letters = new DeadLetterFile(folder);
    for (const day of [0, 1]) {
      await letters.write([{ raw: Buffer.from('x'), stage: 'parse', reason: 'r' }], 's', {}, DAY + day * DAY_MS);
    }
    await writeFile(join(folder, 'notes.txt'), 'not ours');
    expect(await letters.expire(DAY + 99 * DAY_MS, 0)).toBe(0);
    expect(await letters.expire(DAY + 9 * DAY_MS, 8)).toBe(0);
    expect(await letters.expire(DAY + 9 * DAY_MS + 1, 8)).toBe(1);
    expect((await readdir(folder)).sort()).toEqual(['2026-03-02.ndjson', 'notes.txt']);
    expect(await new DeadLetterFile(join(folder, 'none')).expire(DAY, 8)).toBe(0);
  });
});

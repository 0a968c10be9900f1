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
  it('ages by days, and gives up those that it is told to and nothing else', async () => {
    const letters = new DeadLetterFile(folder);
    for (const day of [0, 1]) {
      await letters.write([{ raw: Buffer.from('x'), stage: 'parse', reason: 'r' }], 's', {}, DAY + day * DAY_MS);
    }
    for (const name of ['notes.txt', '2026-99-99.ndjson']) await writeFile(join(folder, name), 'not ours');
    expect(await letters.ageing(0)).toEqual([]);
    const ageing = await letters.ageing(8);
    expect(ageing.map(({ endedAt, keepMs }) => [endedAt, keepMs]).sort()).toEqual([
      [DAY + DAY_MS, 8 * DAY_MS],
      [DAY + 2 * DAY_MS, 8 * DAY_MS],
    ]);
    for (const { key, endedAt } of ageing) if (endedAt === DAY + DAY_MS) await letters.remove(key);
    expect((await readdir(folder)).sort()).toEqual(['2026-03-02.ndjson', '2026-99-99.ndjson', 'notes.txt']);
    expect(await new DeadLetterFile(join(folder, 'none')).ageing(8)).toEqual([]);
  });
});

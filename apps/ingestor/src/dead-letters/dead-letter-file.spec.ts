import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from '@analytica/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDeadLetters } from './check-dead-letters.js';
import { DeadLetterFile } from './dead-letter-file.js';

const DAY = Date.UTC(2026, 2, 1);
const NEVER = new AbortController().signal;
let folder: string;

const letter = (raw: string, reason = 'r') => ({ raw: Buffer.from(raw), stage: 'parse', reason });
const file = () => readFile(join(folder, '2026-03-01.ndjson'), 'utf8');

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

  it('takes the bytes out of what is about something erased, and keeps the letters', async () => {
    const letters = new DeadLetterFile(folder);
    const raws = [
      '{"id_str":"12345","text":"secret"',
      '{"in_reply_to_status_id_str":"12345","id_str":"6"}',
      '{"id":"7","author_id":"99"}',
      '{"did":"did:plc:a","commit":{"collection":"app.bsky.feed.post","rkey":"3k"}}',
      '{"did":"did:plc:a","commit":{"collection":"app.bsky.feed.post","rkey":"3l"}}',
      '{"id":98,"text":"a number"}',
    ];
    const all = raws.map((raw) => ({ raw: Buffer.from(raw), stage: 'parse', reason: `not JSON: ${raw.slice(0, 9)}` }));
    await letters.write(all, 's', {}, DAY);
    await writeFile(join(folder, '2026-03-02.ndjson'), '{"torn');
    const gone = new Set(['12345', '99', 'at://did:plc:a/app.bsky.feed.post/3k', '98']);
    const find = (ids: readonly string[]) => Promise.resolve(new Set(ids.filter((id) => gone.has(id))));
    const [erased] = await Promise.all([letters.erase(find, NEVER), letters.write(all.slice(1, 2), 's', {}, DAY)]);
    expect(erased).toBe(4);
    const content = await readFile(join(folder, '2026-03-01.ndjson'), 'utf8');
    const kept = content
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { raw: string; reason: string; bytes: number });
    expect(kept.map(({ raw }) => Buffer.from(raw, 'base64').toString())).toEqual([
      '',
      raws[1],
      '',
      '',
      raws[4],
      '',
      raws[1],
    ]);
    expect(kept[0]).toMatchObject({ reason: 'not JSON', bytes: raws[0]?.length });
    expect(await readFile(join(folder, '2026-03-02.ndjson'), 'utf8')).toBe('{"torn');
    expect(await letters.erase(find, NEVER)).toBe(0);
  });

  it('lets capture go on while the letters are looked through, and keeps what it adds', async () => {
    const letters = new DeadLetterFile(folder);
    await letters.write([letter('{"id":"1"}'), letter('{"id":"2"}')], 's', {}, DAY);
    const added = letter('{"id":"1","text":"again"}');
    const find = async () => {
      await letters.write([added], 's', {}, DAY);
      return new Set(['1']);
    };
    expect(await letters.erase(find, NEVER)).toBe(1);
    const lines = (await file()).trimEnd().split('\n');
    const kept = lines.map((line) => Buffer.from((JSON.parse(line) as { raw: string }).raw, 'base64').toString());
    expect(kept).toEqual(['', '{"id":"2"}', '{"id":"1","text":"again"}']);
    expect(await readdir(folder)).toEqual(['2026-03-01.ndjson']);
  });

  it('leaves a file as it was when it is to stop, and no copy of it, nor one that a crash left', async () => {
    const letters = new DeadLetterFile(folder);
    await letters.write([letter('{"id":"1"}')], 's', {}, DAY);
    await letters.write([letter('{"id":"1"}')], 's', {}, DAY + DAY_MS);
    await writeFile(join(folder, '2026-02-01.ndjson.tmp'), await file());
    const before = await file();
    const stop = new AbortController();
    let asked = 0;
    const find = (ids: readonly string[]) => {
      asked += 1;
      stop.abort();
      return Promise.resolve(new Set(ids));
    };
    expect(await letters.erase(find, stop.signal)).toBe(0);
    expect(asked).toBe(1);
    expect(await file()).toBe(before);
    expect((await readdir(folder)).sort()).toEqual(['2026-03-01.ndjson', '2026-03-02.ndjson']);
  });

  it('reads a letter whose reason holds line separators of Unicode as one, and the greatest', async () => {
    const letters = new DeadLetterFile(folder);
    const greatest = letter(`{"id":"2","text":"${'x'.repeat(2_000_000)}"}`);
    await letters.write([letter('{"id":"1"}', 'no post\u2028\u2029'), greatest], 's', {}, DAY);
    expect(await checkDeadLetters(folder)).toEqual({ files: 1, letters: 2, tornLines: 0 });
    expect(await letters.erase((ids) => Promise.resolve(new Set(ids)), NEVER)).toBe(2);
    expect(await file()).not.toMatch(/"raw":"[^"]/);
  });
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, type DeleteRow, HOUR_MS, MINUTE_MS, type Post } from '@analytica/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lakeAt } from '../catalog/layout.js';
import { LakeWriter } from '../catalog/lake-writer.js';
import { pinSnapshot } from '../catalog/pins.js';
import { readSnapshot } from '../catalog/snapshot.js';
import { LakeDatabase } from '../parquet/lake-database.js';
import { examplePost, writeExampleSegment } from '../testing.js';
import type { FindErased } from './eraser.js';

const HOUR = Date.UTC(2026, 2, 1, 10);
const NEVER = new AbortController().signal;
let folder: string;
let lake: LakeWriter;
let minutes: number;
let nextSeq: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eraser-'));
  minutes = 0;
  nextSeq = 1;
  lake = await open();
});
afterEach(async () => {
  await lake.close();
  await rm(folder, { recursive: true, force: true });
});

function open(): Promise<LakeWriter> {
  return LakeWriter.open(lakeAt(join(folder, 'lake')), { retentionDays: 0, clock: () => minutes * MINUTE_MS });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function post(id: string, overrides: Partial<Post> = {}): Post {
  return examplePost({ id, created_at: iso(HOUR), ingested_at: iso(HOUR + 1), ...overrides });
}

async function commit(posts: readonly Post[], rows: readonly DeleteRow[] = [], importName: string | null = null) {
  const segment = await writeExampleSegment(folder, nextSeq, posts, rows, () => importName);
  nextSeq = segment.lastSeq + 1;
  await lake.commitSegment(segment, HOUR);
}

function deletion(id: string, before: string | null = null): DeleteRow {
  return { source: 'x', id, before, ingested_at: iso(HOUR) };
}

function author(author_id: string, reason: 'deleted' | 'suspended', at = HOUR, hidden = true): DeleteRow {
  return {
    source: 'x',
    author_id,
    at: iso(at),
    until: iso(at),
    hidden,
    reason,
    countries: null,
    ingested_at: iso(HOUR),
  };
}

/** What stands in every file of posts below the lake's root, listed or not. */
async function inFiles(columns = 'id'): Promise<unknown[]> {
  const names = await readdir(lake.root, { recursive: true });
  const paths = names.filter((name) => name.endsWith('.parquet') && !name.startsWith('tombstones'));
  if (paths.length === 0) return [];
  const database = await LakeDatabase.open({ memoryMiB: 64, threads: 1, temporaryFolder: join(folder, 'tmp') });
  const list = paths.map((path) => `'${join(lake.root, path)}'`).join(', ');
  const reader = await database.connection.runAndReadAll(
    `SELECT ${columns} FROM read_parquet([${list}], union_by_name = true) ORDER BY ALL`,
  );
  database.close();
  return reader.getRows().map((row) => (row.length === 1 ? row[0] : row));
}

/** A pass, and then the deletion of the files that it replaced. */
async function erase(find: (find: FindErased) => Promise<void> = () => Promise.resolve()) {
  const erasure = await lake.erasure.pass(HOUR, NEVER, find);
  minutes += 16;
  await lake.sweep();
  return erasure;
}

describe('erasing', () => {
  it('takes deleted posts and their retweets out of captured and imported files, and keeps the order of the rest', async () => {
    await commit([post('9'), post('1'), post('5', { retweet_of: '1' }), post('3')]);
    await commit([post('1'), post('2', { created_at: iso(HOUR - DAY_MS) })], [], 'june');
    await commit([post('4')], [deletion('1'), deletion('2'), deletion('3', iso(HOUR + 1))]);
    expect(await erase()).toEqual({ files: 2, posts: 4, places: 0 });
    expect(await inFiles()).toEqual(['3', '4', '9']);
    expect(lake.manifest.files.map(({ path, rows, importName }) => [path.includes('.r1.'), rows, importName])).toEqual([
      [false, 1, null],
      [true, 2, null],
    ]);
    expect(await erase()).toEqual({ files: 0, posts: 0, places: 0 });
    const [snapshot] = [await readSnapshot(lake.root)];
    expect(snapshot.manifest.formatVersion).toBe(3);
  });

  it('takes out what an author posted until then, and a second time what came again', async () => {
    const mine = { author_id: 'ann', retweet_of: null };
    const retweet = { retweet_of: 'o', retweet_of_author_id: 'ann', retweet_of_created_at: null };
    await commit([
      post('1', mine),
      post('2', { ...mine, created_at: iso(HOUR + 1) }),
      post('3', retweet),
      post('4', { ...retweet, created_at: iso(HOUR + 9) }),
      post('5', { ...retweet, created_at: iso(HOUR + 9), retweet_of_created_at: iso(HOUR - 1) }),
    ]);
    await commit([post('6')], [author('ann', 'deleted')]);
    await erase();
    expect(await inFiles()).toEqual(['2', '4', '6']);
    await commit([post('1', mine), post('7')]);
    await erase();
    expect(await inFiles()).toEqual(['2', '4', '6', '7']);
  });

  it('leaves what was undone, and what can be undone for 30 days', async () => {
    await commit([post('1', { author_id: 'ann' }), post('2', { author_id: 'bob' }), post('3', { author_id: 'eve' })]);
    await commit(
      [post('4')],
      [
        author('ann', 'deleted'),
        author('ann', 'deleted', HOUR + 1, false),
        author('bob', 'suspended'),
        author('eve', 'suspended'),
        author('eve', 'suspended', HOUR + 1, false),
      ],
    );
    await erase();
    expect(await inFiles()).toEqual(['1', '2', '3', '4']);
    const after = async (days: number, hours: number): Promise<void> => {
      for (let pass = 0; pass < hours * 12; pass += 1) {
        minutes += 5;
        await lake.expire(HOUR + days * DAY_MS);
      }
    };
    await after(29, 3);
    await erase();
    expect(await inFiles()).toEqual(['1', '2', '3', '4']);
    await after(31, 1);
    await erase();
    expect(await inFiles()).toEqual(['1', '2', '3', '4']);
    await after(31, 2);
    expect(lake.manifest.tombstones.map(({ matured }) => matured)).toEqual([true]);
    await erase();
    expect(await inFiles()).toEqual(['1', '3', '4']);
  });

  it('takes places away up to a post, and of one post', async () => {
    const placed = { author_id: 'ann', place_country: 'DE', place_name: 'Berlin', lat: 1, lon: 2 };
    const far = { ...placed, author_id: 'bob' };
    await commit([post('9', placed), post('10', placed), post('11', placed), post('12', far), post('13', far)]);
    const scrub = { source: 'x', at: iso(HOUR), reason: 'scrub_geo', ingested_at: iso(HOUR) } as const;
    await commit(
      [post('14', { lat: null, lon: null })],
      [
        { ...scrub, id: null, author_id: 'ann', up_to_id: '10' },
        { ...scrub, id: '13', author_id: null, up_to_id: null },
      ],
    );
    expect(await erase()).toEqual({ files: 1, posts: 0, places: 3 });
    expect(await inFiles('id, place_name, lat')).toEqual([
      ['10', null, null],
      ['11', 'Berlin', 1],
      ['12', 'Berlin', 1],
      ['13', null, null],
      ['14', null, null],
      ['9', null, null],
    ]);
  });

  it('keeps the file before as long as a pinned snapshot needs it', async () => {
    await commit([post('1'), post('2')], [deletion('1')]);
    const snapshot = await readSnapshot(lake.root);
    const pin = await pinSnapshot(lake.location, snapshot, 'run');
    await erase();
    expect(await inFiles()).toEqual(['1', '2', '2']);
    await pin.unpin();
    await lake.sweep();
    expect(await inFiles()).toEqual(['2']);
  });

  it('is due ten minutes after the first delete, then every 12 hours by either clock, also over starts', async () => {
    const pass = async (now: number): Promise<number> =>
      (await lake.erasure.passIfDue(now, NEVER, () => Promise.resolve())).files;
    await commit([post('1'), post('2')], [deletion('1')]);
    expect(await pass(HOUR)).toBe(0);
    await lake.close();
    lake = await open();
    expect(await pass(HOUR + 9 * MINUTE_MS)).toBe(0);
    expect(await pass(HOUR + 10 * MINUTE_MS)).toBe(1);
    await commit([post('1'), post('3')]);
    expect(await pass(HOUR + HOUR_MS)).toBe(0);
    minutes += 11 * 60;
    expect(await pass(HOUR + HOUR_MS)).toBe(0);
    await lake.close();
    lake = await open();
    expect(await pass(HOUR + HOUR_MS)).toBe(0);
    minutes += 12 * 60;
    expect(await pass(HOUR + HOUR_MS)).toBe(1);
    await commit([post('1'), post('4')]);
    expect(await pass(HOUR + 14 * HOUR_MS)).toBe(1);
  });

  it('says which ids elsewhere are erased', async () => {
    await commit([post('1')], [deletion('1'), author('ann', 'deleted'), author('bob', 'suspended')]);
    let found: ReadonlySet<string> = new Set();
    await erase(async (find) => {
      found = await find(['1', '2', 'ann', 'bob', "o'x"]);
    });
    expect([...found].sort()).toEqual(['1', 'ann']);
  });

  it('says it of the posts of an author while they are in their files, and again after a pass that was cut short', async () => {
    await commit([post('1', { author_id: 'ann' }), post('2')], [author('ann', 'deleted')]);
    const elsewhere = new Error('elsewhere');
    await expect(erase(() => Promise.reject(elsewhere))).rejects.toBe(elsewhere);
    let found: ReadonlySet<string> = new Set();
    let left: unknown[] = [];
    await erase(async (find) => {
      found = await find(['1', '2']);
      left = await inFiles();
    });
    expect([...found]).toEqual(['1']);
    expect(left).toEqual(['1', '2']);
    expect(await inFiles()).toEqual(['2']);
  });

  it('rewrites no file once it is to stop', async () => {
    await commit([post('1'), post('2')], [deletion('1')]);
    const stop = new AbortController();
    const pass = lake.erasure.pass(HOUR, stop.signal, () => {
      stop.abort();
      return Promise.resolve();
    });
    expect(await pass).toEqual({ files: 0, posts: 0, places: 0 });
    expect(await inFiles()).toEqual(['1', '2']);
  });
});

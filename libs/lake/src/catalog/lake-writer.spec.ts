import { access, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@analytica/domain';
import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnlistedFiles } from './unlisted-files.js';
import { LakeDatabase, sqlText } from '../parquet/lake-database.js';
import { dataPath, lakeAt, lakeLocation } from './layout.js';
import { LakeWriter } from './lake-writer.js';
import { readManifest } from './manifest-store.js';
import { pinSnapshot, PinWatch } from './pins.js';
import { POST_COLUMNS } from '../parquet/post-schema.js';
import { openStore } from '../store/open-store.js';
import { readSnapshot } from './snapshot.js';
import { FACTS_COLUMN } from '../facts/facts-form.js';
import { examplePost, writeExampleSegment } from '../testing.js';

const T10 = Date.UTC(2026, 2, 1, 10);
let root: string;
let scratch: string;
let lake: LakeWriter;
DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0; // its text would be in this machine's zone
/** Minutes that have passed by the clock that never jumps. */
let minutes: number;
const clock = (): number => minutes * MINUTE_MS;

beforeEach(async () => {
  minutes = 0;
  root = await mkdtemp(join(tmpdir(), "lake's [x]?*-"));
  scratch = await mkdtemp(join(tmpdir(), 'segments [x]?*-'));
  lake = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock });
});
afterEach(async () => {
  await lake.close();
  await rm(root, { recursive: true });
  await rm(lakeAt(root).pins, { recursive: true, force: true });
  await rm(scratch, { recursive: true });
});

async function rows(paths: readonly string[], select = '*', order = ''): Promise<Record<string, unknown>[]> {
  const database = await LakeDatabase.open({ memoryMiB: 128, threads: 1, temporaryFolder: join(scratch, 'tmp') });
  const list = paths.map((path) => sqlText(join(root, path))).join(',');
  const reader = await database.connection.runAndReadAll(`SELECT ${select} FROM read_parquet([${list}]) ${order}`);
  const result = reader.getRowObjectsJson();
  database.close();
  return result;
}
const exists = (path: string): Promise<boolean> =>
  access(join(root, path)).then(
    () => true,
    () => false,
  );
const arrival = (time: number): string => new Date(time).toISOString();

async function commit(firstSeq: number, hour: number, ids: readonly string[]): Promise<void> {
  const posts = ids.map((id) => examplePost({ id, ingested_at: arrival(hour + MINUTE_MS) }));
  await lake.commitSegment(await writeExampleSegment(scratch, firstSeq, posts), hour + MINUTE_MS);
}

/** The log's oldest segment, by its name. */
async function beginLog(firstSeq: number): Promise<void> {
  await mkdir(join(root, 'log'), { recursive: true });
  await writeFile(join(root, `log/${String(firstSeq).padStart(15, '0')}.ndjson`), '');
}

describe('commitSegment', () => {
  it('writes every column as it was, in the arrival hour, times in UTC', async () => {
    const post = examplePost({
      text: 'nul \u0000, quote "\', 東京 👩‍👩‍👧',
      hashtags: ['a', ''],
      created_at: '2011-05-01T23:59:59.999Z',
    });
    await lake.commitSegment(await writeExampleSegment(scratch, 1, [post]), T10 + MINUTE_MS);
    const [file] = lake.manifest.files;
    expect(file).toMatchObject({
      path: '2026/03/01/10/000000000000001-000000000000001.parquet',
      rows: 1,
      firstSeq: 1,
      lastSeq: 1,
      hour: T10,
      minCreatedAt: Date.parse(post.created_at),
      maxCreatedAt: Date.parse(post.created_at),
    });
    const [row] = await rows([file?.path ?? '']);
    expect(Object.keys(row ?? {})).toEqual([...POST_COLUMNS, FACTS_COLUMN].map((column) => column.name));
    expect(row).toMatchObject({ text: post.text, hashtags: ['a', ''], lat: 1.5, words: ['the', 'black', 'cat'] });
    expect(row?.created_at).toBe('2011-05-01 23:59:59.999+00');
    expect(row?.author_followers).toBe('12');
  });

  it('keeps tombstones apart, with their own times', async () => {
    const gone = { source: 'x', id: '5', before: null, ingested_at: arrival(T10 + 1) } as const;
    const edited = { ...gone, id: '6', before: '2026-03-01T09:00:00.500Z' };
    await lake.commitSegment(await writeExampleSegment(scratch, 1, [examplePost()], [gone, edited]), T10 + MINUTE_MS);
    const [file] = lake.manifest.tombstones;
    expect(file?.path).toBe('tombstones/2026/03/01/10/000000000000001-000000000000003.parquet');
    expect(await rows([file?.path ?? ''], 'id, before, source')).toEqual([
      { id: '5', before: null, source: 'x' },
      { id: '6', before: '2026-03-01 09:00:00.5+00', source: 'x' },
    ]);
  });

  it('does not double what is committed twice, nor loses it when the first time ended before the manifest', async () => {
    const segment = await writeExampleSegment(scratch, 1, [examplePost()]);
    await lake.commitSegment(segment, T10 + MINUTE_MS);
    const before = lake.manifest;
    await lake.commitSegment(segment, T10 + MINUTE_MS);
    expect(lake.manifest).toBe(before);

    await rm(join(root, 'manifest.json'));
    await beginLog(1);
    const again = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock });
    await again.commitSegment(segment, T10 + MINUTE_MS);
    expect(again.manifest.files.map((file) => file.path)).toEqual(before.files.map((file) => file.path));
    await again.close();
    expect(await readdir(join(root, '2026/03/01/10'))).toHaveLength(1);
  });

  it('refuses a segment that does not follow on what the lake has', async () => {
    await commit(1, T10, ['a']);
    const segment = await writeExampleSegment(scratch, 3, [examplePost()]);
    await expect(lake.commitSegment(segment, T10)).rejects.toMatchObject({ code: 'LAKE_CORRUPT' });
    expect(lake.manifest.committedSeq).toBe(1);
  });

  it('refuses to list a file with fewer rows than the log has', async () => {
    const segment = await writeExampleSegment(scratch, 1, [examplePost()]);
    await expect(lake.commitSegment({ ...segment, posts: 2 }, T10)).rejects.toMatchObject({ code: 'LAKE_CORRUPT' });
    expect(lake.manifest.files).toEqual([]);
  });
});

describe('a second writer', () => {
  it('is refused with a sentence, and the list stays as the first one wrote it', async () => {
    await commit(1, T10, ['a']);
    const second = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock });
    await commit(2, T10, ['b']);
    const segment = await writeExampleSegment(scratch, 2, [examplePost({ id: 'other', ingested_at: arrival(T10) })]);
    for (const change of [() => second.commitSegment(segment, T10), () => second.advanceWatermark(T10 + DAY_MS)]) {
      await expect(change()).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: `Another process writes in the lake ${root}: stop it, then start this one again.`,
      });
    }
    await second.close();
    await commit(3, T10, ['c']);
    expect(await readManifest(root)).toEqual(lake.manifest);
    const paths = lake.manifest.files.map((file) => file.path);
    expect((await rows(paths, 'id', 'ORDER BY id')).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('is refused in a lake that has nothing yet', async () => {
    const second = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock });
    await commit(1, T10, ['a']);
    const segment = await writeExampleSegment(scratch, 1, [examplePost({ id: 'other', ingested_at: arrival(T10) })]);
    await expect(second.commitSegment(segment, T10)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await second.close();
    expect(await readManifest(root)).toEqual(lake.manifest);
  });
});

describe('readSnapshot', () => {
  it('is LAKE_EMPTY before the first commit, and has the same id as long as the content is the same', async () => {
    await expect(readSnapshot(root)).rejects.toMatchObject({ code: 'LAKE_EMPTY', retryable: true });
    await commit(1, T10, ['a']);
    const first = await readSnapshot(root);
    expect((await readSnapshot(root)).id).toBe(first.id);
    expect(first.manifest).toEqual(lake.manifest);
    await lake.advanceWatermark(T10 + 2 * MINUTE_MS);
    const second = await readSnapshot(root);
    expect(second.id).not.toBe(first.id);
    expect(second.manifest.watermark).toBe(T10 + 2 * MINUTE_MS);
  });

  it.each(['', '{', '[]', '{"formatVersion":1}', 'PATH'])('says LAKE_CORRUPT for %j', async (content) => {
    await commit(1, T10, ['a']);
    const path = join(root, 'manifest.json');
    const hostile = (await readFile(path, 'utf8')).replace('2026/03', "../../../etc/x'");
    await writeFile(path, content === 'PATH' ? hostile : content);
    await expect(readSnapshot(root)).rejects.toMatchObject({ code: 'LAKE_CORRUPT' });
  });
});

describe('compact', () => {
  it('rewrites a closed hour as one file, oldest post first, and keeps the old ones for 15 minutes', async () => {
    for (let hour = 0; hour < 2; hour += 1) {
      for (let n = 0; n < 3; n += 1) {
        const seq = 1 + hour * 3 + n;
        const post = examplePost({
          id: String(seq),
          created_at: arrival(T10 - seq * 1000),
          ingested_at: arrival(T10 + hour * HOUR_MS),
        });
        await lake.commitSegment(await writeExampleSegment(scratch, seq, [post]), T10);
      }
    }
    const old = lake.manifest.files.map((file) => file.path);
    expect(await lake.compact(T10 + HOUR_MS + 2 * MINUTE_MS, new AbortController().signal)).toBe(2);
    const files = lake.manifest.files;
    expect(files).toHaveLength(4);
    const merged = files.find((file) => file.hour === T10);
    expect(merged).toMatchObject({ path: '2026/03/01/10/000000000000001-000000000000003.parquet', rows: 3 });
    expect((await rows([merged?.path ?? ''], 'id')).map((row) => row.id)).toEqual(['3', '2', '1']);
    expect(await readManifest(root)).toEqual(lake.manifest);

    minutes = 14;
    expect(await lake.sweep()).toBe(0);
    expect(await exists(old[0] ?? '')).toBe(true);
    minutes = 16;
    expect(await lake.sweep()).toBe(3);
    expect(await exists(old[0] ?? '')).toBe(false);
    expect(await exists(old[3] ?? '')).toBe(true);
  });

  it('merges an open hour only once it has many files', async () => {
    for (let seq = 1; seq <= 24; seq += 1) {
      if (seq === 24) expect(await lake.compact(T10 + 5 * MINUTE_MS, new AbortController().signal)).toBe(0);
      await commit(seq, T10, [String(seq)]);
    }
    expect(await lake.compact(T10 + 5 * MINUTE_MS, new AbortController().signal)).toBe(23);
    expect(lake.manifest.files).toMatchObject([{ rows: 24, firstSeq: 1, lastSeq: 24 }]);
  });

  it('goes on beside commits without losing either', async () => {
    for (let seq = 1; seq <= 3; seq += 1) await commit(seq, T10, [String(seq)]);
    const compacting = lake.compact(T10 + 2 * HOUR_MS, new AbortController().signal);
    for (let seq = 4; seq <= 6; seq += 1) await commit(seq, T10 + 2 * HOUR_MS, [String(seq)]);
    await compacting;
    const ids = await rows(
      lake.manifest.files.map((file) => file.path),
      'id',
      'ORDER BY id',
    );
    expect(ids.map((row) => row.id)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('goes on with the other hours when one cannot be read', async () => {
    for (let seq = 1; seq <= 4; seq += 1) await commit(seq, T10 + (seq > 2 ? HOUR_MS : 0), [String(seq)]);
    await writeFile(join(root, lake.manifest.files[0]?.path ?? ''), 'damaged');
    const damaged = lake.manifest.files[0];
    expect(await lake.compact(T10 + 3 * HOUR_MS, new AbortController().signal)).toBe(1);
    expect(lake.manifest.files.map((file) => file.rows)).toEqual([1, 2]);
    expect(lake.manifest.unreadable).toMatchObject([{ path: damaged?.path, reason: 'damaged' }]);
  });

  it('merges tombstones too', async () => {
    for (let seq = 1; seq <= 2; seq += 1) {
      const gone = { source: 'x', id: String(seq), before: null, ingested_at: arrival(T10) } as const;
      await lake.commitSegment(await writeExampleSegment(scratch, seq, [], [gone]), T10);
    }
    await lake.compact(T10 + 2 * HOUR_MS, new AbortController().signal);
    expect(lake.manifest.tombstones).toMatchObject([{ rows: 2, firstSeq: 1, lastSeq: 2 }]);
  });
});

describe('retention', () => {
  /** Posts of three hours that are as old as their arrival: as many as retention wants to hear. */
  async function recent(firstSeq: number, hour: number): Promise<void> {
    for (let n = 0; n < 3; n += 1) {
      const arrived = arrival(hour + n * HOUR_MS);
      const post = examplePost({ id: String(firstSeq + n), created_at: arrived, ingested_at: arrived });
      await lake.commitSegment(await writeExampleSegment(scratch, firstSeq + n, [post]), hour);
    }
  }

  /** Passes for two hours of running time. @returns how many files were taken off the list. */
  async function expireAt(now: number, writer = lake): Promise<number> {
    let files = 0;
    for (const end = minutes + 120; minutes <= end; minutes += 5) files += (await writer.expire(now)).files;
    return files;
  }

  it('takes whole hours off the list by arrival, and never deletes a pinned file', async () => {
    await commit(1, T10, ['a']);
    await commit(2, T10 + HOUR_MS, ['b']);
    const snapshot = await readSnapshot(root);
    const pin = await pinSnapshot(lakeAt(root), snapshot, 'run: 1/../../x');
    const eightDays = 8 * 24 * HOUR_MS;
    await recent(3, T10 + eightDays);
    expect(await expireAt(T10 + HOUR_MS + eightDays)).toBe(0);
    expect(await expireAt(T10 + HOUR_MS + eightDays + 1)).toBe(1);
    expect(lake.manifest.files.map((file) => file.hour)).toEqual([
      T10 + HOUR_MS,
      ...[0, 1, 2].map((n) => T10 + eightDays + n * HOUR_MS),
    ]);

    const path = snapshot.manifest.files[0]?.path ?? '';
    minutes += 16;
    await lake.sweep();
    expect(await exists(path)).toBe(true);
    await pin.unpin();
    expect(await lake.sweep()).toBe(1);
    expect(await exists(path)).toBe(false);
    expect(await exists('2026/03/01/10')).toBe(false);
    expect(await exists('2026/03/01/11')).toBe(true);
  });

  it('takes nothing off when the clock is wrong for less than two hours, nor while the posts say otherwise', async () => {
    await commit(1, T10, ['a']);
    await recent(2, T10 + 5 * DAY_MS);
    for (let turn = 0; turn < 3; turn += 1) {
      for (const end = minutes + 115; minutes <= end; minutes += 5) await lake.expire(T10 + 15 * DAY_MS);
      await lake.expire(T10 + 5 * DAY_MS);
    }
    expect(await expireAt(T10 + 15 * DAY_MS)).toBe(0);
    expect(lake.manifest.files).toHaveLength(4);
  });

  it('adds running time up over starts, in a file of its own beside the manifest', async () => {
    await commit(1, T10, ['a']);
    await recent(2, T10 + 9 * DAY_MS);
    const before = await readFile(join(root, 'manifest.json'), 'utf8');
    let expired = 0;
    let starts = 0;
    for (; expired === 0 && starts < 10; starts += 1) {
      const next = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock });
      for (const end = minutes + 30; minutes <= end; minutes += 5) {
        expired += (await next.expire(T10 + 9 * DAY_MS)).files;
      }
      if (expired === 0) expect(await readFile(join(root, 'manifest.json'), 'utf8')).toBe(before);
      await next.close();
    }
    // Half an hour each, of which a crash may lose up to five minutes.
    expect(starts).toBeGreaterThanOrEqual(4);
    expect(starts).toBeLessThanOrEqual(5);
    await writeFile(join(root, 'retention.json'), '{"formatVersion":1,"past":');
    const again = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock });
    expect(await again.expire(T10 + 9 * DAY_MS)).toEqual({ files: 0, others: [] });
    await again.close();
  });

  it('says what else may go, and never speaks of it without need', async () => {
    const letters = { key: 'dead-letters/1', endedAt: T10, keepMs: 8 * DAY_MS, needsPosts: false };
    const young = { ...letters, key: 'dead-letters/2', endedAt: T10 + DAY_MS };
    const gone: string[] = [];
    for (; minutes <= 120; minutes += 5) {
      gone.push(...(await lake.expire(T10 + 8.5 * DAY_MS, [letters, young])).others);
    }
    expect(gone).toEqual(['dead-letters/1']);
  });

  it('keeps tombstones for twice as long', async () => {
    const gone = { source: 'x', id: '5', before: null, ingested_at: arrival(T10) } as const;
    await lake.commitSegment(await writeExampleSegment(scratch, 1, [examplePost()], [gone]), T10);
    await recent(3, T10 + 16 * DAY_MS);
    expect(await expireAt(T10 + HOUR_MS + 16 * DAY_MS)).toBe(1);
    expect(lake.manifest.tombstones).toHaveLength(1);
    expect(await expireAt(T10 + HOUR_MS + 16 * DAY_MS + 1)).toBe(1);
    expect(lake.manifest.tombstones).toHaveLength(0);
  });

  it('keeps everything with 0 days', async () => {
    await commit(1, T10, ['a']);
    await recent(2, T10 + 100 * DAY_MS);
    const keeper = await LakeWriter.open(lakeAt(root), { retentionDays: 0, clock });
    expect(await expireAt(T10 + 100 * DAY_MS, keeper)).toBe(0);
    await keeper.close();
    expect(await expireAt(T10 + 100 * DAY_MS)).toBe(1);
  });

  it('takes back a watermark that is ahead of the clock, but for a minute', async () => {
    await commit(1, T10, ['a']);
    await lake.lowerWatermark(T10);
    expect(lake.manifest.watermark).toBe(T10 + MINUTE_MS);
    await lake.advanceWatermark(T10 + 10 * DAY_MS);
    await lake.lowerWatermark(T10 + 2 * MINUTE_MS);
    expect((await readManifest(root))?.watermark).toBe(T10 + 2 * MINUTE_MS);
  });

  it('forgets pins that nobody renews', async () => {
    await commit(1, T10, ['a']);
    const pin = await pinSnapshot(lakeAt(root), await readSnapshot(root), 'r');
    const watch = new PinWatch(lakeAt(root), clock);
    const [file] = lake.manifest.files;
    const [name] = await readdir(lakeAt(root).pins);
    // What the wall clock says does not matter, here as after a jump of it.
    const old = new Date(Date.now() - 60 * MINUTE_MS);
    await utimes(join(lakeAt(root).pins, name ?? ''), old, old);
    expect([...(await watch.pinnedPaths())]).toEqual([file?.path]);
    minutes = 5;
    expect([...(await watch.pinnedPaths())]).toEqual([file?.path]);
    await utimes(join(lakeAt(root).pins, name ?? ''), old, new Date(old.getTime() + MINUTE_MS));
    minutes = 6;
    expect([...(await watch.pinnedPaths())]).toEqual([file?.path]);
    minutes = 12;
    expect((await watch.pinnedPaths()).size).toBe(0);
    expect(await readdir(lakeAt(root).pins)).toEqual([]);
    await pin.unpin();
  });
});

describe('after a crash', () => {
  it('removes at once what was never listed, and what was when nobody can still be reading it', async () => {
    await commit(1, T10, ['a']);
    await commit(2, T10, ['b']);
    const folder = join(root, '2026/03/01/10');
    await writeFile(join(folder, '000000000000003-000000000000004.parquet.tmp'), 'half');
    await writeFile(join(folder, '000000000000003-000000000000005.parquet'), 'never listed');
    await writeFile(join(folder, '000000000000001-000000000000002.parquet'), 'listed once');
    await writeFile(join(folder, 'notes.txt'), 'not ours');
    await writeFile(join(root, 'manifest.json.0123456789abcdef.tmp'), 'half');
    await beginLog(3);
    const again = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock });
    const kept = ['000000000000001-000000000000001.parquet', '000000000000002-000000000000002.parquet', 'notes.txt'];
    expect(await readdir(folder)).toEqual([kept[0], '000000000000001-000000000000002.parquet', ...kept.slice(1)]);
    minutes = 16;
    await again.sweep();
    expect(await readdir(folder)).toEqual(kept);
    expect((await readdir(root)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await again.close();
  });

  it('leaves alone what was never listed and is not in the log any more, as where an older list came back', async () => {
    await commit(1, T10, ['a']);
    const older = await readFile(join(root, 'manifest.json'));
    await commit(2, T10, ['b']);
    await writeFile(join(root, 'manifest.json'), older);
    await beginLog(3);
    const again = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock });
    minutes = 16;
    await again.sweep();
    await again.close();
    expect(await exists('2026/03/01/10/000000000000002-000000000000002.parquet')).toBe(true);
  });

  it('never deletes a file that is being committed, though an earlier one of its name was due', async () => {
    await commit(1, T10, ['a']);
    const path = '2026/03/01/10/000000000000002-000000000000002.parquet';
    await writeFile(join(root, path), 'orphan');
    const again = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock });
    minutes = 16;
    const segment = await writeExampleSegment(scratch, 2, [
      examplePost({ id: 'b', ingested_at: arrival(T10 + MINUTE_MS) }),
    ]);
    const progress = { isDone: false };
    const committing = again.commitSegment(segment, T10).finally(() => (progress.isDone = true));
    while (!progress.isDone) {
      await again.sweep();
      await setImmediate();
    }
    await committing;
    await again.sweep();
    expect(again.manifest.files.map((file) => file.path)).toContain(path);
    expect(await exists(path)).toBe(true);
    await again.close();
  });

  it('refuses to take a lake whose list is gone for one that never had any', async () => {
    for (let seq = 1; seq <= 2; seq += 1) await commit(seq, T10, [String(seq)]);
    await rm(join(root, 'manifest.json'));
    await expect(LakeWriter.open(lakeAt(root), { retentionDays: 8 })).rejects.toMatchObject({ code: 'LAKE_CORRUPT' });
    expect(await exists('2026/03/01/10/000000000000002-000000000000002.parquet')).toBe(true);
  });

  it('also where all that is left begins with the first record, which the log has no more', async () => {
    await commit(1, T10, ['a', 'b']);
    await beginLog(3);
    await rm(join(root, 'manifest.json'));
    await expect(LakeWriter.open(lakeAt(root), { retentionDays: 8 })).rejects.toMatchObject({ code: 'LAKE_CORRUPT' });
    expect(await exists('2026/03/01/10/000000000000001-000000000000002.parquet')).toBe(true);
  });

  it('begins with empty folders to spill into, one for each DuckDB', async () => {
    await mkdir(join(root, 'tmp/write'), { recursive: true });
    await writeFile(join(root, 'tmp/write/duckdb_temp_storage-0.tmp'), 'old');
    const again = await LakeWriter.open(lakeAt(root), { retentionDays: 8 });
    expect(await readdir(join(root, 'tmp/write'))).toEqual([]);
    for (let seq = 1; seq <= 2; seq += 1) await commit(seq, T10, [String(seq)]);
    await lake.compact(T10 + 2 * HOUR_MS, new AbortController().signal);
    expect((await readdir(join(root, 'tmp'))).sort()).toEqual(['merge', 'write']);
    await again.close();
  });
});

describe('UnlistedFiles', () => {
  it('leaves alone what is held, and what was listed meanwhile', async () => {
    const unlisted = new UnlistedFiles(openStore(root), new PinWatch(lakeAt(root), clock), clock);
    const paths = [1, 2].map((seq) => dataPath(T10, seq, seq));
    await mkdir(join(root, '2026/03/01/10'), { recursive: true });
    for (const path of paths) await writeFile(join(root, path), 'x');
    unlisted.add(paths);
    minutes = 16;
    await unlisted.protect([paths[0] ?? ''], async () => {
      expect(await unlisted.sweep(() => lake.manifest)).toBe(1);
    });
    expect(await readdir(join(root, '2026/03/01/10'))).toEqual(['000000000000001-000000000000001.parquet']);
    await commit(1, T10, ['a']);
    expect(await unlisted.sweep(() => lake.manifest)).toBe(0);
    expect(await exists(paths[0] ?? '')).toBe(true);
  });
});

describe('a manifest of the version before', () => {
  it('is read as it is: the same files, no import, nothing set aside', async () => {
    await commit(1, T10, ['a']);
    const { kind: _kind, unreadable: _unreadable, lostRecords: _lost, ...rest } = lake.manifest;
    const files = rest.files.map(({ importName: _import, ...file }) => file);
    await writeFile(join(root, 'manifest.json'), JSON.stringify({ ...rest, formatVersion: 1, files }));
    expect((await readSnapshot(root)).manifest).toEqual({ ...lake.manifest, kind: null });
  });
});

describe('lakeLocation', () => {
  it('takes a name below the data folder, or a path, with the pins beside the lake', () => {
    expect(lakeLocation('/data', 'demo')).toEqual({ root: '/data/demo', pins: '/data/demo.pins' });
    expect(lakeLocation('/data', '/else/where')).toEqual({ root: '/else/where', pins: '/else/where.pins' });
  });

  it.each(['..', '.', '', 'a b', 's3://bucket/prefix', 'tmp', 'lake.pins', '/data', '/data/redis/'])(
    'refuses %j',
    (lakeName) => {
      expect(() => lakeLocation('/data', lakeName)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    },
  );
});

import { access, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, HOUR_MS, type Post } from '@analytica/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LakeDatabase, sqlText } from '../parquet/lake-database.js';
import { exampleDataFile, examplePost, writeExampleSegment } from '../testing.js';
import { hasImports, listImports } from './imports.js';
import { hourOf, lakeAt } from './layout.js';
import { LakeWriter } from './lake-writer.js';
import type { UnreadableFile } from './manifest.js';
import { readManifest } from './manifest-store.js';

const T10 = Date.UTC(2026, 2, 1, 10);
const MINUTE = 60_000;
const { signal } = new AbortController();
let root: string;
let scratch: string;
let lake: LakeWriter;
let minutes: number;

const open = (): Promise<LakeWriter> =>
  LakeWriter.open(lakeAt(root), { retentionDays: 8, clock: () => minutes * MINUTE });

beforeEach(async () => {
  minutes = 0;
  root = await mkdtemp(join(tmpdir(), 'imports-'));
  scratch = await mkdtemp(join(tmpdir(), 'imports-segments-'));
  lake = await open();
});
afterEach(async () => {
  await lake.close();
  await rm(root, { recursive: true });
  await rm(scratch, { recursive: true });
});

const post = (id: string, hour: number, more: Partial<Post> = {}): Post =>
  examplePost({ id, ingested_at: new Date(hour + MINUTE).toISOString(), ...more });

/** Ids of the import `name` begin with its first letter; all others are captured. */
const importOf = ({ id }: Post): string | null => ({ a: 'aviary', b: 'bees' })[id.slice(0, 1)] ?? null;

async function commit(firstSeq: number, hour: number, ids: readonly string[]): Promise<void> {
  const posts = ids.map((id) => post(id, hour));
  await lake.commitSegment(await writeExampleSegment(scratch, firstSeq, posts, [], importOf), hour + MINUTE);
}

async function commitDelete(seq: number, hour: number): Promise<void> {
  const gone = { source: 'x', id: 'gone', before: null, ingested_at: new Date(hour).toISOString() } as const;
  await lake.commitSegment(await writeExampleSegment(scratch, seq, [], [gone]), hour);
}

/** Three captured hours before `now`, then as much running time as retention needs. */
async function retain(firstSeq: number, now: number): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    const hour = hourOf(now) - n * HOUR_MS;
    const posts = [post(`late${String(firstSeq + n)}`, hour, { created_at: new Date(hour).toISOString() })];
    await lake.commitSegment(await writeExampleSegment(scratch, firstSeq + n, posts, [], () => null), hour);
  }
  await passes(now);
}

async function passes(now: number): Promise<void> {
  for (let n = 0; n <= 25; n += 1) {
    minutes += 5;
    await lake.expire(now);
  }
}

async function idsIn(path: string): Promise<unknown[]> {
  const database = await LakeDatabase.open({ memoryMiB: 128, threads: 1, temporaryFolder: join(scratch, 'tmp') });
  const reader = await database.connection.runAndReadAll(
    `SELECT id FROM read_parquet(${sqlText(join(root, path))}) ORDER BY id`,
  );
  database.close();
  return reader.getRows().map(([id]) => id);
}

const contents = (): Promise<(readonly [string | null, unknown[]])[]> =>
  Promise.all(lake.manifest.files.map(async ({ path, importName }) => [importName, await idsIn(path)] as const));

const exists = (path: string): Promise<boolean> =>
  access(join(root, path)).then(
    () => true,
    () => false,
  );

describe('a segment with imports', () => {
  it('becomes one file of captured posts and one of each import', async () => {
    await commit(1, T10, ['c1', 'a1', 'b1', 'c2', 'a2']);
    const range = '2026/03/01/10/000000000000001-000000000000005.parquet';
    expect(lake.manifest.files).toMatchObject([
      { path: range, rows: 2, importName: null },
      { path: `imports/aviary/${range}`, rows: 2, importName: 'aviary' },
      { path: `imports/bees/${range}`, rows: 1, importName: 'bees' },
    ]);
    expect(await contents()).toEqual([
      [null, ['c1', 'c2']],
      ['aviary', ['a1', 'a2']],
      ['bees', ['b1']],
    ]);
    const pages: unknown[] = [];
    for await (const { importName, posts } of lake.inspector.identities(() => expect.fail()))
      pages.push([importName, posts.length]);
    expect(pages).toEqual([
      [null, 2],
      ['aviary', 2],
      ['bees', 1],
    ]);
  });

  it('has no file of captured posts where all were imported', async () => {
    await commit(1, T10, ['a1', 'a2']);
    expect(await contents()).toEqual([['aviary', ['a1', 'a2']]]);
  });

  it('overwrites its own files when it is committed again after a crash', async () => {
    const posts = ['c1', 'a1'].map((id) => post(id, T10));
    const segment = await writeExampleSegment(scratch, 1, posts, [], importOf);
    await lake.commitSegment(segment, T10);
    const { files } = lake.manifest;
    await lake.close();
    await rm(join(root, 'manifest.json'));
    await mkdir(join(root, 'log'));
    await writeFile(join(root, 'log/000000000000001.ndjson'), '');
    lake = await open();
    for (const { path } of files) expect(await exists(path)).toBe(false);
    await lake.commitSegment(segment, T10);
    expect(lake.manifest.files.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
  });

  it('of the version before, which named no imports: replayed posts are told by their path', async () => {
    const posts = [
      post('c1', T10),
      post('1', T10, { ingest_path: 'replay' }),
      post('2', T10, { ingest_path: 'replay' }),
    ];
    const segment = await writeExampleSegment(scratch, 1, posts);
    await lake.commitSegment({ ...segment, imports: new Map([['replay-2026-03-01', 2]]) }, T10);
    expect(await contents()).toEqual([
      [null, ['c1']],
      ['replay-2026-03-01', ['1', '2']],
    ]);
  });

  it('is refused where an import has other rows than the log says, or a name that cannot be', async () => {
    const segment = await writeExampleSegment(scratch, 1, [post('a1', T10), post('a2', T10)], [], importOf);
    for (const imports of [new Map([['aviary', 1]]), new Map([['bees', 2]]), new Map([["../x'", 2]])]) {
      await expect(lake.commitSegment({ ...segment, imports }, T10)).rejects.toMatchObject({ code: 'LAKE_CORRUPT' });
    }
    expect(lake.manifest.files).toEqual([]);
  });
});

describe('compaction', () => {
  it('mixes neither captured and imported posts, nor two imports', async () => {
    for (let n = 1; n <= 3; n += 1) {
      await commit(n * 3 - 2, T10, [`c${String(n)}`, `a${String(n)}`, `b${String(n)}`]);
    }
    expect(await lake.compact(T10 + 2 * HOUR_MS, signal)).toBe(6);
    expect(await contents()).toEqual([
      [null, ['c1', 'c2', 'c3']],
      ['aviary', ['a1', 'a2', 'a3']],
      ['bees', ['b1', 'b2', 'b3']],
    ]);
    expect(lake.manifest.files.map(({ path }) => path.split('/2026/')[0])).toEqual([
      '2026/03/01/10/000000000000001-000000000000009.parquet',
      'imports/aviary',
      'imports/bees',
    ]);
    minutes = 16;
    expect(await lake.sweep()).toBe(9);
    expect((await contents()).flatMap(([, ids]) => ids)).toHaveLength(9);
  });
});

describe('retention', () => {
  it('takes no import, and no tombstone while one is listed', async () => {
    await commit(1, T10, ['c1', 'a1']);
    await commitDelete(3, T10);
    const late = T10 + 40 * DAY_MS + MINUTE;
    await retain(4, late);
    expect((await contents()).flatMap(([, ids]) => ids)).toEqual(['a1', 'late4', 'late5', 'late6']);
    expect(lake.manifest.tombstones).toHaveLength(1);

    await lake.removeImport('aviary');
    expect(lake.manifest.tombstones).toHaveLength(1);
    await passes(late);
    expect(lake.manifest.tombstones).toHaveLength(0);
  });
});

describe('removeImport', () => {
  it('takes the import off the list at once and deletes its files 15 minutes later, and nothing else', async () => {
    await commit(1, T10, ['c1', 'a1', 'b1']);
    await commit(4, T10 + HOUR_MS, ['a2']);
    await commitDelete(5, T10 + HOUR_MS);
    const own = lake.manifest.files.filter(({ importName }) => importName === 'aviary').map(({ path }) => path);
    expect(await lake.removeImport('aviary')).toMatchObject({ name: 'aviary', posts: 2, files: 2 });
    expect((await readManifest(root))?.files.map(({ importName }) => importName)).toEqual([null, 'bees']);
    expect(lake.manifest).toMatchObject({ committedSeq: 5, tombstones: [{ rows: 1 }] });
    minutes = 14;
    expect(await lake.sweep()).toBe(0);
    minutes = 16;
    expect(await lake.sweep()).toBe(2);
    for (const path of own) expect(await exists(path)).toBe(false);
    expect(await exists('imports/aviary')).toBe(false);
    expect(await exists('imports/bees')).toBe(true);
  });

  it('finds the files of a removed import again after a restart, and deletes them then', async () => {
    await commit(1, T10, ['a1']);
    const [path] = lake.manifest.files.map((file) => file.path);
    await lake.removeImport('aviary');
    await lake.close();
    lake = await open();
    minutes = 16;
    expect(await lake.sweep()).toBe(1);
    expect(await exists(path ?? '')).toBe(false);
  });

  it('also takes its files that were set aside, and knows no other name', async () => {
    await commit(1, T10, ['c1', 'a1']);
    const file = lake.manifest.files.find(({ importName }) => importName === 'aviary') ?? exampleDataFile();
    const aside = { ...file, reason: 'damaged', since: T10 };
    const stored = { ...lake.manifest, files: lake.manifest.files.slice(0, 1), unreadable: [aside] };
    await lake.close();
    await writeFile(join(root, 'manifest.json'), JSON.stringify(stored));
    lake = await open();
    expect(hasImports(lake.manifest)).toBe(true);
    expect(await lake.removeImport('bees')).toBeNull();
    const before = lake.manifest;
    expect(before.unreadable).toHaveLength(1);
    await lake.removeImport('aviary');
    expect(lake.manifest.unreadable).toEqual([]);
    expect(lake.manifest.files).toHaveLength(1);
    expect(hasImports(lake.manifest)).toBe(false);
  });
});

describe('listImports', () => {
  it('sums up the files of each import, the one that began first before the others', () => {
    const files = [
      exampleDataFile({ importName: null, rows: 9 }),
      exampleDataFile({ importName: 'b', rows: 2, bytes: 10, hour: T10 + HOUR_MS, minCreatedAt: 5, maxCreatedAt: 9 }),
      exampleDataFile({ importName: 'a', rows: 1, bytes: 1, hour: T10 + HOUR_MS, minCreatedAt: 7, maxCreatedAt: 7 }),
      exampleDataFile({ importName: 'b', rows: 3, bytes: 20, hour: T10, minCreatedAt: 4, maxCreatedAt: 6 }),
    ];
    expect(
      listImports({ files, unreadable: [{ ...files[2], reason: 'damaged', since: 0 }] as UnreadableFile[] }),
    ).toEqual([
      { name: 'b', files: 2, posts: 5, bytes: 30, from: 4, to: 9, firstHour: T10, lastHour: T10 + HOUR_MS },
      { name: 'a', files: 2, posts: 2, bytes: 2, from: 7, to: 7, firstHour: T10 + HOUR_MS, lastHour: T10 + HOUR_MS },
    ]);
  });
});

describe('a lake of the version before', () => {
  /** Three captured or replayed files, listed as that version did. */
  async function earlierLake(paths: readonly Post['ingest_path'][]): Promise<void> {
    for (const [n, path] of paths.entries()) {
      const hour = T10 + n * DAY_MS;
      const segment = await writeExampleSegment(scratch, n + 1, [post(String(n), hour, { ingest_path: path })]);
      await lake.commitSegment(segment, hour);
    }
    const { kind: _kind, unreadable: _unreadable, lostRecords: _lost, ...rest } = lake.manifest;
    const files = rest.files.map(({ importName: _import, ...file }) => file);
    await lake.close();
    await writeFile(join(root, 'manifest.json'), JSON.stringify({ ...rest, formatVersion: 1, files }));
  }
  const names = (): (string | null)[] => lake.manifest.files.map(({ importName }) => importName);
  const formatVersion = async (): Promise<unknown> =>
    (JSON.parse(await readFile(join(root, 'manifest.json'), 'utf8')) as Record<string, unknown>)['formatVersion'];

  it('keeps what was replayed as an import of its arrival day, once and for all', async () => {
    await earlierLake(['replay', 'stream', 'replay']);
    lake = await open();
    expect(names()).toEqual(['replay-2026-03-01', null, 'replay-2026-03-03']);
    expect(lake.recognisedImports.map(({ name, posts }) => [name, posts])).toEqual([
      ['replay-2026-03-01', 1],
      ['replay-2026-03-03', 1],
    ]);
    expect(await formatVersion()).toBe(2);
    await retain(4, T10 + 11 * DAY_MS + MINUTE);
    expect(names()).toEqual(['replay-2026-03-01', 'replay-2026-03-03', null, null, null]);
    await lake.close();
    lake = await open();
    expect(lake.recognisedImports).toEqual([]);
    expect(names()).toEqual(['replay-2026-03-01', 'replay-2026-03-03', null, null, null]);
  });

  it('lists a file that cannot be read as what all others are', async () => {
    await earlierLake(['replay', 'replay', 'replay']);
    await writeFile(join(root, '2026/03/02/10/000000000000002-000000000000002.parquet'), 'damaged');
    lake = await open();
    expect(names()).toEqual(['replay-2026-03-01', 'replay-2026-03-02', 'replay-2026-03-03']);
  });

  it('does not guess what is in a file that cannot be read at the moment', async () => {
    await earlierLake(['replay', 'stream', 'replay']);
    const path = join(root, '2026/03/01/10/000000000000001-000000000000001.parquet');
    await rename(path, `${path}.away`);
    await symlink(path, path);
    await expect(open()).rejects.toThrow();
    await rename(`${path}.away`, path);
    lake = await open();
    expect(names()).toEqual(['replay-2026-03-01', null, 'replay-2026-03-03']);
  });

  it('stays as it is where nothing was replayed, or not all', async () => {
    await earlierLake(['stream', 'backfill', 'stream']);
    await writeFile(join(root, '2026/03/02/10/000000000000002-000000000000002.parquet'), 'damaged');
    lake = await open();
    expect(names()).toEqual([null, null, null]);
    expect(await formatVersion()).toBe(1);
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeleteRow, HOUR_MS } from '@analytica/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lakeAt } from '../catalog/layout.js';
import { LakeWriter } from '../catalog/lake-writer.js';
import { manifestId, readManifest } from '../catalog/manifest-store.js';
import { examplePost, writeExampleSegment } from '../testing.js';
import { LakeDatabase } from './lake-database.js';
import { hiddenAuthors, hiddenPosts } from './hidden-sql.js';
import { tombstoneRows } from './parquet-writer.js';

const AT = '2026-03-01T10:00:00.000Z';
const HOUR = Date.parse(AT);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tombstones-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function authorEvent(author_id: string, minute: number, hidden: boolean): DeleteRow {
  const at = new Date(HOUR + minute * 60_000).toISOString();
  return { source: 'x', author_id, at, until: at, hidden, reason: 'suspended', countries: null, ingested_at: AT };
}

const DELETE: DeleteRow = { source: 'x', id: '1', before: null, ingested_at: AT };

async function commit(lake: LakeWriter, firstSeq: number, rows: readonly DeleteRow[]): Promise<void> {
  const posts = firstSeq === 1 ? [examplePost({ ingested_at: AT })] : [];
  await lake.commitSegment(await writeExampleSegment(folder, firstSeq, posts, rows), HOUR);
}

async function hiddenIn(lake: LakeWriter): Promise<unknown[]> {
  const database = await LakeDatabase.open({ memoryMiB: 128, threads: 1, temporaryFolder: join(folder, 'tmp') });
  const rows = tombstoneRows(lake.manifest.tombstones.map(({ path }) => join(lake.root, path)));
  const posts = await database.connection.runAndReadAll(`SELECT id FROM (${hiddenPosts(rows)}) ORDER BY 1`);
  const authors = await database.connection.runAndReadAll(`SELECT author_id FROM (${hiddenAuthors(rows)}) ORDER BY 1`);
  database.close();
  return [...posts.getRows(), ...authors.getRows()].flat();
}

describe('files of tombstones', () => {
  it('with events make a list that versions before refuse; without, one that they read', async () => {
    const lake = await LakeWriter.open(lakeAt(join(folder, 'lake')), { retentionDays: 0 });
    await commit(lake, 1, [DELETE]);
    const version = async (): Promise<unknown> =>
      (JSON.parse(await readFile(join(lake.root, 'manifest.json'), 'utf8')) as Record<string, unknown>)[
        'formatVersion'
      ];
    expect(await version()).toBe(2);
    await commit(lake, 3, [authorEvent('ann', 0, true), DELETE]);
    expect(await version()).toBe(3);
    expect(lake.manifest.tombstones.map(({ events }) => events)).toEqual([undefined, 1]);
    const stored = await readManifest(lake.root);
    if (stored === null) throw new Error('There is no manifest.');
    expect(manifestId(stored)).toBe(manifestId(lake.manifest));
    await lake.close();
  });

  it('are merged with their events, and the newest event counts', async () => {
    const lake = await LakeWriter.open(lakeAt(join(folder, 'lake')), { retentionDays: 0 });
    await commit(lake, 1, [DELETE]);
    await commit(lake, 3, [authorEvent('ann', 2, false), authorEvent('bob', 1, true)]);
    await commit(lake, 5, [authorEvent('ann', 1, true), authorEvent('bob', 0, false)]);
    expect(await hiddenIn(lake)).toEqual(['1', 'bob']);
    await lake.compact(HOUR + 3 * HOUR_MS, new AbortController().signal);
    expect(lake.manifest.tombstones.map(({ rows, events }) => [rows, events])).toEqual([[5, 4]]);
    expect(await hiddenIn(lake)).toEqual(['1', 'bob']);
    await lake.close();
  });

  it('list how many of their events say where posts are withheld, and keep that when they are merged', async () => {
    const lake = await LakeWriter.open(lakeAt(join(folder, 'lake')), { retentionDays: 0 });
    const withheld: DeleteRow = {
      source: 'x',
      id: '5',
      at: AT,
      hidden: false,
      reason: 'withheld',
      countries: ['DE'],
      ingested_at: AT,
    };
    await commit(lake, 1, [DELETE]);
    await commit(lake, 3, [authorEvent('ann', 0, true)]);
    await commit(lake, 4, [withheld, DELETE]);
    expect(lake.manifest.tombstones.map((file) => file.withheld)).toEqual([undefined, undefined, 1]);
    const stored = await readManifest(lake.root);
    expect(stored?.tombstones).toEqual(lake.manifest.tombstones);
    await lake.compact(HOUR + 3 * HOUR_MS, new AbortController().signal);
    expect(lake.manifest.tombstones.map((file) => [file.rows, file.events, file.withheld])).toEqual([[4, 2, 1]]);
    await lake.close();
  });

  it('of a newer version are refused with a sentence that says what to do', async () => {
    const lake = await LakeWriter.open(lakeAt(join(folder, 'lake')), { retentionDays: 0 });
    await commit(lake, 1, [DELETE]);
    await lake.close();
    const path = join(lake.root, 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"formatVersion":2', '"formatVersion":99'));
    await expect(readManifest(lake.root)).rejects.toThrow(/newer version of this program: update/);
  });
});

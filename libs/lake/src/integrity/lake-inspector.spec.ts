import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS, type Tombstone } from '@analytica/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lakeAt } from '../catalog/layout.js';
import { LakeWriter } from '../catalog/lake-writer.js';
import { readManifest } from '../catalog/manifest-store.js';
import { DAMAGE_CASES, damageFile, examplePost, writeExampleSegment } from '../testing.js';

const T10 = Date.UTC(2026, 2, 1, 10);
const signal = new AbortController().signal;
let root: string;
let scratch: string;
let lake: LakeWriter;
let minutes = 0;

beforeEach(async () => {
  minutes = 0;
  root = await mkdtemp(join(tmpdir(), 'inspected-'));
  scratch = await mkdtemp(join(tmpdir(), 'segments-'));
  lake = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock: () => minutes * 60_000 });
});
afterEach(async () => {
  await lake.close();
  await rm(root, { recursive: true });
  await rm(scratch, { recursive: true });
});

/** A file of one post for each id, all of one hour; each with a tombstone where there are to be some. */
async function commit(hour: number, ids: readonly string[], withTombstones = false): Promise<void> {
  for (const id of ids) {
    const at = new Date(hour + 60_000).toISOString();
    const tombstones: Tombstone[] = withTombstones
      ? [{ source: 'x', id: `t${id}`, before: null, ingested_at: at }]
      : [];
    const post = examplePost({ id, created_at: at, ingested_at: at });
    await lake.commitSegment(
      await writeExampleSegment(scratch, lake.manifest.committedSeq + 1, [post], tombstones),
      hour,
    );
  }
}

async function known(): Promise<string[]> {
  const ids: string[] = [];
  const skip = (): never => {
    throw new Error('No file was to be skipped.');
  };
  for await (const page of lake.inspector.identities(skip)) ids.push(...page.posts.map(({ id }) => id));
  return ids.sort();
}

const pathOf = (index: number): string => lake.manifest.files[index]?.path ?? '';

describe('a lake with a bad file', () => {
  it.each(DAMAGE_CASES)('%s: its posts are left out, and it is set aside', async (damage, reason) => {
    await commit(T10, ['a', 'b', 'c']);
    const bad = pathOf(1);
    const before = lake.manifest;
    await damageFile(root, bad, damage);
    expect(await known()).toEqual(['a', 'c']);
    expect(lake.manifest.files.map(({ path }) => path)).not.toContain(bad);
    const [{ since, ...unreadable } = { since: 0 }] = lake.manifest.unreadable;
    expect(unreadable).toEqual({ ...before.files[1], reason });
    expect(Date.now() - since).toBeLessThan(60_000);
    expect(await readManifest(root)).toEqual(lake.manifest);
    // It is no news a second time.
    expect(await known()).toEqual(['a', 'c']);
    expect(lake.manifest.unreadable).toHaveLength(1);
  });

  it('gives none of its posts, though the first ones can be read', async () => {
    const at = new Date(T10 + 60_000).toISOString();
    const posts = Array.from({ length: 40_000 }, (_, n) => examplePost({ id: `p${String(n)}`, ingested_at: at }));
    await lake.commitSegment(await writeExampleSegment(scratch, 1, posts), T10);
    const path = join(root, pathOf(0));
    const content = await readFile(path);
    const footer = content.length - 8 - content.readUInt32LE(content.length - 8);
    content.fill(0xff, footer >> 1, footer);
    await writeFile(path, content);
    expect(await known()).toEqual([]);
    expect(lake.manifest.unreadable).toMatchObject([{ rows: 40_000, reason: 'damaged' }]);
  });

  it.each(DAMAGE_CASES)('%s: the files beside it become one all the same', async (damage) => {
    await commit(T10, ['a', 'b', 'c', 'd', 'e'], true);
    const [bad, badTombstones] = [pathOf(2), lake.manifest.tombstones[2]?.path ?? ''];
    await damageFile(root, bad, damage);
    await damageFile(root, badTombstones, damage);
    const later = T10 + 2 * HOUR_MS;
    expect(await lake.compact(later, signal)).toBe(0);
    expect(lake.manifest.unreadable.map(({ path }) => path)).toEqual([bad, badTombstones]);
    expect(await lake.compact(later, signal)).toBe(4);
    expect(lake.manifest.files.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual([
      [1, 4],
      [7, 10],
    ]);
    expect(lake.manifest.tombstones.map(({ rows }) => rows)).toEqual([2, 2]);
    expect(await known()).toEqual(['a', 'b', 'd', 'e']);
    // No group spans the range of the bad file, now or ever.
    expect(await lake.compact(later, signal)).toBe(0);
  });

  it('is kept by sweep and retention until a repair', async () => {
    await commit(T10, ['a', 'b']);
    const bad = pathOf(0);
    await damageFile(root, bad, 'no bytes');
    await lake.inspector.glance();
    expect(lake.manifest.unreadable).toMatchObject([{ path: bad }]);
    await commit(T10 + 20 * 24 * HOUR_MS, ['z']);
    await lake.expire(T10 + 20 * 24 * HOUR_MS + HOUR_MS);
    minutes = 60;
    await lake.sweep();
    await access(join(root, bad));
    const again = await LakeWriter.open(lakeAt(root), { retentionDays: 8, clock: () => minutes * 60_000 });
    minutes = 120;
    await again.sweep();
    await again.close();
    await access(join(root, bad));
    expect(lake.manifest.unreadable).toHaveLength(1);
  });

  it('is found by looking at a few files now and then, whatever became of it', async () => {
    const ids = Array.from({ length: 14 }, (_, index) => String(index));
    await commit(T10, ids, true);
    const { files, tombstones } = lake.manifest;
    const expected: [string, string][] = [];
    for (const [index, [damage, reason]] of DAMAGE_CASES.entries()) {
      const { path } = (index % 2 === 0 ? files[2 * index] : tombstones[index]) ?? { path: '' };
      await damageFile(root, path, damage);
      expected.push([path, reason]);
    }
    for (let pass = 0; pass < 4; pass += 1) await lake.inspector.patrol();
    expect(lake.manifest.unreadable.map((file) => [file.path, file.reason]).sort()).toEqual(expected.sort());
    expect(lake.manifest.files).toHaveLength(10);
    expect(lake.manifest.tombstones).toHaveLength(11);
  });

  it('does not try again and again to merge files that are whole and cannot be merged', async () => {
    await commit(T10, ['a', 'b']);
    const merged = lake.manifest.files.map(({ path }) => path);
    // A folder where the merged file is to be written.
    const target = join(root, '2026/03/01/10/000000000000001-000000000000002.parquet');
    await mkdir(join(target, 'in the way'), { recursive: true });
    const later = T10 + 2 * HOUR_MS;
    await expect(lake.compact(later, signal)).rejects.toBeInstanceOf(AggregateError);
    expect(await lake.compact(later, signal)).toBe(0);
    expect(lake.manifest.files.map(({ path }) => path)).toEqual(merged);
    await rm(target, { recursive: true });
    minutes = 61;
    expect(await lake.compact(later, signal)).toBe(1);
  });
});

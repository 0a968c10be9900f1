import { access, copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '@analytica/domain';
import { lakeAt, LakeWriter, readManifest } from '@analytica/lake';
import { DAMAGE_CASES, damageFile, examplePost, writeExampleSegment } from '@analytica/lake/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../test/support/run-command.js';
import { lockRoot } from '../root-lock.js';
import type { LakeCommand, LakeCommandResult } from './lake-command.js';
import { repairCommand } from './repair.js';
import { verifyCommand } from './verify.js';

const T10 = Date.UTC(2026, 2, 1, 10);
let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repair-'));
  root = join(folder, 'lake');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (command: LakeCommand, dryRun = false): Promise<LakeCommandResult> => runCommand(root, command, dryRun);

/** A lake of one file of posts an hour, each with a delete; compacted where `files` an hour are more than one. */
async function makeLake(hours: number, files = 1, posts = 2): Promise<void> {
  const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 0 });
  for (let hour = 0; hour < hours; hour += 1) {
    const at = new Date(T10 + hour * HOUR_MS + 60_000).toISOString();
    for (let file = 0; file < files; file += 1) {
      const first = lake.manifest.committedSeq + 1;
      const rows = Array.from({ length: posts }, (_, index) =>
        examplePost({ id: `${String(hour)}-${String(file)}-${String(index)}`, created_at: at, ingested_at: at }),
      );
      const deletes = [{ source: 'x' as const, id: 'gone', before: null, ingested_at: at }];
      await lake.commitSegment(await writeExampleSegment(folder, first, rows, deletes), Date.parse(at));
    }
  }
  if (files > 1) await lake.compact(T10 + (hours + 2) * HOUR_MS, new AbortController().signal);
  await lake.close();
}

async function manifest() {
  const found = await readManifest(root);
  if (found === null) throw new Error('There is no manifest.');
  return found;
}

const tree = async (): Promise<string[]> => (await readdir(root, { recursive: true })).sort();
const posts = async (): Promise<number> => (await manifest()).files.reduce((sum, { rows }) => sum + rows, 0);
const has = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

describe('npm run lake', () => {
  it('says that a whole lake is whole, and repairs nothing', async () => {
    await makeLake(3);
    const before = [await tree(), await readFile(join(root, 'manifest.json'), 'utf8')];
    expect(await run(verifyCommand)).toMatchObject({ exitCode: 0, json: { files: 3, posts: 6, badFiles: [] } });
    const repaired = await run(repairCommand);
    expect(repaired).toMatchObject({ exitCode: 0, lines: [`Nothing is damaged in ${root}.`] });
    expect([await tree(), await readFile(join(root, 'manifest.json'), 'utf8')]).toEqual(before);
  });

  it.each(DAMAGE_CASES)('%s: is found, and taken off the list', async (damage, reason) => {
    await makeLake(3);
    const { files, tombstones } = await manifest();
    const [bad, badDeletes] = [files[1]?.path ?? '', tombstones[2]?.path ?? ''];
    await damageFile(root, bad, damage);
    await damageFile(root, badDeletes, damage);
    const before = [await tree(), await readFile(join(root, 'manifest.json'), 'utf8')];
    const found = await run(verifyCommand);
    expect(found.exitCode).toBe(1);
    expect(found.json).toMatchObject({
      badFiles: [
        { path: bad, rows: 2, hour: '2026-03-01T11:00:00.000Z', content: 'posts', condition: reason },
        { path: badDeletes, rows: 1, content: 'deletes', condition: reason },
      ],
    });
    expect(found.lines.at(-1)).toContain('npm run lake -- repair');
    const planned = await run(repairCommand, true);
    expect(planned).toMatchObject({ exitCode: 1, json: { lostRecords: 3 } });
    expect([await tree(), await readFile(join(root, 'manifest.json'), 'utf8')]).toEqual(before);
    const repaired = await run(repairCommand);
    expect(repaired).toMatchObject({ exitCode: 0, json: { lostRecords: 3 } });
    expect(repaired.lines.join('\n')).toMatch(
      /2026-03-01 11:00 UTC: .* It was taken off the list\. 2 of 2 posts are lost\./,
    );
    expect(await manifest()).toMatchObject({ lostRecords: 3, unreadable: [] });
    expect(await posts()).toBe(4);
    expect(await has(join(root, 'damaged', bad))).toBe(damage !== 'deleted');
    expect(await has(join(root, bad))).toBe(false);
    expect(await run(verifyCommand)).toMatchObject({ exitCode: 0, json: { lostRecords: 3 } });
  });

  it('lists a file again that somebody has restored', async () => {
    await makeLake(2);
    const bad = (await manifest()).files[0]?.path ?? '';
    const before = await manifest();
    await copyFile(join(root, bad), join(folder, 'backup'));
    await damageFile(root, bad, 'no bytes');
    const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 0 });
    await lake.inspector.glance();
    await lake.close();
    expect(await posts()).toBe(2);
    await copyFile(join(folder, 'backup'), join(root, bad));
    expect(await run(repairCommand)).toMatchObject({ exitCode: 0, json: { lostRecords: 0 } });
    const after = await manifest();
    expect(after.files.toSorted((a, b) => a.hour - b.hour)).toEqual(before.files);
    expect(after.lostRecords).toBe(0);
  });

  it('takes the files that an hour was made of, as long as they are there', async () => {
    await makeLake(2, 3);
    const bad = (await manifest()).files[0];
    expect(bad).toMatchObject({ rows: 6, firstSeq: 1, lastSeq: 9 });
    await damageFile(root, bad?.path ?? '', 'a flipped byte in a data page');
    const repaired = await run(repairCommand);
    expect(repaired.json).toMatchObject({
      lostRecords: 0,
      files: [{ source: 'the files that it was made of', rows: 6 }],
    });
    expect(await posts()).toBe(12);
    expect(await run(verifyCommand)).toMatchObject({ exitCode: 0 });
    // The hour becomes one file again.
    const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 0 });
    expect(await lake.compact(T10 + 9 * HOUR_MS, new AbortController().signal)).toBe(2);
    await lake.close();
    expect(await posts()).toBe(12);
    expect(await run(verifyCommand)).toMatchObject({ exitCode: 0 });
  });

  it('keeps what can be read of a large file', { timeout: 60_000 }, async () => {
    await makeLake(1, 1, 10_000);
    const { path = '' } = (await manifest()).files[0] ?? {};
    const content = await readFile(join(root, path));
    // Row groups begin with the column `id`: the first one's pages lie at the beginning of the file.
    content[5] = (content[5] ?? 0) ^ 0xff;
    await writeFile(join(root, path), content);
    const repaired = await run(repairCommand);
    expect(repaired.json).toMatchObject({
      lostRecords: 4096,
      files: [{ source: 'what can be read of it', rows: 10_000 - 4096, lostRows: 4096 }],
    });
    expect(await posts()).toBe(10_000 - 4096);
    expect(await readFile(join(root, 'damaged', path))).toEqual(content);
    expect(await run(verifyCommand)).toMatchObject({ exitCode: 0 });
  });

  it('verifies beside an ingestor, and does not repair beside one', async () => {
    await makeLake(2);
    await damageFile(root, (await manifest()).files[0]?.path ?? '', 'deleted');
    const lock = await lockRoot(root);
    expect(await run(verifyCommand)).toMatchObject({ exitCode: 1 });
    expect(await run(repairCommand, true)).toMatchObject({ exitCode: 1 });
    await expect(run(repairCommand)).rejects.toThrow(/^An ingestor writes in .*: stop it, then repair again\.$/);
    expect((await manifest()).files).toHaveLength(2);
    await lock.release();
    expect(await run(repairCommand)).toMatchObject({ exitCode: 0 });
  });

  it('refuses a folder where nothing was captured', async () => {
    await expect(run(verifyCommand)).rejects.toMatchObject({ code: 'LAKE_EMPTY' });
  });
});

import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lakeAt } from '../catalog/layout.js';
import { LakeWriter } from '../catalog/lake-writer.js';
import type { DataFile } from '../catalog/manifest.js';
import { LakeDatabase } from '../parquet/lake-database.js';
import { DAMAGE_CASES, damageFile, examplePost, writeExampleSegment } from '../testing.js';
import { checkFile, type FileCondition, glanceAtFile, readEveryColumn } from './file-condition.js';

let root: string;
let scratch: string;
let file: DataFile;
let database: LakeDatabase;
const run = (sql: string): Promise<unknown> => database.connection.run(sql);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lake's [x]?*-"));
  scratch = await mkdtemp(join(tmpdir(), 'segments-'));
  const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 8 });
  const posts = Array.from({ length: 300 }, (_, index) => examplePost({ id: String(index), text: `text ${index}` }));
  await lake.commitSegment(await writeExampleSegment(scratch, 1, posts), 1);
  await lake.close();
  const [first] = lake.manifest.files;
  if (first === undefined) throw new Error('Nothing was written.');
  file = first;
  database = await LakeDatabase.open({ memoryMiB: 128, threads: 1, temporaryFolder: join(scratch, 'tmp') });
});
afterEach(async () => {
  database.close();
  await rm(root, { recursive: true });
  await rm(scratch, { recursive: true });
});

function withFlippedBit(content: Buffer, at: number): Buffer {
  const flipped = Buffer.from(content);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

const withoutChecksum = (): DataFile => ({ ...file, crc32: undefined });

describe('the condition of a file', () => {
  it('is whole as written', async () => {
    expect(file.crc32).toBeGreaterThan(0);
    for (const each of [file, withoutChecksum()]) {
      expect(await glanceAtFile(root, each)).toBe('whole');
      expect(await checkFile(root, each, run)).toBe('whole');
      expect(await readEveryColumn(root, each, run)).toBe('whole');
    }
  });

  it.each(DAMAGE_CASES)('%s: %s, with a checksum and without', async (damage, condition) => {
    await damageFile(root, file.path, damage);
    expect(await checkFile(root, file, run)).toBe(condition);
    expect(await checkFile(root, withoutChecksum(), run)).toBe(condition);
    expect(await readEveryColumn(root, file, run)).toBe(condition);
  });

  it('is damaged by any flipped bit', async () => {
    const path = join(root, file.path);
    const content = await readFile(path);
    for (let at = 4; at < content.length - 8; at += 61) {
      await writeFile(path, withFlippedBit(content, at));
      expect(await checkFile(root, file, run)).toBe('damaged');
    }
  });

  it('is damaged by a flipped bit that Parquet does not notice', async () => {
    const path = join(root, file.path);
    const content = await readFile(path);
    const at = content.lastIndexOf('DuckDB'); // the footer's `created_by`, which no reader looks at
    expect(at).toBeGreaterThan(0);
    await writeFile(path, withFlippedBit(content, at));
    expect(await readEveryColumn(root, file, run)).toBe('whole');
    expect(await checkFile(root, withoutChecksum(), run)).toBe('whole');
    expect(await checkFile(root, file, run)).toBe('damaged');
  });

  it('is not known while the lake itself is out of reach', async () => {
    await rename(root, `${root}-away`);
    expect(await checkFile(root, file, run)).toBe('unknown');
    await rename(`${root}-away`, root);
    expect(await checkFile(root, file, run)).toBe('whole');
  });

  it.each<[string, FileCondition]>([
    ['IO Error: Cannot open file "x": Too many open files', 'unknown'],
    ['IO Error: Could not read from file "x": Input/output error', 'unknown'],
    ['Out of Memory Error: failed to allocate data', 'unknown'],
    ['std::bad_alloc', 'unknown'],
    ['IO Error: Could not read from file "x": No such device', 'unknown'],
    ['IO Error: Cannot open file "x": Transport endpoint is not connected', 'unknown'],
    ['INTERRUPT Error: Interrupted!', 'unknown'],
    ['FATAL Error: Failed: database has been invalidated because of a previous fatal error.', 'unknown'],
    ['IO Error: Cannot open file "x": Permission denied', 'not-permitted'],
    ['Invalid Error: Out of buffer', 'damaged'],
  ])('by what DuckDB says: %s', async (message, condition) => {
    expect(await readEveryColumn(root, file, () => Promise.reject(new Error(message)))).toBe(condition);
  });

  // Root may read everything.
  if (process.getuid?.() !== 0)
    it('is not permitted where it may not be read', async () => {
      await chmod(join(root, file.path), 0);
      expect(await checkFile(root, file, run)).toBe('not-permitted');
    });
});

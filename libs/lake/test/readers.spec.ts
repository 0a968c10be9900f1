import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lakeAt, type LakeLocation } from '../src/catalog/layout.js';
import { LakeWriter } from '../src/catalog/lake-writer.js';
import { PinWatch } from '../src/catalog/pins.js';
import { examplePost, writeExampleSegment } from '../src/testing.js';
import { startChild } from './support/child.js';

/** Root may write everywhere, so that its tests read as another user. */
const NOBODY = process.getuid?.() === 0 ? 65_534 : null;

let folder: string;
let location: LakeLocation;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readers-'));
  await chmod(folder, 0o755);
  location = lakeAt(join(folder, 'lake'));
  const lake = await LakeWriter.open(location, { retentionDays: 8 });
  const posts = ['a', 'b', 'c'].map((id) => examplePost({ id }));
  await lake.commitSegment(await writeExampleSegment(folder, 1, posts), 1);
  await lake.close();
});
afterEach(async () => {
  await chmod(location.root, 0o755);
  await rm(folder, { recursive: true, force: true });
});

it.skipIf(process.platform === 'win32')(
  'a reader that may not write in the lake pins it, reads it and keeps it',
  async () => {
    await mkdir(location.pins);
    await chmod(location.pins, 0o777);
    await chmod(location.root, 0o555);
    const before = await readdir(location.root, { recursive: true });
    const reader = startChild('reader.ts', { location, uid: NOBODY });
    await reader.ended;
    expect(reader.lines).toEqual([{ writing: 'EACCES', hasAll: true, posts: 3 }]);
    expect(await readdir(location.root, { recursive: true })).toEqual(before);
    expect(await readdir(location.pins)).toHaveLength(1);
    expect([...(await new PinWatch(location).pinnedPaths())]).toHaveLength(1);
  },
);

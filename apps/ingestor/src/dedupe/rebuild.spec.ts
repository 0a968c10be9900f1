import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lakeAt, LakeWriter } from '@analytica/lake';
import { examplePost, writeExampleSegment } from '@analytica/lake/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SealedSegment } from '../log/ingest-log.js';
import { identityHash } from './identity-hash.js';
import { rebuildSeen } from './rebuild.js';
import { newSeenByOrigin } from './seen-posts.js';

let root: string;
let lake: LakeWriter;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rebuilt-'));
  lake = await LakeWriter.open(lakeAt(join(root, 'lake')), { retentionDays: 8 });
});
afterEach(async () => {
  await lake.close();
  await rm(root, { recursive: true });
});

async function segmentOf(firstSeq: number, ids: readonly string[]): Promise<SealedSegment> {
  const posts = ids.map((id) => examplePost({ id }));
  const segment = await writeExampleSegment(root, firstSeq, posts, [], () => 'june');
  return { ...segment, arrivedAt: segment.hour, bytes: 1 };
}

it('knows what the lake has and will have, and not what was removed while another sink still lacks it', async () => {
  const both = await segmentOf(1, ['removed']);
  await lake.commitSegment(both, both.arrivedAt);
  await lake.removeImport('june');
  const waiting = await segmentOf(2, ['waiting']);
  const seen = newSeenByOrigin(8);
  const hash = identityHash('key');
  await rebuildSeen(seen, hash, lake, [both, waiting], () => expect.fail());
  expect(seen.imported.has(...hash('x', 'waiting', null))).toBe(true);
  expect(seen.imported.has(...hash('x', 'removed', null))).toBe(false);
});

import { writeFile } from 'node:fs/promises';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hourOf, LakeWriter } from '@analytica/lake';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetterFile } from '../../dead-letters/dead-letter-file.js';
import { SeenPosts } from '../../dedupe/seen-posts.js';
import { Maintenance } from './maintenance.js';

const HOUR = Date.UTC(2026, 2, 1, 10);
const DAY = 86_400_000;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'upkeep-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('Maintenance', () => {
  it('deletes old files though an hour cannot be rewritten', async () => {
    let minutes = 0;
    const lake = await LakeWriter.open(root, { retentionDays: 1, clock: () => minutes * 60_000 });
    const commit = async (seq: number, at: number): Promise<void> => {
      const path = join(root, 'segment.ndjson');
      const row = { kind: 'tombstone', source: 'x', id: String(seq), before: null, ingested_at: new Date(at) };
      await writeFile(path, JSON.stringify(row) + '\n');
      const range = { firstSeq: seq, lastSeq: seq, hour: hourOf(at), posts: 0, tombstones: 1 };
      await lake.commitSegment({ path, ...range }, at);
    };
    const last = HOUR + 3 * DAY;
    await commit(1, HOUR);
    await commit(2, last);
    await commit(3, last);
    const [old, damaged] = lake.manifest.tombstones;
    await writeFile(join(root, damaged?.path ?? ''), 'damaged');
    const maintenance = new Maintenance(
      lake,
      new SeenPosts(1),
      new DeadLetterFile(join(root, 'd')),
      1,
      pino({ level: 'silent' }),
    );
    const round = async (): Promise<void> => {
      maintenance.start(last + DAY / 2, new AbortController().signal);
      await maintenance.finish();
    };
    await round();
    expect(lake.manifest.tombstones).toHaveLength(2);
    minutes = 16;
    await round();
    expect(await readdir(root, { recursive: true })).not.toContain(old?.path);
    await lake.close();
  });
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '@analytica/domain';
import { hourOf, lakeAt, LakeWriter } from '@analytica/lake';
import { examplePost, writeExampleSegment } from '@analytica/lake/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetterFile } from '../../dead-letters/dead-letter-file.js';
import { SeenPosts } from '../../dedupe/seen-posts.js';
import { FileWatch } from './file-watch.js';
import { Maintenance } from './maintenance.js';

const HOUR = Date.UTC(2026, 2, 1, 10);
const DAY = 86_400_000;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'upkeep-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const last = HOUR + 3 * DAY;
const silent = pino({ level: 'silent' });
let minutes: number;
let lake: LakeWriter;
let letters: DeadLetterFile;
let maintenance: Maintenance;
let notices: Map<string, string | null>;

beforeEach(async () => {
  minutes = 0;
  lake = await LakeWriter.open(lakeAt(root), { retentionDays: 1, clock: () => minutes * 60_000 });
  letters = new DeadLetterFile(join(root, 'letters'));
  notices = new Map();
  const watch = new FileWatch(lake, (part, sentence) => notices.set(part, sentence));
  maintenance = new Maintenance(lake, new SeenPosts(1), letters, 1, watch, silent);
});
afterEach(() => lake.close());

async function commitTombstone(seq: number, at: number): Promise<void> {
  const path = join(root, 'segment.ndjson');
  const row = { kind: 'tombstone', source: 'x', id: String(seq), before: null, ingested_at: new Date(at) };
  await writeFile(path, JSON.stringify(row) + '\n');
  const range = { firstSeq: seq, lastSeq: seq, hour: hourOf(at), posts: 0, tombstones: 1, imports: new Map() };
  await lake.commitSegment({ path, ...range }, at);
}

async function commitPost(seq: number, at: number): Promise<void> {
  const time = new Date(at).toISOString();
  const post = examplePost({ id: String(seq), created_at: time, ingested_at: time });
  await lake.commitSegment(await writeExampleSegment(root, seq, [post]), at);
}

/** A round, so many minutes of running time after the one before. */
async function round(after: number, now = last + DAY / 2): Promise<void> {
  minutes += after;
  maintenance.start(now, new AbortController().signal);
  await maintenance.finish();
}

describe('Maintenance', () => {
  it('deletes old files though an hour cannot be rewritten', async () => {
    await commitTombstone(1, HOUR);
    await commitTombstone(2, last);
    await commitTombstone(3, last);
    for (let n = 0; n < 3; n += 1) await commitPost(4 + n, last + n * HOUR_MS);
    const [old, damaged] = lake.manifest.tombstones;
    await writeFile(join(root, damaged?.path ?? ''), 'damaged');
    await round(0);
    for (let n = 0; n < 24; n += 1) await round(5);
    expect(lake.manifest.tombstones).toHaveLength(1);
    expect(lake.manifest.unreadable).toMatchObject([{ path: damaged?.path, reason: 'damaged' }]);
    expect(notices.get('set aside')).toBe(
      'A file with deletes that arrived in the hour of 2026-03-04 10:00 UTC cannot be read. Capture goes on without; ' +
        'to mend the lake, stop capture for a moment and run: npm run lake -- repair',
    );
    expect(await readdir(root, { recursive: true })).toContain(old?.path);
    await round(16);
    expect(await readdir(root, { recursive: true })).not.toContain(old?.path);
  });

  it('deletes nothing by a clock that is wrong for a while, neither posts nor dead letters, and all of it in due course', async () => {
    await commitPost(1, HOUR);
    for (let n = 0; n < 3; n += 1) await commitPost(2 + n, last + n * HOUR_MS);
    await letters.write([{ raw: Buffer.from('x'), stage: 'parse', reason: 'r' }], 's', {}, HOUR);
    const files = (await readdir(root, { recursive: true })).length;
    for (let n = 0; n < 20; n += 1) await round(5, last + 10 * DAY);
    for (let n = 0; n < 20; n += 1) await round(5, HOUR + DAY);
    expect(lake.manifest.files).toHaveLength(4);
    expect(await readdir(root, { recursive: true })).toHaveLength(files + 1);
    expect(await readdir(join(root, 'letters'))).toHaveLength(1);
    for (let n = 0; n <= 24; n += 1) await round(5);
    expect(lake.manifest.files).toHaveLength(3);
    expect(await readdir(join(root, 'letters'))).toEqual([]);
  });

  it('takes what was deleted out of files and dead letters', async () => {
    for (let n = 0; n < 2; n += 1) await commitPost(1 + n, last);
    await letters.write([{ raw: Buffer.from('{"id_str":"2"}'), stage: 'parse', reason: 'r' }], 's', {}, last);
    await round(0, last);
    expect(lake.manifest.files.map(({ rows }) => rows)).toEqual([1, 1]);
    await commitTombstone(3, last);
    await round(5, last);
    expect(lake.manifest.files.map(({ rows }) => rows)).toEqual([1, 1]);
    await commitPost(4, last);
    const path = join(root, 'segment.ndjson');
    const row = { kind: 'tombstone', source: 'x', id: '2', before: null, ingested_at: new Date(last) };
    await writeFile(path, `${JSON.stringify(row)}\n`);
    const range = { firstSeq: 5, lastSeq: 5, hour: hourOf(last), posts: 0, tombstones: 1, imports: new Map() };
    await lake.commitSegment({ path, ...range }, last);
    await round(5, last);
    expect(lake.manifest.files).toHaveLength(3);
    await round(12 * 60, last);
    expect(lake.manifest.files).toHaveLength(2);
    const [name = ''] = await readdir(join(root, 'letters'));
    expect(await readFile(join(root, 'letters', name), 'utf8')).toContain('"raw":""');
  });
});

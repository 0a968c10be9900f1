import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, HOUR_MS } from '@analytica/domain';
import { hourOf, LakeWriter, LOG_FOLDER, type Manifest, readManifest, lakeAt } from '@analytica/lake';
import { examplePost, writeExampleSegment } from '@analytica/lake/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importsCommand } from '../src/commands/imports.js';
import type { LakeCommand } from '../src/commands/lake-command.js';
import { removeImportCommand } from '../src/commands/remove-import.js';
import { identityHash } from '../src/dedupe/identity-hash.js';
import { newSeenByOrigin } from '../src/dedupe/seen-posts.js';
import { IngestLog } from '../src/log/ingest-log.js';
import { initialState } from '../src/log/log-state.js';
import { RecentOriginals } from '../src/originals/recent-originals.js';
import { makeCommit } from '../src/pipeline/commit-batch.js';
import { prepareBatch } from '../src/pipeline/prepare-batch.js';
import { forgetImport } from '../src/sources/files/forget-import.js';
import type { Cursor } from '../src/sources/source.js';
import { bundleIngestor, removeBundle, startIngestor, type Told } from './support/ingestor-process.js';
import { deletion, tweet } from './support/lines.js';
import { untilLogging } from './support/log-growth.js';
import { readLake } from './support/read-lake.js';
import { runCommand } from './support/run-command.js';

const { signal } = new AbortController();
let entry: string;
let scratch: string;

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'imported-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

async function write(name: string, lines: readonly string[]): Promise<string> {
  const file = join(scratch, name);
  await writeFile(file, lines.join('\n'));
  return file;
}

const tweets = (count: number): string[] => Array.from({ length: count }, (_, n) => tweet(String(100 + n)));
const rootOf = (folder: string): string => join(scratch, folder, 'lake');
const environmentOf = (folder: string, file: string): Record<string, string> => ({
  DATA_DIR: join(scratch, folder),
  INGEST_SOURCE: 'replay',
  REPLAY_FILES: file,
  LAKE_FLUSH_SECONDS: '0.2',
});

async function replay(folder: string, file: string, env: Record<string, string> = {}): Promise<Told> {
  const running = startIngestor(entry, { ...environmentOf(folder, file), ...env });
  const done = await running.waitFor('replay-done');
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  return done;
}

/** Starts without any source, waits until all is in the lake, and stops. */
async function startIdle(folder: string): Promise<void> {
  const running = startIngestor(entry, { DATA_DIR: join(scratch, folder), INGEST_SOURCE: 'none' });
  await running.waitFor('recovered').catch(() => undefined);
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
}

const command = (each: LakeCommand, folder: string, name?: string, dryRun = false) =>
  runCommand(rootOf(folder), each, dryRun, name === undefined ? [] : [name]);

async function manifestOf(folder: string): Promise<Manifest> {
  const manifest = await readManifest(rootOf(folder));
  if (manifest === null) throw new Error('There is no manifest.');
  return manifest;
}

const namesOf = ({ files }: Manifest): (string | null)[] => [...new Set(files.map(({ importName }) => importName))];

describe('an import', () => {
  it('stays at every start, whatever is captured and expires meanwhile', async () => {
    const file = await write('Sample 2019.jsonl', tweets(50));
    const done = await replay('kept', file, { LAKE_RETENTION_DAYS: '8' });
    expect(done).toMatchObject({
      accounting: { stored: 50 },
      importName: expect.stringMatching(/^sample-2019-/) as string,
    });
    for (let start = 0; start < 2; start += 1) {
      const again = await replay('kept', file, { LAKE_RETENTION_DAYS: '8' });
      expect(again).toMatchObject({ accounting: { received: 50, stored: 50 }, importName: done['importName'] });
    }

    // Ten days later: three hours are captured, another leaves the lake, after more than two hours of running time.
    let minutes = 0;
    const lake = await LakeWriter.open(lakeAt(rootOf('kept')), { retentionDays: 8, clock: () => minutes * 60_000 });
    const now = Date.now() + 30 * DAY_MS;
    for (const [n, hour] of [now - 10 * DAY_MS, now - 2 * HOUR_MS, now - HOUR_MS, now].map(hourOf).entries()) {
      const time = new Date(hour).toISOString();
      const post = examplePost({ id: String(n), created_at: time, ingested_at: time });
      await lake.commitSegment(await writeExampleSegment(scratch, 51 + n, [post]), hour);
    }
    for (let pass = 0; pass <= 30; pass += 1) {
      minutes += 5;
      await lake.expire(now);
      await lake.sweep();
    }
    await lake.compact(now + 2 * HOUR_MS, signal);
    await lake.close();
    const { manifest, posts } = await readLake(rootOf('kept'), scratch);
    expect(namesOf(manifest)).toEqual([done['importName'], null]);
    expect(posts).toHaveLength(53);
    expect(posts).not.toContain('0');
  });

  it('has the name that it was given, and is refused one that cannot be', async () => {
    const file = await write('named.jsonl', tweets(2));
    expect(await replay('named', file, { REPLAY_IMPORT_NAME: 'june' })).toMatchObject({ importName: 'june' });
    expect(namesOf(await manifestOf('named'))).toEqual(['june']);
    const refused = startIngestor(entry, { ...environmentOf('named', file), REPLAY_IMPORT_NAME: '../June' });
    expect((await refused.waitFor('fatal'))['message']).toMatch(/^REPLAY_IMPORT_NAME is "\.\.\/June": give/);
    expect(await refused.ended).toBe(2);
  });

  it('of a grown file gets what is new, under the same name', async () => {
    const file = await write('grows.jsonl', tweets(3));
    const { importName } = await replay('grown', file);
    await write('grows.jsonl', tweets(5));
    expect(await replay('grown', file)).toMatchObject({
      importName,
      accounting: { received: 8, stored: 5, duplicates: 3 },
    });
    expect(namesOf(await manifestOf('grown'))).toEqual([importName]);
  });

  it('does not lose its name by kill -9', async () => {
    const file = await write('killed.jsonl', tweets(20_000));
    const running = startIngestor(entry, environmentOf('killed', file));
    await untilLogging(running, rootOf('killed'));
    running.child.kill('SIGKILL');
    await running.ended;
    const done = await replay('killed', file);
    expect(done).toMatchObject({ accounting: { stored: 20_000, duplicates: 0 } });
    const manifest = await manifestOf('killed');
    expect(namesOf(manifest)).toEqual([done['importName']]);
    expect(manifest.files.reduce((sum, { rows }) => sum + rows, 0)).toBe(20_000);
  });
});

describe('npm run lake -- remove', () => {
  it('takes an import away and lets it be imported again, without the posts that were deleted', async () => {
    const file = await write('again.jsonl', [...tweets(5), deletion('101')]);
    const { importName } = await replay('removed', file);
    const name = String(importName);
    expect(await replay('removed', file)).toMatchObject({ accounting: { received: 6, stored: 5 } });

    const listed = await command(importsCommand, 'removed');
    expect(listed.json).toMatchObject([{ name, posts: 5, from: '2019-07-03T12:00:00.000Z' }]);
    expect(listed.lines.join('\n')).toMatch(new RegExp(`${name} +5 +2019-07-03 12:00 UTC`));
    expect((await command(removeImportCommand, 'removed', name, true)).lines[0]).toMatch(/would be removed: 5 posts/);
    expect(namesOf(await manifestOf('removed'))).toEqual([name]);

    const removed = await command(removeImportCommand, 'removed', name);
    expect(removed.lines[0]).toBe(`The import ${name} was removed: 5 posts in 1 file, ${sizeIn(removed.json)}.`);
    expect((await command(importsCommand, 'removed')).lines).toEqual(['The lake holds no import.']);
    expect(await manifestOf('removed')).toMatchObject({ files: [], tombstones: [{ rows: 1 }] });
    await expect(command(removeImportCommand, 'removed', name)).rejects.toMatchObject({ code: 'NOT_FOUND' });

    expect(await replay('removed', file)).toMatchObject({
      importName: name,
      accounting: { received: 12, stored: 10, duplicates: 0, deletes: 2 },
    });
    const { manifest, posts, tombstones } = await readLake(rootOf('removed'), scratch);
    expect(posts).toHaveLength(5);
    expect(namesOf(manifest)).toEqual([name]);
    expect(tombstones).toEqual(['101', '101']);
  });

  it('lets every other replay begin anew, which may have left out what was in the removed import', async () => {
    const first = await write('first.jsonl', tweets(10));
    const name = String((await replay('two', first))['importName']);
    const second = await write('second.jsonl', [tweet('100'), tweet('500')]);
    expect(await replay('two', second)).toMatchObject({ accounting: { received: 12, stored: 11, duplicates: 1 } });

    const removed = await command(removeImportCommand, 'two', name);
    expect(removed.lines.at(-1)).toMatch(/^Posts that a later import shared with it are gone/);
    expect(await manifestOf('two')).toMatchObject({ files: [{ rows: 1 }] });
    expect(await replay('two', second)).toMatchObject({ accounting: { received: 14, stored: 12, duplicates: 2 } });
    expect((await readLake(rootOf('two'), scratch)).posts).toEqual(['100', '500']);
  });

  it('is refused while the ingestor runs', async () => {
    const file = await write('busy.jsonl', tweets(1));
    const running = startIngestor(entry, environmentOf('busy', file));
    const name = String((await running.waitFor('replay-done'))['importName']);
    await expect(command(removeImportCommand, 'busy', name)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^An ingestor writes in .*: stop it/) as string,
    });
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    await command(removeImportCommand, 'busy', name);
    expect((await manifestOf('busy')).files).toEqual([]);
  });
});

describe('a segment of the log', () => {
  const hash = identityHash('k');
  const arrivedAt = Date.now();

  /** Logs lines as a source does that brings captured posts or those of an import. */
  async function append(
    log: IngestLog,
    lines: readonly string[],
    path: 'stream' | 'replay',
    importName: string | null,
    cursor: Cursor = {},
  ): Promise<void> {
    const context = { arrivedAt, path, source: null, shiftMs: 0, importName, languages: [] } as const;
    const rows = prepareBatch(
      lines.map((line) => Buffer.from(line)),
      context,
      hash,
    );
    const source = { name: path, importName };
    const commit = makeCommit(
      [{ ...rows, arrivedAt, cursor, isLive: path === 'stream', coverage: [] }],
      log.state,
      source,
      newSeenByOrigin(8),
      new RecentOriginals(hash),
    );
    await log.append(commit.batch, commit.state);
  }

  it('with captured and imported posts becomes two files at the next start', async () => {
    const { log } = await IngestLog.open(join(rootOf('mixed'), LOG_FOLDER), initialState(0, 0), [0]);
    await append(log, [tweet('1'), tweet('2')], 'stream', null);
    await append(log, [tweet('2'), tweet('3')], 'replay', 'june');
    await append(log, [tweet('4')], 'stream', null);
    await log.close();
    await startIdle('mixed');
    const { files } = await manifestOf('mixed');
    expect(files.map(({ rows, importName }) => [importName, rows])).toEqual([
      [null, 3],
      ['june', 2],
    ]);
    expect(new Set(files.map(({ firstSeq, lastSeq }) => `${String(firstSeq)} ${String(lastSeq)}`))).toEqual(
      new Set(['1 5']),
    );
    expect((await readLake(rootOf('mixed'), scratch)).posts).toEqual(['1', '2', '2', '3', '4']);
  });

  it('is in the lake before an import is removed, which can be repeated if it was ended half-way', async () => {
    const folder = join(rootOf('logged'), LOG_FOLDER);
    const { log } = await IngestLog.open(folder, initialState(0, 0), [0]);
    await append(log, [tweet('1'), tweet('2')], 'replay', 'june');
    await append(log, [tweet('3')], 'stream', null);
    const cursor = { job: 'j', import: 'june', file: 0, record: 2, shiftMs: 0 };
    await append(log, [], 'replay', 'june', cursor);
    await log.close();
    const half = await IngestLog.open(folder, initialState(0, 0), [0]);
    const { cursors } = half.log.state;
    expect(cursors['replay']).toEqual(cursor);
    const nothing = { chunks: [], posts: 0, tombstones: 0, importName: null };
    await half.log.append(nothing, { ...half.log.state, cursors: forgetImport(cursors, 'june') });
    await half.log.close();

    const removed = await command(removeImportCommand, 'logged', 'june');
    expect(removed.json).toMatchObject({ removed: true, import: { posts: 2 } });
    expect(await manifestOf('logged')).toMatchObject({ committedSeq: 3, files: [{ rows: 1, importName: null }] });
    expect((await readLake(rootOf('logged'), scratch)).posts).toEqual(['3']);
    const after = await IngestLog.open(folder, initialState(0, 0), [3]);
    expect(after).toMatchObject({ sealed: [], log: { state: { lastSeq: 3, cursors: { stream: {} } } } });
    expect(after.log.state.cursors['replay']).toBeUndefined();
    await after.log.close();
  });

  it('of the version before, which named no imports, becomes the import of its day', async () => {
    const { log } = await IngestLog.open(join(rootOf('before'), LOG_FOLDER), initialState(0, 0), [0]);
    await append(log, [tweet('1'), deletion('9'), tweet('2')], 'replay', null);
    await log.close();
    await startIdle('before');
    const day = new Date(arrivedAt).toISOString().slice(0, 10);
    const manifest = await manifestOf('before');
    expect(manifest).toMatchObject({ files: [{ rows: 2, importName: `replay-${day}` }], tombstones: [{ rows: 1 }] });
  });
});

function sizeIn(json: unknown): string {
  const { bytes } = (json as { import: { bytes: number } }).import;
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

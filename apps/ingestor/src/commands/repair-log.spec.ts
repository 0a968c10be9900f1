import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lakeAt, LakeWriter, LOG_FOLDER, makeFolderDurably, readManifest } from '@analytica/lake';
import { examplePost } from '@analytica/lake/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../test/support/run-command.js';
import { IngestLog, type LogBatch } from '../log/ingest-log.js';
import { initialState, type LogState } from '../log/log-state.js';
import type { LakeCommand, LakeCommandResult } from './lake-command.js';
import { repairCommand } from './repair.js';
import { verifyCommand } from './verify.js';

const T10 = Date.UTC(2026, 2, 1, 10);
const EACH = 5;
let folder: string;
let root: string;
let logFolder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repair-log-'));
  root = join(folder, 'lake');
  logFolder = join(root, LOG_FOLDER);
  await makeFolderDurably(root);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (command: LakeCommand, dryRun = false): Promise<LakeCommandResult> => runCommand(root, command, dryRun);

async function append(log: IngestLog): Promise<void> {
  const first = log.state.lastSeq + 1;
  const at = new Date(T10 + first * 1000).toISOString();
  const lines = Array.from({ length: EACH }, (_, index) => {
    const post = examplePost({ id: String(first + index), created_at: at, ingested_at: at });
    return JSON.stringify({ kind: 'post', ...post }) + '\n';
  });
  const batch: LogBatch = { chunks: [Buffer.from(lines.join(''))], posts: EACH, tombstones: 0, importName: null };
  const { accounting } = log.state;
  const state: LogState = {
    ...log.state,
    lastSeq: first + EACH - 1,
    cursors: { test: { place: first } },
    accounting: { ...accounting, received: accounting.received + EACH, stored: accounting.stored + EACH },
    arrivedAt: Date.parse(at),
  };
  await log.append(batch, state);
}

/** A lake of one segment, and a log of three more with four batches each, the last of them open: 65 records in all. */
async function makeLog(): Promise<void> {
  const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 0 });
  const { log } = await IngestLog.open(logFolder, initialState(0, 0), [0]);
  await append(log);
  const first = await log.seal();
  if (first === null) throw new Error('Nothing was sealed.');
  await lake.commitSegment(first, first.arrivedAt);
  await rm(first.path);
  for (let segment = 0; segment < 3; segment += 1) {
    for (let batch = 0; batch < 4; batch += 1) await append(log);
    if (segment < 2) await log.seal();
  }
  await log.close();
  await lake.close();
}

/** What the next start of the ingestor does with lake and log. */
async function start(): Promise<{ state: LogState; posts: number; lost: number }> {
  const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 0 });
  try {
    const { committedSeq } = lake.manifest;
    const { log, sealed } = await IngestLog.open(logFolder, initialState(committedSeq, 0), [committedSeq]);
    try {
      await append(log);
      const last = await log.seal();
      for (const segment of [...sealed, ...(last === null ? [] : [last])]) {
        await lake.commitSegment(segment, segment.arrivedAt);
      }
      const posts = lake.manifest.files.reduce((sum, { rows }) => sum + rows, 0);
      return { state: log.state, posts, lost: lake.manifest.lostRecords };
    } finally {
      await log.close();
    }
  } finally {
    await lake.close();
  }
}

async function change(name: string, make: (content: Buffer) => Buffer): Promise<void> {
  const path = join(logFolder, name);
  await writeFile(path, make(await readFile(path)));
}

const [SECOND, THIRD, LAST] = ['000000000000006.ndjson', '000000000000026.ndjson', '000000000000046.ndjson'];
const flip = (content: Buffer, text: string, from = 0): Buffer => {
  const at = content.indexOf(text, from) + 2;
  content[at] = (content[at] ?? 0) ^ 1;
  return content;
};

describe('a damaged log', () => {
  it.each<[string, string, (content: Buffer) => Buffer, number]>([
    ['a flipped byte in the second batch of a segment', SECOND, (c) => flip(c, '"id":"12"'), EACH],
    ['a flipped byte in the first line', THIRD, (c) => flip(c, '"commit"'), 0],
    ['a flipped byte in a line that commits', SECOND, (c) => flip(c, '"commit"', c.indexOf('"id":"10"')), EACH],
    [
      'an end that is cut off though another segment follows',
      SECOND,
      (c) => c.subarray(0, c.indexOf('"id":"18"')),
      2 * EACH,
    ],
    ['a segment of zeros', THIRD, (c) => Buffer.alloc(c.length), 4 * EACH],
    ['a flipped byte in the last segment', LAST, (c) => flip(c, '"id":"52"'), EACH],
    [
      'half of a segment of zeros',
      THIRD,
      (c) => Buffer.concat([c.subarray(0, c.indexOf('"id":"31"')), Buffer.alloc(20_000)]),
      3 * EACH,
    ],
  ])(
    '%s: the start refuses, the repair saves what is whole, the next start goes on',
    async (_what, name, make, lost) => {
      await makeLog();
      await change(name, make);
      const original = await readFile(join(logFolder, name));
      await expect(start()).rejects.toThrow(/npm run lake -- repair/);
      expect(await readFile(join(logFolder, name))).toEqual(original);
      const found = await run(verifyCommand);
      expect(found).toMatchObject({ exitCode: 1 });
      expect(found.lines.join('\n')).toContain(name);
      const planned = await run(repairCommand, true);
      expect(planned).toMatchObject({ exitCode: 1, json: { lostRecords: lost } });
      expect(await readdir(logFolder)).not.toContain('damaged');
      const repaired = await run(repairCommand);
      expect(repaired).toMatchObject({ exitCode: 0, json: { lostRecords: lost, log: { damaged: [name] } } });
      expect(await readFile(join(logFolder, 'damaged', name))).toEqual(original);
      expect(await run(verifyCommand)).toMatchObject({ exitCode: 0 });
      expect(await run(repairCommand)).toMatchObject({ exitCode: 0, json: { lostRecords: 0 } });
      // 65 records and those that the start captures; what is lost stays counted as stored.
      const { state, posts, lost: counted } = await start();
      expect(posts).toBe(65 - lost + EACH);
      expect(counted).toBe(lost);
      expect(state.accounting).toMatchObject({ received: 65 + EACH, stored: 65 + EACH });
      expect(state.lastSeq).toBe(65 + EACH);
    },
  );

  it('that lost a segment altogether goes on without it', async () => {
    await makeLog();
    await rm(join(logFolder, THIRD));
    await expect(start()).rejects.toThrow(/run npm run lake -- repair/);
    expect(await run(verifyCommand)).toMatchObject({ exitCode: 1, json: { gaps: [{ firstSeq: 26, lastSeq: 45 }] } });
    expect(await run(repairCommand)).toMatchObject({ exitCode: 0, json: { lostRecords: 20 } });
    expect(await start()).toMatchObject({ lost: 20, state: { lastSeq: 75 } });
    expect((await readManifest(root))?.lostRecords).toBe(20);
  });

  it('is left alone by a torn end, which the next start cuts off', async () => {
    await makeLog();
    await change(LAST, (content) => content.subarray(0, content.length - 10));
    expect(await run(verifyCommand)).toMatchObject({ exitCode: 0 });
    expect(await run(repairCommand)).toMatchObject({ exitCode: 0, json: { lostRecords: 0 } });
    expect(await start()).toMatchObject({ lost: 0, posts: 65 });
  });

  it('of another version is not touched', async () => {
    await makeLog();
    await change(LAST, (content) =>
      Buffer.concat([content, Buffer.from('{"kind":"commit","bytes":0,"crc":0,"state":{"shape":"new"}}\n')]),
    );
    await expect(run(repairCommand)).rejects.toThrow(/another version of this program: repair with that version/);
  });
});

import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '@analytica/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IngestLog, type LogBatch } from './ingest-log.js';
import { initialState, type LogState } from './log-state.js';

const T10 = Date.UTC(2026, 2, 1, 10);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-'));
});
const opened: IngestLog[] = [];
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close().catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
});

const post = (id: number): string => `{"kind":"post","id":"${String(id)}","text":"東京 😀"}\n`;
const tombstone = (id: number): string => `{"kind":"tombstone","id":"${String(id)}"}\n`;

function batch(posts: readonly number[], tombstones: readonly number[] = []): LogBatch {
  const chunks = [...posts.map(post), ...tombstones.map(tombstone)].map((line) => Buffer.from(line));
  return { chunks, posts: posts.length, tombstones: tombstones.length, importName: null };
}

/** Posts of an import, as the log's lines name it. */
function importedBatch(importName: string, posts: readonly number[]): LogBatch {
  const lines = posts.map((id) => post(id).replace('"post",', `"post","import":"${importName}",`));
  return { ...batch(posts), chunks: lines.map((line) => Buffer.from(line)), importName };
}

function after(state: LogState, added: LogBatch, arrivedAt = T10): LogState {
  const records = added.posts + added.tombstones;
  const { accounting } = state;
  return {
    ...state,
    lastSeq: state.lastSeq + records,
    cursors: { ...state.cursors, test: { line: state.lastSeq + records } },
    accounting: {
      ...accounting,
      received: accounting.received + records,
      stored: accounting.stored + added.posts,
      deletes: accounting.deletes + added.tombstones,
    },
    coverage: { seq: 0, unlisted: [] },
    arrivedAt,
  };
}

async function reopen(committedSeq = 0): ReturnType<typeof IngestLog.open> {
  const result = await IngestLog.open(folder, initialState(committedSeq, 0), [committedSeq]);
  opened.push(result.log);
  return result;
}

async function append(log: IngestLog, added: LogBatch, arrivedAt = T10): Promise<void> {
  await log.append(added, after(log.state, added, arrivedAt));
}

describe('IngestLog', () => {
  it('has after a restart what was acknowledged: records, counters, cursors', async () => {
    const { log, sealed } = await reopen();
    expect(sealed).toEqual([]);
    await append(log, batch([1, 2], [3]));
    await append(log, batch([]));
    await append(log, batch([4]));
    const { state } = log;
    await log.close();

    const again = await reopen();
    expect(again.log.state).toEqual(state);
    expect(again.log.recovery).toEqual({ cutBytes: 0, cutLines: 0 });
    expect(again.sealed).toMatchObject([
      { firstSeq: 1, lastSeq: 4, hour: T10, posts: 3, tombstones: 1, arrivedAt: T10 },
    ]);
    await again.log.close();
  });

  it('is cut back to the last commit, wherever in the last batch it was torn', async () => {
    const { log } = await reopen();
    const path = join(folder, '000000000000001.ndjson');
    await append(log, batch([1]));
    const { state } = log;
    const whole = (await stat(path)).size;
    await append(log, batch([2, 3], [4]));
    await log.close();
    const content = await readFile(path);
    expect(content.length).toBeGreaterThan(whole + 300);

    for (let length = whole; length < content.length; length += 1) {
      await rm(folder, { recursive: true });
      await (await reopen()).log.close();
      await writeFile(path, content.subarray(0, length));
      const again = await reopen();
      const tail = content.subarray(whole, length).toString('latin1');
      const lines = tail === '' ? 0 : tail.split('\n').length - (tail.endsWith('\n') ? 1 : 0);
      expect(again.log.recovery).toEqual({ cutBytes: length - whole, cutLines: lines });
      expect(again.log.state).toEqual(state);
      expect(again.sealed).toMatchObject([{ firstSeq: 1, lastSeq: 1, posts: 1, tombstones: 0 }]);
      expect((await stat(path)).size).toBe(whole);
      await again.log.close();
    }
  });

  it('does not count a batch of which a power cut kept the commit line but lost a page', async () => {
    const { log } = await reopen();
    await append(log, batch([1]));
    const { state } = log;
    const path = join(folder, '000000000000001.ndjson');
    const { size } = await stat(path);
    await append(log, batch([2, 3]));
    await log.close();
    const content = await readFile(path);
    content.fill(0x20, size + 20, size + 30);
    await writeFile(path, content);
    const again = await reopen();
    expect(again.log.state).toEqual(state);
    expect(again.log.recovery.cutBytes).toBe(content.length - size);
    await again.log.close();
  });

  it('refuses a segment damaged before a whole batch, and one of another version, and changes nothing', async () => {
    const path = join(folder, '000000000000001.ndjson');
    const { log } = await reopen();
    await append(log, batch([1]));
    const { size } = await stat(path);
    await append(log, batch([2]));
    await append(log, batch([3]));
    await log.close();
    const content = await readFile(path);
    content.fill(0x20, size + 20, size + 30);
    const other = Buffer.concat([
      content.subarray(0, size),
      Buffer.from('{"kind":"commit","bytes":0,"crc":0,"state":{"lastSeq":"1"}}\n'),
    ]);
    for (const damaged of [content, other]) {
      await writeFile(path, damaged);
      await expect(reopen()).rejects.toMatchObject({
        code: 'LAKE_CORRUPT',
        message: expect.stringContaining('000000000000001.ndjson') as string,
      });
      expect(await readFile(path)).toEqual(damaged);
    }
  });

  it('keeps a copy of what it cuts off', async () => {
    const path = join(folder, '000000000000001.ndjson');
    const { log } = await reopen();
    await append(log, batch([1]));
    await log.close();
    await appendFile(path, post(2) + 'torn');
    await (await reopen()).log.close();
    expect(await readFile(`${path}.cut`, 'utf8')).toBe(post(2) + 'torn');
  });

  it('says that a segment is being closed', async () => {
    const { log } = await reopen();
    await append(log, batch([1]));
    expect(log.isSealing).toBe(false);
    const sealing = log.seal();
    expect(log.isSealing).toBe(true);
    expect(await sealing).toMatchObject({ firstSeq: 1, lastSeq: 1 });
    expect(log.isSealing).toBe(false);
    await log.close();
  });

  it('goes on in a new segment, which holds the state when the old ones are gone', async () => {
    const { log } = await reopen();
    await append(log, batch([1, 2]));
    const first = await log.seal();
    expect(first).toMatchObject({ firstSeq: 1, lastSeq: 2, posts: 2 });
    await append(log, batch([3]));
    expect(await log.seal()).toMatchObject({ firstSeq: 3, lastSeq: 3 });
    expect(await log.seal()).toBeNull();
    const { state } = log;
    await log.close();
    await rm(first?.path ?? '');

    const again = await reopen(3);
    expect(again.sealed).toEqual([]);
    expect(again.log.state).toEqual(state);
    expect(await readdir(folder)).toEqual(['000000000000004.ndjson']);
    await append(again.log, batch([4]));
    await again.log.close();
    expect((await reopen(3)).sealed).toMatchObject([{ firstSeq: 4, lastSeq: 4 }]);
  });

  it('knows how many posts each import has in a segment, before a restart and after it', async () => {
    const { log } = await reopen();
    await append(log, batch([1], [2]));
    await append(log, importedBatch('old', [3, 4]));
    await append(log, batch([5]));
    await append(log, importedBatch('old', [6]));
    await append(log, importedBatch('older', [7]));
    await log.close();
    const { log: again, sealed } = await reopen();
    const imports = new Map([
      ['old', 3],
      ['older', 1],
    ]);
    expect(sealed).toMatchObject([{ posts: 6, tombstones: 1, imports }]);
    await append(again, importedBatch('old', [8]));
    expect(await again.seal()).toMatchObject({ posts: 1, imports: new Map([['old', 1]]) });
    await append(again, batch([9]));
    expect(await again.seal()).toMatchObject({ posts: 1, imports: new Map() });
    await again.close();
  });

  it('keeps arrival hours apart', async () => {
    const { log } = await reopen();
    await append(log, batch([1]), T10 + HOUR_MS - 1);
    await expect(append(log, batch([2]), T10 + HOUR_MS)).rejects.toThrow(/hour/);
    await log.seal();
    await append(log, batch([2]), T10 + HOUR_MS);
    expect(log.openSegment).toMatchObject({ records: 1, hour: T10 + HOUR_MS });
    await log.close();
  });

  it('grows no segment without end when nothing in it is a record', async () => {
    const { log } = await reopen();
    for (let n = 0; n < 20; n += 1) await append(log, batch([]));
    const before = log.openSegment.bytes;
    expect(await log.seal()).toBeNull();
    expect(log.openSegment.bytes).toBeLessThan(before / 10);
    expect(await readdir(folder)).toHaveLength(1);
    await log.close();
  });

  it('begins after what the lake has, when the log is gone', async () => {
    const { log } = await IngestLog.open(folder, initialState(41, 40), [41]);
    expect(log.state).toMatchObject({ lastSeq: 41, accounting: { received: 40, stored: 40 } });
    await append(log, batch([42]));
    expect((await readdir(folder))[0]).toBe('000000000000042.ndjson');
    await log.close();
  });

  it('reads what a version wrote that did not keep when sources captured', async () => {
    const { log } = await IngestLog.open(folder, initialState(0, 0), [0]);
    await log.append(batch([1]), after(log.state, batch([1])));
    await log.close();
    const path = join(folder, '000000000000001.ndjson');
    const former = (await readFile(path, 'utf8')).replaceAll(',"coverage":{"seq":0,"unlisted":[]}', '');
    expect(former).not.toContain('coverage');
    await writeFile(path, former);
    const again = await IngestLog.open(folder, initialState(0, 0), [0]);
    expect(again.sealed).toMatchObject([{ posts: 1, coverage: [] }]);
    expect(again.log.state).toMatchObject({ lastSeq: 1, coverage: { seq: 0, unlisted: [] } });
    await again.log.close();
  });

  it('keeps when sources captured, also where a batch says nothing else, and seals it with the records', async () => {
    const { log } = await IngestLog.open(folder, initialState(0, 0), [0]);
    const began = { type: 'began', seq: 1, source: 'x', at: T10, arrivedAt: T10 } as const;
    const coverage = { seq: 1, unlisted: [began] };
    await log.append(batch([]), { ...log.state, coverage });
    await log.close();
    const { log: second, sealed } = await IngestLog.open(folder, initialState(0, 0), [0]);
    expect(sealed).toEqual([]);
    expect(second.state.coverage).toEqual(coverage);
    await second.append(batch([1]), { ...after(second.state, batch([1])), coverage });
    expect((await second.seal())?.coverage).toEqual([began]);
    await second.close();
    const third = await IngestLog.open(folder, initialState(0, 0), [0]);
    expect(third.sealed).toMatchObject([{ posts: 1, coverage: [began] }]);
    await third.log.close();
  });

  it('survives rubbish in its folder', async () => {
    const { log } = await reopen();
    await append(log, batch([1]));
    await log.close();
    await writeFile(join(folder, '000000000000009.ndjson'), '');
    await writeFile(join(folder, '000000000000002.ndjson.tmp'), 'half');
    await writeFile(join(folder, 'README'), 'hello');
    await appendFile(join(folder, '000000000000001.ndjson'), 'rubbish\n\u0000\u0000');
    const again = await reopen();
    expect(again.log.state.lastSeq).toBe(1);
    expect(again.log.recovery).toEqual({ cutBytes: 10, cutLines: 2 });
    expect((await readdir(folder)).sort()).toEqual([
      '000000000000001.ndjson',
      '000000000000001.ndjson.cut',
      '000000000000002.ndjson',
      'README',
    ]);
    await again.log.close();
  });

  it('refuses a sequence that does not match', async () => {
    const { log } = await reopen();
    const added = batch([1]);
    await expect(log.append(added, { ...after(log.state, added), lastSeq: 7 })).rejects.toThrow(/sequence/);
    await truncate(join(folder, '000000000000001.ndjson'), log.openSegment.bytes);
    await log.close();
  });
});

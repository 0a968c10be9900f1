import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { AppError } from '@analytica/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normaliseLine } from '../../normalise/normalise-line.js';
import type { Cursor, RawBatch, Source } from '../source.js';
import { looksBinary } from './input-file.js';
import { createReplaySource } from './files-source.js';

/** `{"a":1}\n{"b":2}\n` */
const BZIP2 = Buffer.from('QlpoOTFBWSZTWQ/l9WEAAAZZgAAQEAAwEDAAAAogADEGTECUmh6eokxEgQXRdyRThQkA/l9WEA==', 'base64');
const NOW = Date.UTC(2026, 6, 4, 12);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function tweet(id: number, createdAt = '2021-04-01T15:52:31.000Z'): string {
  return JSON.stringify({ data: { id: String(id), author_id: '1', created_at: createdAt, text: `post ${id}` } });
}

async function batchesOf(source: Source, resume: Cursor | null = null): Promise<RawBatch[]> {
  const batches: RawBatch[] = [];
  for await (const batch of source.batches(resume, new AbortController().signal)) batches.push(batch);
  return batches;
}

async function linesOf(source: Source, resume: Cursor | null = null): Promise<string[]> {
  return (await batchesOf(source, resume)).flatMap(({ lines }) => lines.map(String));
}

function replay(files: readonly string[], rebase = false): Source {
  return createReplaySource({ files, rebase, now: () => NOW });
}

describe('files', () => {
  it('are told apart by their first bytes, whatever their names', async () => {
    const text = '{"a":1}\n{"b":2}\n';
    const files = [
      file('plain.bz2', text),
      file('gzip.txt', gzipSync(text)),
      file('zstd', zstdCompressSync(text)),
      file('bzip2.gz', BZIP2),
    ];
    const source = replay(files);
    expect(await linesOf(source)).toEqual(Array(4).fill(['{"a":1}', '{"b":2}']).flat());
    expect(source.status().problems).toEqual([]);
    expect(source.progress()).toBe(1);
  });

  it('may be empty, lack the last newline and hold blank lines', async () => {
    expect(await linesOf(replay([file('empty', ''), file('lines', '\n {"a":1}\r\n\r\n{"b":2}')]))).toEqual([
      ' {"a":1}\r',
      '{"b":2}',
    ]);
  });

  it('of invalid UTF-8 here and there keep their good lines', async () => {
    const path = file(
      'mixed',
      Buffer.concat([Buffer.from('{"a":1}\n'), Buffer.from([0xff, 0x00, 0x0a]), Buffer.from('{"b":2}\n')]),
    );
    expect(await linesOf(replay([path]))).toHaveLength(3);
  });

  it.each([
    ['that do not exist', () => join(folder, 'none.jsonl'), /none\.jsonl does not exist/],
    ['that are folders', () => folder, /is a folder/],
    ['that are devices', () => '/dev/null', /not a regular file/],
    [
      'that are pictures',
      () => file('a.jsonl', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')),
      /a\.jsonl is a binary file/,
    ],
    ['in another encoding', () => file('b.jsonl', Buffer.from('caf\xe9 au lait\n', 'latin1')), /binary/],
    ['that are zip archives', () => file('c.zip', 'PK\x03\x04rest'), /zip archive: unpack it/],
  ])('%s are refused before anything is read', (_, path, message) => {
    const good = file('good', '{}');
    let error: unknown = null;
    try {
      replay([good, path()]);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message) as string });
  });

  it('are refused where they are pipes, which would wait', () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(() => replay([path])).toThrow(/not a regular file/);
  });

  it('have to be named', () => {
    expect(() => replay([])).toThrow(/no file to replay/);
  });
});

describe('damage', () => {
  const good = Array.from({ length: 40 }, (_, i) => tweet(i + 1));
  const bytes = gzipSync(`${good.join('\n')}\n`);

  it('ends its file as one dead letter, and the next file goes on', async () => {
    const after = file('after', '{"z":26}\n');
    for (let length = 20; length < bytes.length; length++) {
      const source = replay([file('cut.gz', bytes.subarray(0, length)), after]);
      const lines = await linesOf(source);
      expect(lines.pop()).toBe('{"z":26}');
      const kinds = lines.flatMap((line) =>
        normaliseLine(Buffer.from(line), { arrivedAt: NOW, path: 'replay', source: null, shiftMs: 0 }).map(
          (one) => one.kind,
        ),
      );
      expect(kinds.filter((kind) => kind === 'dead-letter')).toHaveLength(1);
      expect(kinds.at(-1)).toBe('dead-letter');
      expect(lines.slice(0, -1)).toEqual(good.slice(0, lines.length - 1));
      expect(source.status().problems).toEqual([expect.stringMatching(/cut\.gz is damaged or cut off/)]);
    }
  });

  it('of the check sum alone keeps every line', async () => {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt32LE(1, damaged.length - 8);
    const lines = await linesOf(replay([file('sum.gz', damaged)]));
    expect(lines.slice(0, -1)).toEqual(good);
    expect(lines.at(-1)).toMatch(/sum\.gz is damaged/);
  });

  it('of a bzip2 file is told as any other', async () => {
    const source = replay([file('cut.bz2', Buffer.concat([BZIP2, BZIP2.subarray(0, 30)]))]);
    const lines = await linesOf(source);
    expect(lines.slice(0, 2)).toEqual(['{"a":1}', '{"b":2}']);
    expect(lines.slice(2)).toEqual(source.status().problems);
    expect(source.status().problems).toHaveLength(1);
  });

  it('by binary data inside a compressed file leaves the file out', async () => {
    const source = replay([file('photo.gz', gzipSync(Buffer.alloc(1000, 0)))]);
    expect(await linesOf(source)).toEqual(source.status().problems);
    expect(source.status().problems).toEqual([expect.stringMatching(/photo\.gz holds binary data/)]);
  });

  it('by a line without end keeps its beginning alone', async () => {
    const long = Buffer.alloc(11 * 1_048_576, 'x');
    const source = replay([file('long', Buffer.concat([Buffer.from('{"a":1}\n'), long, Buffer.from('\n{"b":2}\n')]))]);
    expect((await linesOf(source)).map(({ length }) => length)).toEqual([7, 1_048_576, 7]);
    expect(source.status().problems).toEqual([expect.stringMatching(/more than 10 MiB/)]);
  });
});

describe('batches', () => {
  it('hold at most 500 lines or 1 MiB, in order, with the arrival time and the path', async () => {
    const small = Array.from({ length: 1201 }, (_, i) => `{"i":${i}}`);
    const big = Array.from({ length: 5 }, () => JSON.stringify({ x: 'x'.repeat(400_000) }));
    const batches = await batchesOf(replay([file('small', small.join('\n')), file('big', big.join('\n'))]));
    expect(batches.map(({ lines }) => lines.length)).toEqual([500, 500, 201, 2, 2, 1]);
    expect(batches.flatMap(({ lines }) => lines.map(String))).toEqual([...small, ...big]);
    expect(batches[0]).toMatchObject({ arrivedAt: NOW, path: 'replay' });
  });

  it('go on after the cursor of any of them', async () => {
    const files = [
      file('one', Array.from({ length: 700 }, (_, i) => `{"i":${i}}`).join('\n')),
      file('two.gz', gzipSync(Array.from({ length: 1300 }, (_, i) => `{"j":${i}}`).join('\n'))),
    ];
    const batches = await batchesOf(replay(files));
    for (const [index, { cursor }] of batches.entries()) {
      const rest = batches.slice(index + 1).flatMap(({ lines }) => lines.map(String));
      // The log keeps a cursor as JSON.
      expect(await linesOf(replay(files), JSON.parse(JSON.stringify(cursor)) as Cursor)).toEqual(rest);
    }
  });

  it('start over where the files are others, or were written to', async () => {
    const path = file('state', '{"a":1}\n');
    const [batch] = await batchesOf(replay([path]));
    expect(await linesOf(replay([path]), batch?.cursor)).toEqual([]);
    expect(await linesOf(replay([path, path]), batch?.cursor)).toHaveLength(2);
    utimesSync(path, 1, 1);
    expect(await linesOf(replay([path]), batch?.cursor)).toHaveLength(1);
  });

  it('never go back in arrival time', async () => {
    const times = [5, 3, 9];
    const path = file('clock', Array.from({ length: 1500 }, () => '{}').join('\n'));
    const batches = await batchesOf(
      createReplaySource({ files: [path], rebase: false, now: () => times.shift() ?? 0 }),
    );
    expect(batches.map(({ arrivedAt }) => arrivedAt)).toEqual([5, 5, 9]);
  });

  it('end when they are told to, and close the file', async () => {
    const path = file('stop', Array.from({ length: 5000 }, () => '{}').join('\n'));
    const control = new AbortController();
    let seen = 0;
    for await (const { lines } of replay([path]).batches(null, control.signal)) {
      seen += lines.length;
      if (seen === 1000) control.abort();
    }
    expect(seen).toBe(1000);
  });

  it('report progress from 0 to 1', async () => {
    const path = file('progress', Array.from({ length: 200_000 }, (_, i) => `{"i":${i}}`).join('\n'));
    const source = replay([path]);
    const shares = [source.progress()];
    for await (const _ of source.batches(null, new AbortController().signal)) shares.push(source.progress());
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => Number(a) - Number(b)));
    expect(new Set(shares).size).toBeGreaterThan(5);
  });
});

describe('rebase', () => {
  const early = '2021-04-01T15:52:31.000Z';
  const last = '2021-04-03T00:00:00.000Z';

  it('moves the last post of all files to now, and the others with it', async () => {
    mkdirSync(join(folder, 'rebase'), { recursive: true });
    const files = [
      file('rebase/a.gz', gzipSync(`${tweet(2, last)}\n`)),
      file('rebase/b', `${tweet(1, early)}\n{"delete":{"status":{"id_str":"5"}}}\nnot JSON\n{"data":{"id":"7"}}\n`),
    ];
    const source = replay(files, true);
    const batches = await batchesOf(source);
    expect(source.shiftMs).toBe(NOW - Date.parse(last));
    expect(batches.flatMap(({ lines }) => lines)).toHaveLength(5);
    expect(source.progress()).toBe(1);

    // A resumed replay keeps the shift that its first part had, although it is later now.
    const resumed = createReplaySource({ files, rebase: true, now: () => NOW + 60_000 });
    expect(await linesOf(resumed, batches[0]?.cursor)).toHaveLength(4);
    expect(resumed.shiftMs).toBe(NOW - Date.parse(last));
  });

  it('shifts nothing without a post, or without being asked to', async () => {
    const none = replay([file('none', '{}\n')], true);
    await batchesOf(none);
    expect(none.shiftMs).toBe(0);
    const unasked = replay([file('some', tweet(1, early))]);
    await batchesOf(unasked);
    expect(unasked.shiftMs).toBe(0);
  });
});

describe('looksBinary', () => {
  it('takes no long over a head of blanks', () => {
    const before = process.cpuUsage();
    expect(looksBinary(Buffer.from('\0' + '\n'.repeat(65_000)))).toBe(true);
    expect(looksBinary(Buffer.from('\0\n  { "a": 1 }\n'))).toBe(false);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(500);
  });
});

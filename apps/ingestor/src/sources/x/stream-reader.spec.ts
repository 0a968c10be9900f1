import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { generatedPost } from '../../../test/doubles/x-api-posts.ts';
import { StreamReader, type StreamRead } from './stream-reader.js';

const options = { stallMs: 60_000, behindMs: 60_000, now: () => 0 };
const open = (): Readable => new Readable({ read: () => undefined });

async function readAll(reader: StreamReader): Promise<StreamRead[]> {
  const reads: StreamRead[] = [];
  do reads.push(await reader.read());
  while (reads.at(-1)?.end === null);
  return reads;
}

const linesOf = (reads: readonly StreamRead[]): string[] => reads.flatMap(({ lines }) => lines.map(String));

describe('StreamReader', () => {
  it('gives the same line, at whichever byte it is split', async () => {
    const { data } = generatedPost(1, 0);
    const line = JSON.stringify({ data: { ...data, text: 'café 😀 日本 👩‍👩‍👧‍👦 ✈️' } });
    const bytes = Buffer.from(`${line}\r\n`);
    for (let at = 0; at <= bytes.length; at += 1) {
      const stream = open();
      const reader = new StreamReader(stream, options);
      const reading = readAll(reader);
      stream.push(bytes.subarray(0, at));
      await Promise.resolve();
      stream.push(bytes.subarray(at));
      stream.push(null);
      expect(linesOf(await reading).map((each) => each.trimEnd())).toEqual([line]);
    }
  });

  it('gives the same lines byte by byte', async () => {
    const lines = Array.from({ length: 12 }, (_, n) => JSON.stringify(generatedPost(n, 0).data));
    const bytes = Buffer.from(`\r\n${lines.join('\r\n')}\r\n\r\n`);
    const reader = new StreamReader(
      Readable.from(
        [...bytes].map((byte) => Buffer.from([byte])),
        { objectMode: false },
      ),
      options,
    );
    expect(linesOf(await readAll(reader)).map((each) => each.trimEnd())).toEqual(lines);
  });

  it('knows keep-alives from silence', async () => {
    const stream = open();
    const reader = new StreamReader(stream, { ...options, stallMs: 80 });
    for (let n = 0; n < 5; n += 1) {
      setTimeout(() => stream.push('\r\n'), 30);
      expect(await reader.read()).toMatchObject({ lines: [], end: null });
    }
    expect((await reader.read()).end).toMatchObject({ type: 'stalled' });
  });

  it('gives what came before a break, and the torn line with it', async () => {
    const stream = open();
    const reader = new StreamReader(stream, options);
    stream.push('{"data":{"id":"1"}}\r\n{"data":{"id":"2"');
    const first = await reader.read();
    stream.destroy(new Error('read ECONNRESET'));
    const last = await reader.read();
    expect(linesOf([first])).toEqual(['{"data":{"id":"1"}}\r']);
    expect(linesOf([last])).toEqual(['{"data":{"id":"2"']);
    expect(last.end).toEqual({ type: 'network', detail: 'read ECONNRESET' });
  });

  it('does not know when bytes came that waited for it', async () => {
    const stream = open();
    const reader = new StreamReader(stream, { ...options, behindMs: 20 });
    stream.push('1\n');
    expect(await reader.read()).toMatchObject({ isCaughtUp: true });
    stream.push('2\n');
    await sleep(40);
    expect(await reader.read()).toMatchObject({ isCaughtUp: false });
    setTimeout(() => stream.push('3\n'), 5);
    expect(await reader.read()).toMatchObject({ isCaughtUp: true });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../normalise/limits.js';
import { LineSplitter } from './line-splitter.js';

function split(bytes: Buffer, cuts: readonly number[]): { lines: Buffer[]; longLines: number } {
  const splitter = new LineSplitter();
  const lines: Buffer[] = [];
  let start = 0;
  for (const cut of [...cuts, bytes.length]) {
    lines.push(...splitter.push(bytes.subarray(start, cut)));
    start = cut;
  }
  const last = splitter.end();
  return { lines: last === null ? lines : [...lines, last], longLines: splitter.longLines };
}

describe('lines', () => {
  const text = 'café 😀 日本\n\n👩‍👩‍👧\r\n \t\r\nlast';
  const bytes = Buffer.from(text);
  const expected = ['café 😀 日本', '👩‍👩‍👧\r', 'last'];

  it('are the same wherever the bytes are cut', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(split(bytes, [cut]).lines.map(String), `cut at ${cut}`).toEqual(expected);
    }
    expect(split(bytes, [...bytes.keys()]).lines.map(String)).toEqual(expected);
  });

  it('are what a split of the whole gives', () => {
    const bytes_ = fc
      .array(fc.constantFrom(0x0a, 0x20, 0x7b, 0xf0, 0x00), { maxLength: 40 })
      .map((a) => Buffer.from(a));
    fc.assert(
      fc.property(bytes_, fc.array(fc.nat(40)), (data, at) => {
        const cuts = at.map((cut) => Math.min(cut, data.length)).sort((a, b) => a - b);
        const whole = data
          .toString('latin1')
          .split('\n')
          .filter((line) => line.trim() !== '');
        expect(split(data, cuts).lines.map((line) => line.toString('latin1'))).toEqual(whole);
      }),
    );
  });

  it('of more than 10 MiB keep their beginning, and their neighbours are whole', () => {
    const long = Buffer.alloc(MAX_LINE_BYTES + 1, 'x');
    const data = Buffer.concat([Buffer.from('a\n'), long, Buffer.from('\nb\n')]);
    for (const cuts of [[], [1_000_000, 9_000_000], [data.length - 3]]) {
      const { lines, longLines } = split(data, cuts);
      expect(lines.map(({ length }) => length)).toEqual([1, 1_048_576, 1]);
      expect(longLines).toBe(1);
    }
  });

  it('of 10 MiB are whole', () => {
    expect(split(Buffer.alloc(MAX_LINE_BYTES, 'x'), [5])).toMatchObject({
      lines: [{ length: MAX_LINE_BYTES }],
      longLines: 0,
    });
  });
});

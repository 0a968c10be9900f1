import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetterFile } from './dead-letter-file.js';
import { DeadLetterSamples } from './dead-letter-samples.js';

const DAY = Date.UTC(2026, 2, 1);
let folder: string;
let letters: DeadLetterFile;
let samples: DeadLetterSamples;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samples-'));
  letters = new DeadLetterFile(folder);
  samples = new DeadLetterSamples(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (at: number, reason: string, ...raws: (string | Buffer)[]) =>
  letters.write(
    raws.map((raw) => ({ raw: Buffer.from(raw as string), stage: 'parse', reason })),
    's',
    {},
    at,
  );
const shown = async (counts: Record<string, number>) => {
  await samples.refresh();
  return samples.of(counts).map((each) => [each.reason, each.count, each.samples]);
};

describe('DeadLetterSamples', () => {
  it('shows the newest of each reason, the commonest first', async () => {
    await write(DAY, 'not JSON: old', 'the day before');
    await write(DAY + 86_400_000, 'not JSON: a', '1', '2', '3', '4');
    await write(DAY + 86_400_000, 'no author: b', '{"id":1}');
    expect(await shown({ 'no author': 1, 'not JSON': 5, 'not here': 2 })).toEqual([
      ['not JSON', 5, ['4', '3', '2']],
      ['not here', 2, []],
      ['no author', 1, ['{"id":1}']],
    ]);
  });

  it('knows none without a folder, and forgets what is deleted', async () => {
    expect(await shown({ 'not JSON': 1 })).toEqual([['not JSON', 1, []]]);
    await write(DAY, 'not JSON', 'secret');
    expect(await shown({ 'not JSON': 1 })).toEqual([['not JSON', 1, ['secret']]]);
    await truncate(join(folder, '2026-03-01.ndjson'));
    expect(await shown({ 'not JSON': 1 })).toEqual([['not JSON', 1, []]]);
    await write(DAY, 'not JSON', 'again');
    await letters.remove('dead-letters/2026-03-01.ndjson');
    expect(await shown({ 'not JSON': 1 })).toEqual([['not JSON', 1, []]]);
  });

  it('shows the beginning of great ones, in one line, whatever their bytes', async () => {
    const emoji = '😀'.repeat(400);
    await write(DAY, 'great', emoji, Buffer.from([0x61, 0x00, 0x0a, 0x1b, 0x5b, 0xff, 0xe2, 0x80, 0xae, 0x62]));
    const [[, , texts]] = (await shown({ great: 2 })) as [[string, number, string[]]];
    expect(texts).toEqual(['a [\ufffd b', `${'😀'.repeat(280)}…`]);
  });

  it('passes over torn lines, and reads no more than the end of a great file', async () => {
    await write(DAY, 'r', 'first');
    await writeFile(join(folder, '2026-03-01.ndjson'), `${'x'.repeat(3_000_000)}\n{"at":`, { flag: 'a' });
    expect(await shown({ r: 1 })).toEqual([['r', 1, []]]);
    await write(DAY, 'r', 'last');
    expect(await shown({ r: 2 })).toEqual([['r', 2, ['last']]]);
  });
});

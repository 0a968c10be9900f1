import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { normaliseLine } from '../src/normalise/normalise-line.js';
import { blueskyTimes, createBlueskySource } from '../src/sources/bluesky/bluesky-source.js';
import { parseEndpoints } from '../src/sources/bluesky/endpoint.js';
import { eventOfLine } from './doubles/jetstream-event.ts';
import { JetstreamDouble } from './doubles/jetstream.ts';
import { Collected } from './support/collected.js';

/** Real posts may be used, never published: they lie beside the checkout, where they are at all. */
const FILE = join(import.meta.dirname, '../../../../shared/data/bluesky-jetstream/events.jsonl');
const isAbsent = !existsSync(FILE);
if (isAbsent) console.warn('There is no ../shared/data beside this checkout: Bluesky was not tested on real events.');
const isRequired = process.env['CI'] === 'true';
const WANTED = /"(app\.bsky\.feed\.(post|repost)|identity|account)"/;

const ARRIVED = Date.now();
const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function recordsOf(lines: readonly Buffer[]): unknown {
  const context = { arrivedAt: ARRIVED, path: 'stream', source: null, shiftMs: 0 } as const;
  const records = lines.flatMap((line) => normaliseLine(line, context));
  // Without the functions in them.
  return JSON.parse(JSON.stringify(records)) as unknown;
}

it('the real events are there wherever they have to be', () => {
  expect(isAbsent && isRequired).toBe(false);
});

if (!isAbsent)
  describe('real events of Bluesky', () => {
    it.each(['v1', 'v2'] as const)('come through %s as they are in the file', async (protocol) => {
      const lines = readFileSync(FILE, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      const double = await JetstreamDouble.start();
      closing.push(() => double.close());
      const endpoints = parseEndpoints(double[protocol]);
      const source = createBlueskySource({ endpoints, now: Date.now, times: blueskyTimes(60_000) });
      const collected = new Collected(source);
      closing.push(() => collected.stop());
      await expect.poll(() => double.connections).toBe(1);
      for (const line of lines) {
        const event = eventOfLine(line);
        if (event !== null) double.publishLine(event, Buffer.from(line));
      }
      const wanted = lines.filter(
        (line) => WANTED.test(line) && !/"collection":"(?!app\.bsky\.feed\.(post|repost)")/.test(line),
      );
      expect(wanted.length).toBeGreaterThan(17);
      await expect.poll(() => collected.count).toBe(wanted.length);
      if (protocol === 'v1') expect(collected.lines).toEqual(wanted);
      const received = collected.batches.flatMap((batch) => batch.lines);
      expect(recordsOf(received)).toEqual(recordsOf(wanted.map((line) => Buffer.from(line))));
    });
  });

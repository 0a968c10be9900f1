import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normaliseLine } from '../../normalise/normalise-line.js';
import type { Normalised } from '../../normalise/normalised.js';
import { createReplaySource } from './files-source.js';
import type { Source } from '../source.js';

/** Real posts may be used, never published: they lie beside the checkout, where they are at all. */
const DATA = join(import.meta.dirname, '../../../../../../shared/data');
const isAbsent = !existsSync(DATA);
if (isAbsent) console.warn('There is no ../shared/data beside this checkout: replay was not tested on real posts.');
const isRequired = process.env['CI'] === 'true';

interface Replayed {
  readonly source: Source;
  readonly records: readonly Normalised[];
  readonly counts: Readonly<Record<string, number>>;
}

async function replay(files: readonly string[]): Promise<Replayed> {
  const source = createReplaySource({ files, rebase: false });
  const records: Normalised[] = [];
  const counts: Record<string, number> = {};
  for await (const { lines, arrivedAt, path } of source.batches(null, new AbortController().signal)) {
    for (const line of lines) {
      for (const record of normaliseLine(line, {
        arrivedAt,
        path,
        source: source.postSource,
        shiftMs: source.shiftMs,
      })) {
        records.push(record);
        counts[record.kind] = (counts[record.kind] ?? 0) + 1;
      }
    }
  }
  return { source, records, counts };
}

function postsOf(records: readonly Normalised[]): readonly Extract<Normalised, { kind: 'post' }>['post'][] {
  return records.flatMap((record) => (record.kind === 'post' ? [record.post] : []));
}

it('the real data are there wherever they have to be', () => {
  expect(isAbsent && isRequired).toBe(false);
});

if (!isAbsent)
  describe('real data', { timeout: 120_000 }, () => {
    const sample = globSync(join(DATA, 'x-v1-sample-2019-07-03/*.bz2')).sort();

    it('of the v1.1 sample: every line is a tweet or a delete', async () => {
      const { source, records, counts } = await replay(sample);
      expect(counts).toEqual({ post: 5_644, delete: 16_870 });
      expect(source.status().problems).toEqual([]);
      const posts = postsOf(records);
      expect(new Set(posts.map(({ id }) => id)).size).toBe(5_634);
      expect(posts.filter(({ retweet_of }) => retweet_of !== null)).toHaveLength(2_806);
      expect(posts.filter(({ reply_to }) => reply_to !== null)).toHaveLength(1_205);
      expect(posts.filter(({ quote_of }) => quote_of !== null)).toHaveLength(188);
      expect(posts.flatMap(({ hashtags }) => hashtags)).toHaveLength(2_065);
      expect(posts.flatMap(({ mentions }) => mentions)).toHaveLength(2_822);
      // The sample stream sends a tweet within seconds: whatever lies outside these minutes was misread.
      for (const { created_at } of posts) expect(created_at).toMatch(/^2019-07-03T06:(?:2[89]|3[012]):/);
    });

    it('of a bzip2 file that is cut off: all whole lines, and one dead letter', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'replay-'));
      try {
        const cut = join(folder, 'cut.bz2');
        writeFileSync(cut, readFileSync(sample[0] ?? '').subarray(0, 1_000_000));
        const { source, counts } = await replay([cut, join(DATA, 'bluesky-jetstream/events.jsonl')]);
        // 5,818 whole lines, of which the blocks before the damage hold 9,000,000 bytes, and the 152 events after them.
        expect(counts['dead-letter']).toBe(1);
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(5_818 + 1 + 152);
        expect(source.status().problems).toEqual([expect.stringContaining('cut.bz2')]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('of X v2: pages, stream lines and a torn last line', async () => {
      const { records, counts } = await replay(globSync(join(DATA, 'x-v2/*.jsonl')).sort());
      expect(counts).toEqual({ post: 217, 'dead-letter': 1 });
      const torn = records.find(({ kind }) => kind === 'dead-letter');
      expect(torn).toMatchObject({ stage: 'parse', reason: expect.stringMatching(/not JSON/) as string });
      expect(torn?.kind === 'dead-letter' && torn.raw.toString()).toBe('{"data": {"author_id": "1021159080151404544"');
      const posts = postsOf(records);
      expect(posts.find(({ place_name }) => place_name === 'Berlin, Germany')).toMatchObject({ place_country: 'DE' });
      expect(posts.find(({ lat }) => lat !== null)).toMatchObject({ lat: 88.01785747, lon: 42.77810097 });
      expect(posts.flatMap(({ cashtags }) => cashtags).length).toBeGreaterThan(0);
      expect(posts.some(({ edit_history_ids }) => edit_history_ids.length > 1)).toBe(true);
      expect(posts.every(({ author_username }) => author_username !== null)).toBe(true);
    });

    it('of Jetstream: 17 posts, 15 reposts, one delete and one account event among 152 events', async () => {
      const { records, counts } = await replay([join(DATA, 'bluesky-jetstream/events.jsonl')]);
      expect(counts).toEqual({ post: 32, delete: 1, removals: 1, 'not-post': 118 });
      const all = postsOf(records);
      expect(new Set(all.map(({ id, version }) => `${id} ${String(version)}`)).size).toBe(32);
      const posts = all.filter(({ retweet_of }) => retweet_of === null);
      expect(posts).toHaveLength(17);
      expect(posts.flatMap(({ hashtags }) => hashtags)).toEqual([
        'HowToTellAiToShutUp',
        'IndieRebellion',
        'talesatwonderworld',
        'balanwonderworldoc',
      ]);
      expect(posts.filter(({ reply_to }) => reply_to !== null)).toHaveLength(8);
      expect(new Set(posts.map(({ version }) => version)).size).toBe(17);
    });
  });

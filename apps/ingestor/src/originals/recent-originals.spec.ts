import fc from 'fast-check';
import { examplePost } from '@analytica/lake/testing';
import { describe, expect, it } from 'vitest';
import { identityHash } from '../dedupe/identity-hash.js';
import { removalEntry, fieldsOf, NO_ORIGINAL, postEntry } from './original-entry.js';
import { type OriginalsLimits, RecentOriginals } from './recent-originals.js';

const hash = identityHash('k');
const SMALL: OriginalsLimits = { posts: 20, bytes: 1e9, chunkPosts: 4, chunkBytes: 1e9 };

const removal = (id: string): Buffer =>
  removalEntry({ source: 'bluesky', id, before: null, ingested_at: '' }) ?? Buffer.alloc(0);
const uri = (id: number): string => `at://did:plc:a/app.bsky.feed.post/${String(id)}`;
const hashOf = (id: number): readonly [number, number] => hash('bluesky', uri(id), null);
const row = (id: number, text: string) => examplePost({ id: uri(id), source: 'bluesky', text, text_clean: text });

type Step =
  | { readonly do: 'add'; readonly id: number; readonly text: string; readonly importName: string | null }
  | { readonly do: 'delete'; readonly id: number };

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('add' as const),
        id: fc.nat(30),
        text: fc.string(),
        importName: fc.constantFrom(null, 'june'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), id: fc.nat(30) }) },
  ),
  { maxLength: 120 },
);

/** Rule 5, to the letter: of all rows the last 20, and of those the last one of an id. */
class Reference {
  rows: { id: number; text: string; importName: string | null; gone: boolean }[] = [];

  do(step: Step): void {
    if (step.do === 'add') this.rows.push({ ...step, gone: false });
    else for (const each of this.rows) each.gone ||= each.id === step.id;
  }

  find(id: number): string | null {
    const last = this.rows.slice(-SMALL.posts).findLast((each) => each.id === id && !each.gone);
    return last === undefined || last.text.length > 10_000 ? null : last.text;
  }
}

function doIn(originals: RecentOriginals, step: Step, sequence: number): void {
  if (step.do === 'add') {
    originals.add(postEntry(row(step.id, step.text), step.importName), sequence, hashOf(step.id));
  } else originals.add(removal(uri(step.id)), sequence, hashOf(step.id));
}

const found = (originals: RecentOriginals): (string | null)[] =>
  Array.from({ length: 31 }, (_, id) => originals.find(...hashOf(id))?.text ?? null);
const expected = (reference: Reference): (string | null)[] => Array.from({ length: 31 }, (_, id) => reference.find(id));

describe('RecentOriginals', () => {
  it('has the last posts, of each the last version, and none that was deleted', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const originals = new RecentOriginals(hash, SMALL);
        const reference = new Reference();
        for (const [index, step] of all.entries()) {
          doIn(originals, step, index + 1);
          reference.do(step);
          expect(found(originals)).toEqual(expected(reference));
        }
        expect(originals.size).toBeLessThan(SMALL.posts + SMALL.chunkPosts);
      }),
      { numRuns: 100 },
    );
  });

  it('gives every column of a row back', () => {
    const post = examplePost({
      ...{
        id: uri(1),
        source: 'bluesky',
        text: 'È  caffè https://a.it #Tag @bob 😀',
        text_clean: 'È caffè #Tag @bob 😀',
      },
      ...{ lang: 'it', hashtags: ['Tag'], mentions: ['bob'], urls: ['https://www.a.it/b', 'https://bsky.app/c'] },
      ...{
        domains: ['a.it'],
        emojis: ['😀'],
        terms: ' e caffe tag @bob ',
        tags: ' tag ',
        words: ['è', 'caffè', 'tag'],
      },
      ...{ author_username: 'ann.example', created_at: '2026-03-01T10:00:00.123Z' },
    });
    const entry = postEntry(post, 'june');
    expect(fieldsOf(entry, 0, entry.length)).toEqual({
      ...Object.fromEntries(
        Object.keys(NO_ORIGINAL)
          .filter((column) => column in post && !column.startsWith('retweet_of'))
          .map((column) => [column, post[column as keyof typeof post]]),
      ),
      retweet_of_author_username: 'ann.example',
      retweet_of_created_at: '2026-03-01T10:00:00.123Z',
    });
    const bare = examplePost({
      id: uri(1),
      source: 'bluesky',
      text: '',
      text_clean: '',
      terms: ' ',
      tags: ' ',
      words: [],
    });
    const empty = postEntry(bare, null);
    expect(fieldsOf(empty, 0, empty.length)).toMatchObject({
      text: '',
      text_clean: '',
      terms: ' ',
      tags: ' ',
      words: [],
    });
  });

  it('does not give an earlier version of a post whose last one is too long', () => {
    const originals = new RecentOriginals(hash, SMALL);
    doIn(originals, { do: 'add', id: 1, text: 'short', importName: null }, 1);
    expect(originals.find(...hashOf(1))?.text).toBe('short');
    doIn(originals, { do: 'add', id: 1, text: 'x'.repeat(10_001), importName: null }, 2);
    expect(originals.find(...hashOf(1))).toBeNull();
    for (let n = 0; n < 10; n += 1) doIn(originals, { do: 'add', id: 2 + n, text: 'y', importName: null }, 3 + n);
    expect(originals.find(...hashOf(1))).toBeNull();
    doIn(originals, { do: 'add', id: 1, text: 'x'.repeat(9_900), importName: null }, 20);
    expect(originals.find(...hashOf(1))?.text).toHaveLength(9_900);
  });

  it('holds fewer posts where they are long, but always the last ones', () => {
    const originals = new RecentOriginals(hash, { ...SMALL, bytes: 50_000, chunkBytes: 10_000 });
    for (let n = 0; n < 20; n += 1)
      doIn(originals, { do: 'add', id: n, text: 'é'.repeat(2000), importName: null }, n + 1);
    const texts = found(originals);
    expect(originals.memoryBytes).toBeLessThan(100_000);
    expect(texts[19]).toHaveLength(2000);
    expect(texts.filter((text) => text !== null).length).toBeGreaterThan(5);
    expect(texts.slice(0, 5)).toEqual([null, null, null, null, null]);
  });

  it('lets the posts of an import go, and has the captured ones that they stood before', () => {
    const originals = new RecentOriginals(hash, { ...SMALL, chunkPosts: 1 });
    doIn(originals, { do: 'add', id: 1, text: 'captured', importName: null }, 1);
    doIn(originals, { do: 'add', id: 1, text: 'imported', importName: 'june' }, 2);
    doIn(originals, { do: 'add', id: 2, text: 'other', importName: 'july' }, 3);
    originals.forgetImport('june');
    expect(found(originals).slice(1, 3)).toEqual(['captured', 'other']);
  });
});

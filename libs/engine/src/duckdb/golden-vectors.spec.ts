import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Post } from '@analytica/domain';
import { lakeAt, LakeWriter, readSnapshot, type Snapshot } from '@analytica/lake';
import { examplePost, writeExampleSegment } from '@analytica/lake/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListColumn } from '../aggregate/columns.js';
import { type Dictionary, NOTHING } from '../aggregate/dictionary.js';
import { MatchedPosts, QUOTE, REPLY } from '../aggregate/matched-posts.js';
import { filesInOrder } from '../partitions.js';
import { RecycledInstance } from './recycled-instance.js';
import { Scan } from './scan.js';

interface Vector {
  readonly row: Partial<Post>;
  readonly facts: string | null;
  readonly read: Readonly<Record<string, unknown>>;
}

let folder: string;
let snapshot: Snapshot;
let vectors: readonly Vector[];

beforeAll(async () => {
  const file = new URL('../../../lake/src/facts/golden-vectors.json', import.meta.url);
  vectors = JSON.parse(await readFile(file, 'utf8')) as Vector[];
  folder = await mkdtemp(join(tmpdir(), 'golden-vectors-'));
  const location = lakeAt(join(folder, 'lake'));
  const lake = await LakeWriter.open(location, { retentionDays: 0 });
  const segment = await writeExampleSegment(
    folder,
    1,
    vectors.map(({ row }) => examplePost(row)),
  );
  await lake.commitSegment(segment, segment.hour);
  await lake.close();
  snapshot = await readSnapshot(location.root);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** All rows as the reader makes them, in the order of the vectors. */
async function readAll(includeRetweetWords: boolean): Promise<Record<string, unknown>[]> {
  const signal = new AbortController().signal;
  const instance = await RecycledInstance.open({
    memoryLimit: '256MB',
    threads: 1,
    tempDirectory: join(folder, 'tmp'),
  });
  const posts = new MatchedPosts({ figures: true, includeStopWords: true, hiding: true });
  await instance.withConnection(signal, async (connection) => {
    const question = {
      interval: { from: 0, to: Number.MAX_SAFE_INTEGER },
      conditions: [{ sql: 'true', parameters: [] }],
      shape: { figures: true, includeRetweetWords, hiding: true },
    };
    const scan = new Scan([connection], snapshot, question, posts);
    scan.add(await scan.fetch(filesInOrder(snapshot.manifest)));
  });
  await instance.close();
  expect(posts.rows).toBe(vectors.length);
  const rows = Array.from({ length: posts.rows }, (_, row) => row);
  return rows.toSorted((a, b) => posts.fileRow.at(a) - posts.fileRow.at(b)).map((row) => decoded(posts, row));
}

function decoded(posts: MatchedPosts, row: number): Record<string, unknown> {
  const textAt = (column: { at(row: number): number }, texts: Dictionary): string | null =>
    column.at(row) === NOTHING ? null : texts.text(column.at(row));
  const list = (column: ListColumn, texts: Dictionary): string[] =>
    Array.from({ length: column.end(row) - column.start(row) }, (_, index) =>
      texts.text(column.items.at(column.start(row) + index)),
    );
  const number = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const kind = posts.kind.at(row);
  const [from, to] = [posts.tags.start(row), posts.tags.end(row)];
  return {
    id: textAt(posts.id, posts.ids),
    author_id: textAt(posts.author, posts.authors),
    author_username: textAt(posts.username, posts.usernames),
    source: posts.sourceOf(row),
    version: textAt(posts.version, posts.versions),
    created: posts.created.at(row),
    ingested: posts.ingested.at(row),
    kind: `${(kind & REPLY) === 0 ? '' : 'r'}${(kind & QUOTE) === 0 ? '' : 'q'}`,
    retweet_of: textAt(posts.retweetOf, posts.retweeted),
    retweet_of_created: number(posts.retweetOfCreated.at(row)),
    retweet_count: number(posts.reported.at(row)),
    tags: list(posts.tags, posts.tagTexts),
    hashtags: Array.from({ length: to - from }, (_, index) => posts.tagTexts.text(posts.tagLabels.at(from + index))),
    mentions: list(posts.mentions, posts.mentionTexts),
    domains: list(posts.domains, posts.domainTexts),
    words: list(posts.words, posts.wordTexts.dictionary),
  };
}

describe('the reader of facts', () => {
  it.each([false, true])('makes of every row what it should, with words of retweets: %s', async (retweetWords) => {
    const rows = await readAll(retweetWords);
    for (const [place, { row, read }] of vectors.entries()) {
      const { words, words_with_retweets: allWords, ...rest } = read;
      expect(rows[place], JSON.stringify(row)).toEqual({ ...rest, words: (retweetWords ? allWords : words) ?? [] });
    }
  });
});

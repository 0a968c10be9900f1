import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Post, DeleteRow } from '@analytica/domain';
import { hourOf } from './catalog/layout.js';
import { emptyManifest } from './catalog/manifest-store.js';
import type { DataFile, Manifest } from './catalog/manifest.js';
import type { Segment } from './parquet/parquet-writer.js';

export { DAMAGE_CASES, DAMAGE_CASES_FOR_ANY_READER, DAMAGES, damageFile, type DamageName } from './testing-damage.js';

/** A whole post of the given identity, for tests of the lake and of what reads it. */
export function examplePost(overrides: Partial<Post> = {}): Post {
  return {
    id: '1',
    source: 'x',
    created_at: '2026-03-01T10:00:00.000Z',
    ingested_at: '2026-03-01T10:00:01.000Z',
    text: 'The black #Cat, @bob 😀',
    text_clean: 'The black #Cat, @bob 😀',
    lang: 'en',
    author_id: '7',
    author_username: 'ann',
    author_followers: 12,
    hashtags: ['Cat'],
    mentions: ['bob'],
    urls: ['https://example.org/a'],
    domains: ['example.org'],
    cashtags: [],
    emojis: ['😀'],
    terms: ' the black cat @bob ',
    tags: ' cat ',
    words: ['the', 'black', 'cat'],
    retweet_of: null,
    retweet_of_author_id: null,
    retweet_of_author_username: null,
    retweet_of_created_at: null,
    quote_of: null,
    reply_to: null,
    conversation_id: null,
    edit_history_ids: [],
    retweet_count: 0,
    reply_count: null,
    like_count: 3,
    quote_count: null,
    place_country: null,
    place_name: null,
    lat: 1.5,
    lon: -2.25,
    rule_tags: [],
    ingest_path: 'stream',
    normalizer: 1,
    schema_version: 1,
    version: null,
    ...overrides,
  };
}

/** A file as a manifest lists it, for tests of what reads manifests. */
export function exampleDataFile(overrides: Partial<DataFile> = {}): DataFile {
  return {
    path: '2026/03/01/10/000000000000001-000000000000001.parquet',
    rows: 1,
    bytes: 1,
    firstSeq: 1,
    lastSeq: 1,
    hour: 0,
    minCreatedAt: 0,
    maxCreatedAt: 0,
    importName: null,
    ...overrides,
  };
}

/** A manifest, for tests of what reads manifests. */
export function exampleManifest(overrides: Partial<Manifest> = {}): Manifest {
  return { ...emptyManifest(), lakeId: 'example', committedSeq: 1, watermark: 1, ...overrides };
}

/**
 * Writes rows as a closed segment of the log, as the ingestor leaves it.
 * @param importOf - the import that a post belongs to; null for a captured one.
 */
export async function writeExampleSegment(
  folder: string,
  firstSeq: number,
  posts: readonly Post[],
  tombstones: readonly DeleteRow[] = [],
  importOf: (post: Post) => string | null = () => null,
): Promise<Segment> {
  const path = join(folder, `segment-${String(firstSeq)}.ndjson`);
  const lines = [
    ...posts.map((post) => ({ kind: 'post', ...(importOf(post) !== null && { import: importOf(post) }), ...post })),
    ...tombstones.map((tombstone) => ({ kind: 'tombstone', ...tombstone })),
    { kind: 'commit', cursor: { place: 1 } },
  ];
  const imports = new Map<string, number>();
  for (const name of posts.map(importOf)) if (name !== null) imports.set(name, (imports.get(name) ?? 0) + 1);
  await writeFile(path, lines.map((line) => JSON.stringify(line) + '\n').join(''));
  return {
    path,
    firstSeq,
    lastSeq: firstSeq + posts.length + tombstones.length - 1,
    hour: hourOf(Date.parse((posts[0] ?? tombstones[0])?.ingested_at ?? '')),
    posts: posts.length,
    tombstones: tombstones.length,
    imports,
  };
}

export { pythonFactsForm } from './facts/python-form.js';

import { NOTHING } from './dictionary.js';
import type { MatchedPosts } from './matched-posts.js';
import { originalTime } from './original-time.js';
import { type StoredVersion, winnerOf } from './versions.js';

interface IdRef {
  readonly source: string;
  /** The id's bytes are `bytes[start, end)`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** A tombstone as a snapshot has it (rule 24). */
export interface TombstoneRef extends IdRef {
  /** Milliseconds; NaN hides every version. */
  readonly before: number;
}

/** An author whose posts are hidden that were created up to a time. */
export interface HiddenAuthorRef extends IdRef {
  /** Milliseconds. */
  readonly until: number;
}

/** What hides posts of a snapshot. */
export interface Hiding {
  posts(): Iterable<TombstoneRef>;
  /** Each author once. */
  authors(): Iterable<HiddenAuthorRef>;
}

/** The rows of a matched set that count: without copies, outdated versions and deleted posts. */
export class LivePosts {
  readonly posts: MatchedPosts;
  /** How many there are. */
  readonly count: number;
  readonly #dead: Uint8Array | null;

  constructor(posts: MatchedPosts, dead: ReadonlySet<number>) {
    this.posts = posts;
    this.count = posts.rows - dead.size;
    this.#dead = dead.size === 0 ? null : new Uint8Array(posts.rows);
    if (this.#dead !== null) for (const row of dead) this.#dead[row] = 1;
  }

  has(row: number): boolean {
    return this.#dead === null || this.#dead[row] === 0;
  }
}

/** Leaves out what does not count (rules 3, 14 and 24). */
export function livePosts(posts: MatchedPosts, hiding: Hiding): LivePosts {
  const dead = new Set<number>();
  const groups = rowsOfRepeatedIds(posts);
  for (const rows of groups.values()) {
    const winner = winnerOf(rows.map((row) => versionOf(posts, row)));
    for (const row of rows) if (row !== winner?.row) dead.add(row);
  }
  const prefixOf = sourcePrefixes(posts);
  const goneOriginals = new Set<number>();
  for (const { source, bytes, start, end, before } of hiding.posts()) {
    const prefix = prefixOf(source);
    if (prefix === NOTHING) continue;
    const id = posts.ids.find(bytes, start, end, prefix);
    if (id !== NOTHING) {
      for (const row of groups.get(id) ?? [posts.firstRow.at(id)]) {
        if (Number.isNaN(before) || posts.created.at(row) < before) dead.add(row);
      }
    }
    if (!Number.isNaN(before)) continue;
    const original = posts.retweeted.find(bytes, start, end, prefix);
    if (original !== NOTHING) goneOriginals.add(original);
  }
  if (goneOriginals.size > 0) {
    for (let row = 0; row < posts.rows; row++) if (goneOriginals.has(posts.retweetOf.at(row))) dead.add(row);
  }
  if (posts.shape.hiding) addPostsOfHiddenAuthors(dead, posts, hiding.authors(), prefixOf);
  return new LivePosts(posts, dead);
}

/** The posts of hidden authors that were created by then, and retweets of such posts. */
function addPostsOfHiddenAuthors(
  dead: Set<number>,
  posts: MatchedPosts,
  hidden: Iterable<HiddenAuthorRef>,
  prefixOf: (source: string) => number,
): void {
  const authors = new Map<number, number>();
  const retweeted = new Map<number, number>();
  for (const { source, bytes, start, end, until } of hidden) {
    const prefix = prefixOf(source);
    if (prefix === NOTHING) continue;
    const author = posts.authors.find(bytes, start, end, prefix);
    if (author !== NOTHING) authors.set(author, until);
    const original = posts.retweetedAuthors.find(bytes, start, end, prefix);
    if (original !== NOTHING) retweeted.set(original, until);
  }
  if (authors.size + retweeted.size === 0) return;
  for (let row = 0; row < posts.rows; row++) {
    if (posts.created.at(row) <= (authors.get(posts.author.at(row)) ?? -Infinity)) dead.add(row);
    const until = retweeted.get(posts.retweetOfAuthor.at(row));
    if (until !== undefined && originalCreated(posts, row) <= until) dead.add(row);
  }
}

function originalCreated(posts: MatchedPosts, row: number): number {
  return originalTime({
    source: posts.sourceOf(row),
    retweetOf: posts.retweeted.text(posts.retweetOf.at(row)),
    stated: posts.retweetOfCreated.at(row),
    created: posts.created.at(row),
  });
}

function sourcePrefixes(posts: MatchedPosts): (source: string) => number {
  const known = new Map<string, number>();
  return (source) => {
    let prefix = known.get(source);
    if (prefix === undefined) {
      const name = Buffer.from(source);
      prefix = posts.sources.find(name, 0, name.length);
      known.set(source, prefix);
    }
    return prefix;
  };
}

function rowsOfRepeatedIds(posts: MatchedPosts): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const row of posts.again) {
    const id = posts.id.at(row);
    const rows = groups.get(id);
    if (rows === undefined) groups.set(id, [posts.firstRow.at(id), row]);
    else rows.push(row);
  }
  return groups;
}

function versionOf(posts: MatchedPosts, row: number): StoredVersion & { readonly row: number } {
  const version = posts.version.at(row);
  return {
    row,
    created: posts.created.at(row),
    ingested: posts.ingested.at(row),
    version: version === NOTHING ? null : posts.versions.text(version),
    order: posts.file.at(row),
    fileRow: posts.fileRow.at(row),
  };
}

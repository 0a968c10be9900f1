import { NOTHING } from './dictionary.js';
import type { MatchedPosts } from './matched-posts.js';
import { type StoredVersion, winnerOf } from './versions.js';

/** A tombstone as a snapshot has it (rule 24): the id's bytes are `bytes[start, end)`. */
export interface TombstoneRef {
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Milliseconds; NaN hides every version. */
  readonly before: number;
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
export function livePosts(posts: MatchedPosts, tombstones: Iterable<TombstoneRef>): LivePosts {
  const dead = new Set<number>();
  const groups = rowsOfRepeatedIds(posts);
  for (const rows of groups.values()) {
    const winner = winnerOf(rows.map((row) => versionOf(posts, row)));
    for (const row of rows) if (row !== winner?.row) dead.add(row);
  }
  const sources = new Map<string, number>();
  for (const { source, bytes, start, end, before } of tombstones) {
    let prefix = sources.get(source);
    if (prefix === undefined) {
      const name = Buffer.from(source);
      prefix = posts.sources.find(name, 0, name.length);
      sources.set(source, prefix);
    }
    const id = prefix === NOTHING ? NOTHING : posts.ids.find(bytes, start, end, prefix);
    if (id === NOTHING) continue;
    for (const row of groups.get(id) ?? [posts.firstRow.at(id)]) {
      if (Number.isNaN(before) || posts.created.at(row) < before) dead.add(row);
    }
  }
  return new LivePosts(posts, dead);
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

import { NOTHING } from './dictionary.js';
import type { MatchedPosts } from './matched-posts.js';

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
    const winner = winnerOf(posts, rows);
    for (const row of rows) if (row !== winner) dead.add(row);
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

/** Of the rows of one id: the first stored of each version, and of those the newest version. */
function winnerOf(posts: MatchedPosts, rows: readonly number[]): number | undefined {
  const firsts = new Map<number, number>();
  for (const row of rows) {
    const version = posts.version.at(row);
    const other = firsts.get(version);
    if (other === undefined || storedEarlier(posts, row, other)) firsts.set(version, row);
  }
  let winner: number | undefined;
  for (const row of firsts.values()) if (winner === undefined || newerVersion(posts, row, winner)) winner = row;
  return winner;
}

function storedEarlier(posts: MatchedPosts, a: number, b: number): boolean {
  const { ingested, file, fileRow } = posts;
  return (ingested.at(a) - ingested.at(b) || file.at(a) - file.at(b) || fileRow.at(a) - fileRow.at(b)) < 0;
}

function newerVersion(posts: MatchedPosts, a: number, b: number): boolean {
  const difference = posts.created.at(a) - posts.created.at(b);
  if (difference !== 0) return difference > 0;
  const [versionA, versionB] = [posts.version.at(a), posts.version.at(b)];
  if (versionA === NOTHING || versionB === NOTHING) return versionB === NOTHING && versionA !== NOTHING;
  return posts.versions.compare(versionA, versionB) > 0;
}

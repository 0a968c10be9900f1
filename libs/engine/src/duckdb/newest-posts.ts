import type { DisplayPost } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import type { LivePosts } from '../aggregate/live-posts.js';
import { newestRows } from '../aggregate/orders.js';
import { fetchStored } from './display-rows.js';
import type { ScanFile } from '../partitions.js';
import type { EngineConnection } from './connection.js';

/** A page of a matched set's posts, newest first. */
export async function newestPosts(
  connection: EngineConnection,
  snapshot: Snapshot,
  live: LivePosts,
  files: readonly ScanFile[],
  offset: number,
  limit: number,
): Promise<readonly DisplayPost[]> {
  const rows = newestRows(live, offset, limit);
  const found = await storedRows(connection, snapshot, live, files, rows);
  return rows.flatMap((row) => found.get(row) ?? []);
}

/** The posts of some rows of a matched set as they lie in the lake, by row. */
export async function storedRows(
  connection: EngineConnection,
  snapshot: Snapshot,
  live: LivePosts,
  files: readonly ScanFile[],
  rows: readonly number[],
): Promise<Map<number, DisplayPost>> {
  const { posts } = live;
  const byPlace = new Map(rows.map((row) => [placeOf(posts.file.at(row), posts.fileRow.at(row)), row]));
  const wanted = new Set(rows.map((row) => posts.file.at(row)));
  const stored = await fetchStored(
    connection,
    snapshot,
    files.filter(({ order }) => wanted.has(order)),
    [...new Set(rows.map((row) => posts.created.at(row)))],
    rows.map((row) => posts.ids.text(posts.id.at(row))),
  );
  return new Map(
    stored.flatMap(({ order, fileRow, post }): [number, DisplayPost][] => {
      const row = byPlace.get(placeOf(order, fileRow));
      return row === undefined ? [] : [[row, post]];
    }),
  );
}

function placeOf(file: number, fileRow: number): string {
  return `${String(file)}:${String(fileRow)}`;
}

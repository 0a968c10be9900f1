import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import {
  allTombstoneColumns,
  DEAD_LETTERS_FOLDER,
  type LakeDatabase,
  literalPath,
  LOG_FOLDER,
  readManifest,
  sqlText,
} from '@analytica/lake';
import { idsOfLetter } from '../dead-letters/letter-ids.js';
import { ndjsonLines } from '../ndjson-lines.js';
import { EntryKind, entriesIn, keyOf } from '../originals/original-entry.js';
import { ORIGINALS_FOLDER, wholeWrites } from '../originals/originals-files.js';
import type { LakeCommandContext } from './lake-command.js';

/** Where something is left. Files that left the list go 15 minutes later; the log goes once the lake has it, originals within minutes. */
export type RemainsPlace = 'listed' | 'unlisted' | 'kept' | 'log' | 'original' | 'dead letter';

export interface FoundId {
  readonly id: string;
  readonly place: RemainsPlace;
  /** Relative to the lake's root. */
  readonly path: string;
  /** Rows, lines or letters. */
  readonly rows: number;
}

export interface Remains {
  readonly found: readonly FoundId[];
  /** Files that cannot be read, relative to the lake's root. */
  readonly unreadable: readonly string[];
  /** Rows of tombstone files that name one of the ids. */
  readonly tombstones: number;
}

const TOMBSTONES = `tombstones${sep}`;
/** Columns that name the post, what it repeats, and whose both are. */
const COLUMNS = ['id', 'retweet_of', 'author_id', 'retweet_of_author_id'] as const;

/**
 * Looks into every file below the lake's root.
 * @param wanted - a file of JSON lines, each with an `id`.
 * @param ids - the same.
 */
export async function findRemains(
  database: LakeDatabase,
  wanted: string,
  ids: readonly string[],
  { location: { root }, report, signal }: Pick<LakeCommandContext, 'location' | 'report' | 'signal'>,
): Promise<Remains> {
  await database.connection.run(
    `CREATE TABLE wanted AS SELECT DISTINCT id FROM read_json(${sqlText(literalPath(wanted))}, columns = {id: 'VARCHAR'}, format = 'newline_delimited')`,
  );
  const paths = await filesBelow(root);
  // Read after the files: what left the list meanwhile is told as such.
  const manifest = await readManifest(root);
  const listed = new Set((manifest?.files ?? []).map(({ path }) => path));
  const known = new Set(ids);
  const found: FoundId[] = [];
  const unreadable: string[] = [];
  let tombstones = 0;
  for (const [done, path] of paths.entries()) {
    signal.throwIfAborted();
    report({ step: 'Reading files', done, total: paths.length });
    try {
      if (path.startsWith(DEAD_LETTERS_FOLDER)) found.push(...(await inLetters(root, path, known)));
      else if (path.includes(`${ORIGINALS_FOLDER}${sep}`)) found.push(...(await inOriginals(root, path, known)));
      else if (path.startsWith(LOG_FOLDER)) found.push(...(await inLog(root, path, known)));
      else if (path.startsWith(TOMBSTONES)) tombstones += await countTombstones(database, join(root, path));
      else if (path.includes('.parquet')) {
        const place = listed.has(path) ? 'listed' : path.startsWith('damaged') ? 'kept' : 'unlisted';
        found.push(...(await inPosts(database, root, path, place)));
      }
    } catch (error) {
      if (!isGone(error)) unreadable.push(path);
    }
  }
  return { found, unreadable, tombstones };
}

async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith(`tmp${sep}`))
    .sort();
}

async function inPosts(database: LakeDatabase, root: string, path: string, place: RemainsPlace): Promise<FoundId[]> {
  const file = `read_parquet(${sqlText(literalPath(join(root, path)))}, hive_partitioning = false)`;
  const named = COLUMNS.map((column) => `SELECT ${column} AS id FROM ${file}`).join(' UNION ALL ');
  const reader = await database.connection
    .runAndReadAll(`SELECT id, count(*) FROM (${named}) SEMI JOIN wanted USING (id) GROUP BY id ORDER BY id`)
    .catch(async (error: unknown) => {
      // A file that went meanwhile says so as ENOENT.
      await readFile(join(root, path)).then((bytes) => bytes.length);
      throw error;
    });
  return reader.getRows().map(([id, rows]) => ({ id: String(id), place, path, rows: Number(rows) }));
}

async function countTombstones(database: LakeDatabase, path: string): Promise<number> {
  const rows = allTombstoneColumns(`read_parquet(${sqlText(literalPath(path))}, hive_partitioning = false)`);
  const reader = await database.connection.runAndReadAll(
    `SELECT count(*) FROM ${rows} WHERE id IN (FROM wanted) OR author_id IN (FROM wanted)`,
  );
  return Number(reader.getRows()[0]?.[0]);
}

/** Posts that are kept for their reposts, and those of an author. */
async function inOriginals(root: string, path: string, ids: ReadonlySet<string>): Promise<FoundId[]> {
  const { content } = wholeWrites(await readFile(join(root, path)));
  const counts = new Map<string, number>();
  for (const { start, kind } of entriesIn(content, 0, content.length)) {
    if (kind !== EntryKind.post) continue;
    const uri = keyOf(content, start);
    for (const id of [uri, uri.split('/')[2] ?? '']) if (ids.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].map(([id, rows]) => ({ id, place: 'original', path, rows }));
}

/** Lines of posts in the log; those of deletes name what they delete. */
async function inLog(root: string, path: string, ids: ReadonlySet<string>): Promise<FoundId[]> {
  const counts = new Map<string, number>();
  for await (const bytes of ndjsonLines(join(root, path))) {
    const line = String(bytes);
    if (line.startsWith('{"kind":"tombstone"') || line.startsWith('{"kind":"commit"')) continue;
    for (const [, id = ''] of line.matchAll(NAMED_IN_ROW)) if (ids.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].map(([id, rows]) => ({ id, place: 'log', path, rows }));
}

const NAMED_IN_ROW = /"(?:id|retweet_of|author_id|retweet_of_author_id)":"([^"\\]+)"/g;

async function inLetters(root: string, path: string, ids: ReadonlySet<string>): Promise<FoundId[]> {
  const counts = new Map<string, number>();
  for await (const bytes of ndjsonLines(join(root, path))) {
    const line = String(bytes);
    const raw = /"raw":"([A-Za-z0-9+/=]+)/.exec(line)?.[1] ?? '';
    const own = new Set(idsOfLetter(Buffer.from(raw, 'base64')).filter((id) => ids.has(id)));
    for (const id of own) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].map(([id, rows]) => ({ id, place: 'dead letter', path, rows }));
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

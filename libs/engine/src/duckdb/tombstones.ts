import { allTombstoneColumns, fileUri, hiddenAuthors, hiddenPosts, literalPath, type Snapshot } from '@analytica/lake';
import type { HiddenAuthorRef, Hiding, TombstoneRef } from '../aggregate/live-posts.js';
import { explainReadFailure } from './read-failure.js';
import type { EngineConnection } from './connection.js';
import { asText } from './values.js';

const SEPARATOR = 0x1f;
const ZERO = 0x30;

const FILES = 'read_parquet(?, hive_partitioning = false, union_by_name = true)';
/** Each after its length and a time in ms, if there is one. */
const packed = (text: string, time: string): string =>
  `encode(string_agg(concat(strlen(${text}), chr(31), epoch_ms(${time}), chr(31), ${text}), ''))`;

interface SourceBytes {
  readonly source: string;
  readonly bytes: Uint8Array;
}

/** Whether a snapshot has events that hide authors' posts: then a question needs more of each row. */
export function hasEvents({ manifest }: Snapshot): boolean {
  return manifest.tombstones.some(({ events }) => events !== undefined);
}

/** All that hides posts of a snapshot: it may be much more than any topic's posts, so it stays the bytes that it came as. */
export class Tombstones implements Hiding {
  readonly #posts: readonly SourceBytes[];
  readonly #authors: readonly SourceBytes[];

  private constructor(posts: readonly SourceBytes[], authors: readonly SourceBytes[]) {
    this.#posts = posts;
    this.#authors = authors;
  }

  static async load(connection: EngineConnection, snapshot: Snapshot): Promise<Tombstones> {
    const files = snapshot.manifest.tombstones;
    if (files.length === 0) return new Tombstones([], []);
    const paths = files.map((file) => literalPath(fileUri(snapshot, file)));
    await connection.willRead(paths);
    const read = async (sql: string): Promise<SourceBytes[]> => {
      const rows = await connection.rows(sql, [paths]);
      return rows.flatMap(([source, bytes]) =>
        bytes instanceof Uint8Array ? [{ source: asText(source), bytes }] : [],
      );
    };
    try {
      if (!hasEvents(snapshot)) {
        const posts = await read(`SELECT source, ${packed('id', 'before')} FROM ${FILES} GROUP BY source`);
        return new Tombstones(posts, []);
      }
      const rows = `WITH events AS (FROM ${allTombstoneColumns(FILES)})`;
      return new Tombstones(
        await read(`${rows} SELECT source, ${packed('id', 'before')} FROM (${hiddenPosts('events')}) GROUP BY source`),
        await read(
          `${rows} SELECT source, ${packed('author_id', 'until')} FROM (${hiddenAuthors('events')}) GROUP BY source`,
        ),
      );
    } catch (error) {
      throw await explainReadFailure(connection, snapshot, files, error);
    }
  }

  *posts(): Generator<TombstoneRef> {
    for (const { time: before, ...ref } of unpacked(this.#posts)) yield { ...ref, before };
  }

  *authors(): Generator<HiddenAuthorRef> {
    for (const { time: until, ...ref } of unpacked(this.#authors)) yield { ...ref, until };
  }
}

function* unpacked(all: readonly SourceBytes[]): Generator<Omit<TombstoneRef, 'before'> & { readonly time: number }> {
  for (const { source, bytes } of all) {
    for (let at = 0; at < bytes.length;) {
      const [length, afterLength] = digits(bytes, at);
      const [time, start] = digits(bytes, afterLength);
      const end = start + length;
      yield { source, bytes, start, end, time: start === afterLength + 1 ? Number.NaN : time };
      at = end;
    }
  }
}

/** A number in decimal digits that ends with a separator, and where what follows begins. */
function digits(bytes: Uint8Array, start: number): [number, number] {
  let value = 0;
  let at = start;
  for (; at < bytes.length && bytes[at] !== SEPARATOR; at++) value = value * 10 + ((bytes[at] ?? 0) - ZERO);
  return [value, at + 1];
}

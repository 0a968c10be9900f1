import { fileUri, literalPath, type Snapshot } from '@analytica/lake';
import type { TombstoneRef } from '../aggregate/live-posts.js';
import { explainReadFailure } from './read-failure.js';
import type { EngineConnection } from './connection.js';
import { asText } from './values.js';

const SEPARATOR = 0x1f;
const ZERO = 0x30;

interface SourceBytes {
  readonly source: string;
  readonly bytes: Uint8Array;
}

/** All tombstones of a snapshot: they may be many more than any topic's posts, so they stay the bytes that they came as. */
export class Tombstones {
  readonly #bySource: readonly SourceBytes[];

  private constructor(bySource: readonly SourceBytes[]) {
    this.#bySource = bySource;
  }

  static async load(connection: EngineConnection, snapshot: Snapshot): Promise<Tombstones> {
    const files = snapshot.manifest.tombstones;
    if (files.length === 0) return new Tombstones([]);
    const paths = files.map((file) => literalPath(fileUri(snapshot, file)));
    await connection.willRead(paths);
    try {
      const rows = await connection.rows(
        `SELECT source, encode(string_agg(concat(strlen(id), chr(31), epoch_ms(before), chr(31), id), ''))
         FROM read_parquet(?, hive_partitioning = false) GROUP BY source`,
        [paths],
      );
      return new Tombstones(
        rows.flatMap(([source, bytes]) => (bytes instanceof Uint8Array ? [{ source: asText(source), bytes }] : [])),
      );
    } catch (error) {
      throw await explainReadFailure(connection, snapshot, files, error);
    }
  }

  *[Symbol.iterator](): Generator<TombstoneRef> {
    for (const { source, bytes } of this.#bySource) {
      for (let at = 0; at < bytes.length;) {
        const [length, afterLength] = digits(bytes, at);
        const [before, start] = digits(bytes, afterLength);
        const end = start + length;
        yield { source, bytes, start, end, before: start === afterLength + 1 ? Number.NaN : before };
        at = end;
      }
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

/** What records of a batch say of originals: those that reposts can name, those that are deleted, and those that reposts wait for. */
export interface PreparedOriginals {
  /** Entries of the recent originals, one after the other: of Bluesky posts and of what takes them away. */
  readonly entries: Uint8Array;
  /** Where each record's entry ends in `entries`; where the one before ends, for a record without an entry. */
  readonly ends: Uint32Array;
  /** Two numbers a record: the hash of the original's source and at-URI; 0 where it has none. */
  readonly hashes: Uint32Array;
  /** Languages of reposts that are kept (`lang` is known once their original is); none: all. */
  readonly languages: readonly string[];
}

type Hash = readonly [high: number, low: number];

/** Collects `PreparedOriginals`. */
export class OriginalsOfBatch {
  readonly #notes: { readonly record: number; readonly entry: Buffer | null; readonly hash: Hash }[] = [];

  /** @param record - its index in the batch; they come in order. */
  note(record: number, hash: Hash, entry: Buffer | null): void {
    this.#notes.push({ record, entry, hash });
  }

  /** Null where there is none, as in any batch of X. */
  finish(records: number, languages: readonly string[]): PreparedOriginals | null {
    if (this.#notes.length === 0) return null;
    const ends = new Uint32Array(records);
    const hashes = new Uint32Array(records * 2);
    const bytes = this.#notes.reduce((sum, { entry }) => sum + (entry?.length ?? 0), 0);
    // Not of Node's pool: the whole buffer moves to another thread.
    const entries = new Uint8Array(bytes);
    let filled = 0;
    let at = 0;
    for (const { record, entry, hash } of this.#notes) {
      ends.fill(at, filled, record);
      if (entry !== null) {
        entries.set(entry, at);
        at += entry.length;
      }
      ends[record] = at;
      filled = record + 1;
      hashes.set(hash, record * 2);
    }
    ends.fill(at, filled);
    return { entries, ends, hashes, languages };
  }
}

/** The entry of a record, empty where it has none, and the hash of the original. */
export function originalOf(
  originals: PreparedOriginals,
  record: number,
): { readonly entry: Buffer; readonly hash: Hash } {
  const { entries, ends, hashes } = originals;
  const from = (record === 0 ? 0 : ends[record - 1]) ?? 0;
  return {
    entry: Buffer.from(entries.buffer, entries.byteOffset + from, (ends[record] ?? from) - from),
    hash: [hashes[record * 2] ?? 0, hashes[record * 2 + 1] ?? 0],
  };
}

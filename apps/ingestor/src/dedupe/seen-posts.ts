import { DAY_MS } from '@analytica/domain';
import { HashTable } from './hash-table.js';

/**
 * The posts that the lake has. Captured and imported posts do not know each other: captured ones leave the lake with their
 * hours, imported ones stay until their import is removed, and neither may take the other along (counting.md, rule 3).
 */
export interface SeenByOrigin {
  readonly captured: SeenPosts;
  readonly imported: SeenPosts;
}

/** Both memories, empty. Imported posts stay known as long as the process runs: an import is removed while it does not. */
export function newSeenByOrigin(retentionDays: number): SeenByOrigin {
  return { captured: new SeenPosts(retentionDays), imported: new SeenPosts(0) };
}

/** The memory for posts of an import, or for captured ones. */
export function seenOf(seen: SeenByOrigin, importName: string | null): SeenPosts {
  return importName === null ? seen.captured : seen.imported;
}

/**
 * Which posts the lake has, as hashes of their identities, in generations by arrival, so that memory is given back as hours
 * leave the lake. A generation is an eighth of the retention, at least a day; without retention there is one.
 */
export class SeenPosts {
  readonly #generationMs: number;
  readonly #generations = new Map<number, HashTable>();

  constructor(retentionDays: number) {
    this.#generationMs = retentionDays === 0 ? Infinity : Math.max(1, retentionDays / 8) * DAY_MS;
  }

  get size(): number {
    return [...this.#generations.values()].reduce((sum, table) => sum + table.size, 0);
  }

  get bytes(): number {
    return [...this.#generations.values()].reduce((sum, table) => sum + table.bytes, 0);
  }

  has(high: number, low: number): boolean {
    for (const table of this.#generations.values()) if (table.has(high, low)) return true;
    return false;
  }

  add(high: number, low: number, arrivedAt: number): void {
    const generation = Math.floor(arrivedAt / this.#generationMs);
    let table = this.#generations.get(generation);
    if (table === undefined) {
      table = new HashTable();
      this.#generations.set(generation, table);
    }
    table.add(high, low);
  }

  /**
   * Forgets generations that ended before `time` and in which nothing arrived that is still in the lake.
   * @param hours - arrival hours of what is in the lake, epoch ms.
   */
  forgetBefore(time: number, hours: Iterable<number>): void {
    const kept = new Set<number>();
    for (const hour of hours) kept.add(Math.floor(hour / this.#generationMs));
    for (const generation of this.#generations.keys()) {
      if ((generation + 1) * this.#generationMs <= time && !kept.has(generation)) this.#generations.delete(generation);
    }
  }
}

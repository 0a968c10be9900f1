import { readSnapshot, type Snapshot } from '@analytica/lake';
import { PromiseCache } from '../promise-cache.js';
import type { SnapshotSummary } from '../runs/run-records.js';

/** How long equal questions meet on one snapshot (rule 20). */
const REUSE_MS = 10_000;

/** The lake as it is now, or was less than 10 s ago. */
export class Snapshots {
  readonly #root: string;
  readonly #newest: PromiseCache<Snapshot>;

  /** @param clock milliseconds that only grow: a wall clock that jumps back would make a snapshot young for as long. */
  constructor(root: string, clock: () => number = () => performance.now()) {
    this.#root = root;
    this.#newest = new PromiseCache(1, REUSE_MS, clock);
  }

  /** @throws AppError `LAKE_EMPTY`, `LAKE_CORRUPT`, `NO_PERMISSION`. */
  async take(): Promise<Snapshot> {
    return this.#newest.get(this.#root, () => readSnapshot(this.#root));
  }
}

export function summarise(snapshot: Snapshot): SnapshotSummary {
  const { files, tombstones, watermark } = snapshot.manifest;
  const posts = files.reduce((sum, file) => sum + file.rows, 0);
  return { id: snapshot.id, watermark, files: files.length + tombstones.length, posts };
}

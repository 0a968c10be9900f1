import { readSnapshot, type Snapshot } from '@analytica/lake';
import type { SnapshotSummary } from '../runs/run-records.js';

/** How long equal questions meet on one snapshot (rule 20). */
const REUSE_MS = 10_000;

/** The lake as it is now, or was less than 10 s ago. */
export class Snapshots {
  readonly #root: string;

  #current: { readonly takenAt: number; readonly snapshot: Promise<Snapshot> } | null = null;

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws AppError `LAKE_EMPTY`, `LAKE_CORRUPT`, `NO_PERMISSION`. */
  async take(now = Date.now()): Promise<Snapshot> {
    if (this.#current !== null && now - this.#current.takenAt < REUSE_MS) return this.#current.snapshot;
    const taken = { takenAt: now, snapshot: readSnapshot(this.#root) };
    this.#current = taken;
    taken.snapshot.catch(() => {
      if (this.#current === taken) this.#current = null; // a failure is not kept
    });
    return taken.snapshot;
  }
}

export function summarise(snapshot: Snapshot): SnapshotSummary {
  const { files, tombstones, watermark } = snapshot.manifest;
  const posts = files.reduce((sum, file) => sum + file.rows, 0);
  return { id: snapshot.id, watermark, files: files.length + tombstones.length, posts };
}

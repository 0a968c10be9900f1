import { AppError } from '@analytica/domain';
import { hasAllFiles } from '@analytica/lake';
import { PromiseCache } from '../promise-cache.js';
import { withQueue } from '../redis/redis-connections.js';
import type { RunStore } from '../runs/run-store.js';

/** How long a look at the files is believed. */
const LOOK_MS = 5_000;
const LOOKS_KEPT = 64;

export function dataExpired(cause?: unknown): AppError {
  return new AppError('NOT_FOUND', 'The data behind this answer has been tidied away. Ask again.', { cause });
}

/** What the HTTP process knows of the files behind results. */
export class LakeFiles {
  readonly #store: RunStore;

  readonly #looks = new PromiseCache<boolean>(LOOKS_KEPT);

  constructor(store: RunStore) {
    this.#store = store;
  }

  async areThere(snapshotId: string, now = Date.now()): Promise<boolean> {
    return this.#looks.get(`${snapshotId} ${String(Math.floor(now / LOOK_MS))}`, async () => {
      const snapshot = await withQueue(() => this.#store.findSnapshot(snapshotId));
      return snapshot !== null && (await hasAllFiles(snapshot));
    });
  }
}

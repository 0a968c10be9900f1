import { isExpired } from '@analytica/lake';
import { PromiseCache } from '../promise-cache.js';
import { withQueue } from '../redis/redis-connections.js';
import type { SnapshotStore } from '../runs/snapshot-store.js';

/** How long a look at the files counts. */
const LOOK_MS = 5_000;
const LOOKS_KEPT = 64;

/** Whether the files behind results are still there. */
export class LakeFiles {
  readonly #snapshots: SnapshotStore;
  readonly #looks = new PromiseCache<boolean>(LOOKS_KEPT, LOOK_MS);

  constructor(snapshots: SnapshotStore) {
    this.#snapshots = snapshots;
  }

  async areThere(snapshotId: string): Promise<boolean> {
    return this.#looks.get(snapshotId, async () => {
      const snapshot = await withQueue(() => this.#snapshots.find(snapshotId));
      return snapshot !== null && !(await isExpired(snapshot));
    });
  }
}

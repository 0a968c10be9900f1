import { HOUR_MS, MINUTE_MS } from '@analytica/domain';
import { z } from 'zod';
import { ERASURE_FILE } from '../catalog/layout.js';
import type { LakeStore } from '../store/lake-store.js';

/** Between two passes: what was deleted leaves its files within 24 hours, and a file is not rewritten for each delete. */
export const ERASE_EVERY_MS = 12 * HOUR_MS;
/** Until the first pass of a lake: a delete seldom comes alone. */
const FIRST_MS = 10 * MINUTE_MS;
/** Until the next pass after one that failed. */
const AGAIN_MS = HOUR_MS;

const recordSchema = z.object({ formatVersion: z.literal(1), lastPassAt: z.int() });

/**
 * When deleted posts were last taken out of the files, kept as `erasure.json` beside the manifest. Either clock makes a pass due: a
 * pass that comes early does no harm.
 */
export class ErasureRecord {
  readonly #store: LakeStore;
  readonly #clock: () => number;
  #lastPassAt: number | null;
  #lastPass: number;
  #wait = ERASE_EVERY_MS;

  private constructor(store: LakeStore, clock: () => number, lastPassAt: number | null) {
    this.#store = store;
    this.#clock = clock;
    this.#lastPassAt = lastPassAt;
    this.#lastPass = clock();
  }

  /** One that is missing or damaged makes a pass due in ten minutes. @param clock - milliseconds of a clock that never jumps. */
  static async open(store: LakeStore, clock: () => number): Promise<ErasureRecord> {
    const object = await store.read(ERASURE_FILE).catch(() => null);
    return new ErasureRecord(store, clock, object === null ? null : readRecord(object.bytes));
  }

  /** @param now - the wall clock, epoch ms. */
  async isDue(now: number): Promise<boolean> {
    if (this.#lastPassAt === null) {
      // As if the last pass had been so long ago: starts that end sooner do not put it off.
      this.#begin(now, FIRST_MS);
      await this.#save(now - ERASE_EVERY_MS + FIRST_MS);
      return false;
    }
    return this.#clock() - this.#lastPass >= this.#wait || Math.abs(now - this.#lastPassAt) >= this.#wait;
  }

  async passed(now: number): Promise<void> {
    this.#begin(now, ERASE_EVERY_MS);
    await this.#save(now);
  }

  failed(now: number): void {
    this.#begin(now, AGAIN_MS);
  }

  async #save(lastPassAt: number): Promise<void> {
    await this.#store.put(ERASURE_FILE, Buffer.from(JSON.stringify({ formatVersion: 1, lastPassAt })));
  }

  #begin(now: number, wait: number): void {
    this.#lastPassAt = now;
    this.#lastPass = this.#clock();
    this.#wait = wait;
  }
}

function readRecord(bytes: Uint8Array): number | null {
  try {
    return recordSchema.parse(JSON.parse(Buffer.from(bytes).toString())).lastPassAt;
  } catch {
    return null;
  }
}

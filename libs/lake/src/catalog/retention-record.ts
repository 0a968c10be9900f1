import { z } from 'zod';
import type { LakeStore } from '../store/lake-store.js';
import { RETENTION_FILE } from './layout.js';
import {
  decideRetention,
  MAX_EXPIRED,
  MAX_PASS_MS,
  NO_RETENTION_STATE,
  type RetentionEvidence,
  type RetentionState,
} from './retention.js';

const amount = z.number().nonnegative();
const recordSchema = z.object({
  formatVersion: z.literal(1),
  past: z.record(z.string(), z.object({ agreedMs: amount, passes: z.int().nonnegative() })),
  future: z.record(z.string(), amount),
  allowance: amount.max(MAX_EXPIRED),
});

/** What retention knows, kept as `retention.json` beside the manifest, so that its running time adds up over starts. */
export class RetentionRecord {
  readonly #store: LakeStore;
  readonly #clock: () => number;
  #state: RetentionState;
  #saved: RetentionState;
  #unsavedMs = 0;
  #lastPass: number | null = null;

  private constructor(store: LakeStore, clock: () => number, state: RetentionState) {
    this.#store = store;
    this.#clock = clock;
    this.#state = state;
    this.#saved = state;
  }

  /**
   * Reads what an earlier process knew; one that is missing or damaged is begun anew, which only makes retention wait.
   * @param clock - milliseconds of a clock that never jumps.
   */
  static async open(store: LakeStore, clock: () => number): Promise<RetentionRecord> {
    const state = await readState(store).catch(() => NO_RETENTION_STATE);
    return new RetentionRecord(store, clock, state);
  }

  /**
   * Makes one pass, and keeps what is to be remembered.
   * @returns the keys of what may go now.
   * @throws whatever the disk throws: then nothing may go.
   */
  async pass(evidence: Omit<RetentionEvidence, 'elapsedMs'>): Promise<readonly string[]> {
    const time = this.#clock();
    const elapsedMs = this.#lastPass === null ? 0 : time - this.#lastPass;
    this.#lastPass = time;
    this.#unsavedMs += elapsedMs;
    const { state, expired } = decideRetention(this.#state, { ...evidence, elapsedMs });
    this.#state = state;
    if (this.#isWorthSaving()) {
      await this.#store.put(RETENTION_FILE, Buffer.from(JSON.stringify({ formatVersion: 1, ...state })));
      this.#saved = state;
      this.#unsavedMs = 0;
    }
    return expired;
  }

  /** A crash may lose a few minutes of agreement, but nothing that disagreed. */
  #isWorthSaving(): boolean {
    const { past, future } = this.#state;
    if (!sameKeys(past, this.#saved.past) || !sameKeys(future, this.#saved.future)) return true;
    return this.#unsavedMs >= MAX_PASS_MS && Object.keys(past).length + Object.keys(future).length > 0;
  }
}

async function readState(store: LakeStore): Promise<RetentionState> {
  const object = await store.read(RETENTION_FILE);
  if (object === null) return NO_RETENTION_STATE;
  const { past, future, allowance } = recordSchema.parse(JSON.parse(Buffer.from(object.bytes).toString()));
  return { past, future, allowance };
}

function sameKeys(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b);
}

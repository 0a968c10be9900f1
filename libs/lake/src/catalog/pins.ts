import { createHash } from 'node:crypto';
import { MINUTE_MS } from '@analytica/domain';
import { z } from 'zod';
import type { LakeStore } from '../store/lake-store.js';
import { forgetHolder, holderSchema, keepRenewing, livenessOf, newHolder, RenewalWatch } from '../store/liveness.js';
import { openStore } from '../store/open-store.js';
import { FORMER_PINS_FOLDER, type LakeLocation } from './layout.js';
import type { Snapshot } from './manifest.js';

/** A pin that was not renewed for so long belongs to a process that is gone. */
export const PIN_LIFETIME_MS = 5 * MINUTE_MS;
const RENEWAL_MS = MINUTE_MS;
/** How long the pin of a process that is known to be gone stays for the run's next attempt, after its last renewal. */
const RETRY_MS = 2 * MINUTE_MS;
/** Pins that nobody renews, by design. */
const KEPT_SUFFIX = '.held.json';
/** What pins are called, behind the prefix of their place: nothing else there is touched. */
const PIN_NAME = /^[0-9a-f]{32}(?:\.held)?\.json$/;
const KEPT_LIFETIME_MS = 15 * MINUTE_MS;

const pinSchema = z.object({
  runId: z.string(),
  files: z.array(z.string()),
  /** Who renews it; null for one that nobody renews. Versions before did not say. */
  holder: holderSchema.nullable().default(null),
});
type PinFile = z.infer<typeof pinSchema>;

/** Keeps a snapshot's files on disk until `unpin` is called or the process ends. */
export interface Pin {
  unpin(): Promise<void>;
}

/**
 * Says that a run reads these files, so that the lake's writer does not delete them: an object beside the lake, renewed every
 * minute.
 * @throws AppError `DISK_FULL`, `NO_PERMISSION`.
 */
export async function pinSnapshot(location: LakeLocation, snapshot: Snapshot, runId: string): Promise<Pin> {
  const store = openStore(location.pins);
  const key = pinKey(runId);
  const holder = await newHolder();
  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => (writing = writePin(store, key, { runId, files: filesOf(snapshot), holder }));
  try {
    await write();
  } catch (error) {
    forgetHolder(holder);
    throw error;
  }
  // A renewal that fails costs nothing yet: the next one, or the pin's remaining minutes, cover it.
  const stop = keepRenewing(write, RENEWAL_MS);
  return {
    async unpin() {
      stop();
      // A renewal that is under way would bring the pin back.
      await writing.catch(() => undefined);
      forgetHolder(holder);
      await store.delete(key);
    },
  };
}

/**
 * Keeps a snapshot's files for 15 minutes from now, whatever becomes of this process. One pin a snapshot: once more makes it
 * longer.
 * @throws AppError `DISK_FULL`, `NO_PERMISSION`.
 */
export async function keepSnapshot(location: LakeLocation, snapshot: Snapshot): Promise<void> {
  const pin = { runId: 'kept', files: filesOf(snapshot), holder: null };
  await writePin(openStore(location.pins), pinKey(snapshot.id, KEPT_SUFFIX), pin);
}

function pinKey(name: string, suffix = '.json'): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32) + suffix;
}

function filesOf({ manifest }: Snapshot): string[] {
  return [...manifest.files, ...manifest.tombstones].map((file) => file.path);
}

/** After a power cut no run goes on, so that no pin need outlive one. */
async function writePin(store: LakeStore, key: string, pin: PinFile): Promise<void> {
  await store.put(key, Buffer.from(JSON.stringify(pin)), { durable: false });
}

/**
 * Which pins live. A pin that nobody renewed while this process watched for five minutes has expired: the wall clock, which may
 * jump, has no say in it. One whose process is seen to be gone expires earlier.
 */
export class PinWatch {
  /** Where pins are, and where versions before kept theirs. */
  readonly #places: readonly { readonly store: LakeStore; readonly prefix: string }[];
  readonly #watch: RenewalWatch;

  /** @param clock - milliseconds of a clock that never jumps. */
  constructor(location: LakeLocation, clock?: () => number) {
    this.#places = [
      { store: openStore(location.pins), prefix: '' },
      { store: openStore(location.root), prefix: `${FORMER_PINS_FOLDER}/` },
    ];
    this.#watch = new RenewalWatch(clock);
  }

  /** Paths (relative to the root) that living pins list. Pins that have expired are removed. */
  async pinnedPaths(): Promise<Set<string>> {
    const pinned = new Set<string>();
    const seen = new Set<string>();
    for (const { store, prefix } of this.#places) {
      for await (const { key, modifiedAt } of store.list(prefix)) {
        if (!PIN_NAME.test(key.slice(prefix.length))) continue;
        const pin = await readPin(store, key);
        const name = `${store.uri} ${key}`;
        const age = this.#watch.unchangedFor(name, modifiedAt) ?? 0;
        if (age > (await lifetimeOf(key, pin))) {
          await store.delete(key);
          continue;
        }
        seen.add(name);
        for (const file of pin?.files ?? []) pinned.add(file);
      }
    }
    this.#watch.retain(seen);
    return pinned;
  }
}

async function lifetimeOf(key: string, pin: PinFile | null): Promise<number> {
  if (key.endsWith(KEPT_SUFFIX)) return KEPT_LIFETIME_MS;
  const isGone = pin?.holder != null && (await livenessOf(pin.holder)) === 'gone';
  return isGone ? RETRY_MS : PIN_LIFETIME_MS;
}

/** Null for one that was unpinned while we looked, or is no pin. */
async function readPin(store: LakeStore, key: string): Promise<PinFile | null> {
  const object = await store.read(key);
  if (object === null) return null;
  try {
    return pinSchema.parse(JSON.parse(Buffer.from(object.bytes).toString()));
  } catch {
    return null;
  }
}

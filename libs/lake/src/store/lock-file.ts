import { createHash } from 'node:crypto';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { TAKEOVER_SUFFIX, TEMPORARY_SUFFIX } from './keys.js';
import {
  forgetHolder,
  type Holder,
  holderSchema,
  keepRenewing,
  type Liveness,
  livenessOf,
  newHolder,
  RenewalWatch,
} from './liveness.js';

const RENEWAL_MS = 1000;
/** A holder that this process cannot see is gone when it has not renewed for so long. */
const WATCH_MS = 5000;
const POLL_MS = 50;

/** A lock that this process holds. */
export interface LockFile {
  release(): Promise<void>;
}

/** `holder` is null where it is not known who has the lock. */
export type LockAttempt = { readonly lock: LockFile } | { readonly lock: null; readonly holder: Holder | null };

export interface LockOptions {
  /** How long to wait for a holder that lives, in ms. Default: not at all. */
  readonly waitMs?: number;
  /** How long to sleep between two looks at a holder that lives, in ms. */
  readonly pollMs?: number;
}

/**
 * Takes a lock that is a file: among all processes that see the disk one has it. A lock whose holder is gone is taken over; one
 * of a holder that cannot be seen from here is, when it was not renewed for 5 seconds.
 * @returns the lock, or who has it.
 * @throws whatever the disk throws.
 */
export async function acquireLockFile(path: string, options: LockOptions = {}): Promise<LockAttempt> {
  const { waitMs = 0, pollMs = POLL_MS } = options;
  const own = await newHolder();
  const temporary = `${path}.${own.token}${TEMPORARY_SUFFIX}`;
  const watch = new RenewalWatch();
  const until = performance.now() + waitMs;
  let isTaken = false;
  try {
    // Whole before it has the name: nobody reads half a lock.
    await writeFile(temporary, JSON.stringify(own));
    for (;;) {
      if (await linkIfFree(temporary, path)) {
        isTaken = true;
        return { lock: heldLock(path, own) };
      }
      const other = await lockAt(path);
      if (other === null) continue;
      const liveness = await livenessWatched(path, other, watch);
      if (liveness === 'gone') {
        await removeDead(path, other, temporary, watch);
      } else if (liveness === 'alive' && performance.now() >= until) {
        return { lock: null, holder: other.holder };
      } else {
        await sleep(pollMs * (0.5 + Math.random()));
      }
    }
  } finally {
    if (!isTaken) forgetHolder(own);
    await rm(temporary, { force: true });
  }
}

function heldLock(path: string, own: Holder): LockFile {
  const stop = keepRenewing(() => {
    const now = new Date();
    return utimes(path, now, now);
  }, RENEWAL_MS);
  return {
    async release() {
      stop();
      forgetHolder(own);
      if ((await lockAt(path))?.holder?.token === own.token) await rm(path, { force: true });
    },
  };
}

/** A lock as it lies on disk. */
interface FoundLock {
  /** No two locks are the same, also where nobody can read who holds them. */
  readonly identity: string;
  readonly holder: Holder | null;
  readonly modifiedAt: number;
}

async function lockAt(path: string): Promise<FoundLock | null> {
  const info = await stat(path).catch(absent);
  const text = info === null ? null : await readFile(path, 'utf8').catch(absent);
  if (info === null || text === null) return null;
  const holder = holderOf(text);
  const identity = holder?.token ?? '';
  return { identity: identity === '' ? `${String(info.ino)} ${text}` : identity, holder, modifiedAt: info.mtimeMs };
}

/** Null for a text that names no holder: a power cut can leave the lock empty. */
function holderOf(text: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** `unknown` while it is being watched; in the end one of the others. */
async function livenessWatched(path: string, found: FoundLock, watch: RenewalWatch): Promise<Liveness> {
  if (found.holder === null) return 'gone';
  const liveness = await livenessOf(found.holder);
  if (liveness !== 'unknown') return liveness;
  const unchanged = watch.unchangedFor(`${path} ${found.identity}`, found.modifiedAt);
  if (unchanged === 0) return 'alive';
  return unchanged !== null && unchanged >= WATCH_MS ? 'gone' : 'unknown';
}

/**
 * Removes a dead holder's lock. The right to remove that one lock is a lock of its own, so that nobody who judged the same lock
 * removes the next holder's; who died while having that right loses it in the same way.
 */
async function removeDead(path: string, dead: FoundLock, temporary: string, watch: RenewalWatch): Promise<void> {
  const right = `${path}.${createHash('sha256').update(dead.identity).digest('hex').slice(0, 16)}${TAKEOVER_SUFFIX}`;
  if (await linkIfFree(temporary, right)) {
    try {
      if ((await lockAt(path))?.identity === dead.identity) await rm(path, { force: true });
    } finally {
      await rm(right, { force: true });
    }
    return;
  }
  const other = await lockAt(right);
  if (other === null) return;
  if ((await livenessWatched(right, other, watch)) === 'gone') await removeDead(right, other, temporary, watch);
  else await sleep(POLL_MS);
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

import { DAY_MS, HOUR_MS } from '@analytica/domain';
import { hasImports } from './imports.js';
import { hourFolder } from './layout.js';
import type { Manifest } from './manifest.js';

/** For how much running time something must have been past its time before it goes, and in how many passes at least. */
export const AGREEMENT_MS = 2 * HOUR_MS;
export const AGREEING_PASSES = 2;
/** How much running time one pass can add: what happened between two passes that lie further apart is not known. */
export const MAX_PASS_MS = 5 * 60_000;
/** How many hours of arrival may go at once, and in each hour of running time: a wrong deletion can be noticed meanwhile. */
export const MAX_EXPIRED = 24;
/** How far behind the clock the posts' own times may be, and how far ahead of it something may have arrived. */
const TOLERANCE_MS = DAY_MS;
/** The posts' own times count from the arrival hour with the third newest post on: two hours may hold a wrong time. */
const AGREEING_HOURS = 3;

/** Something that goes once it is old enough: the posts of an arrival hour, its tombstones, or a file outside of the manifest. */
export interface Ageing {
  /** The same in every pass. */
  readonly key: string;
  /** By when all of it had arrived, epoch ms. */
  readonly endedAt: number;
  /** How long it is kept after that, in ms. */
  readonly keepMs: number;
  /** Whether the posts' own times must have come as far as the clock (but for a day) before it goes. */
  readonly needsPosts: boolean;
}

/** What is known so far; kept in the lake, so that it adds up over starts. */
export interface RetentionState {
  /** What is past its time, for how much running time it has been so (ms), and in how many passes, without one that disagreed. */
  readonly past: Readonly<Record<string, { readonly agreedMs: number; readonly passes: number }>>;
  /** What arrived in the clock's future, and for how much running time it has been seen so (ms). */
  readonly future: Readonly<Record<string, number>>;
  /** How many may go now: grows with running time up to `MAX_EXPIRED`. */
  readonly allowance: number;
}

export interface RetentionEvidence {
  /** The clock, epoch ms. */
  readonly now: number;
  /** Running time since the pass before, in ms, by a clock that never jumps; 0 in a process's first pass. */
  readonly elapsedMs: number;
  /** How far the posts' own times have come, epoch ms; null while too few posts say so. */
  readonly newestPosts: number | null;
  readonly ageing: readonly Ageing[];
}

export const NO_RETENTION_STATE: RetentionState = { past: {}, future: {}, allowance: MAX_EXPIRED };

/**
 * One pass of the retention (counting.md, rule 23): what may go, oldest first, and what is to be remembered for the next pass. A
 * clock that is wrong for less than two hours of running time makes nothing go: a pass that disagrees begins the count anew.
 * What may go stays remembered until it is no longer among `ageing`, so that a deletion that failed is repeated.
 */
export function decideRetention(
  state: RetentionState,
  { now, elapsedMs, newestPosts, ageing }: RetentionEvidence,
): { readonly state: RetentionState; readonly expired: readonly string[] } {
  const addedMs = Math.min(Math.max(elapsedMs, 0), MAX_PASS_MS);
  const postsNow = newestPosts === null ? -Infinity : Math.min(now, newestPosts + TOLERANCE_MS);
  const past: Record<string, { agreedMs: number; passes: number }> = {};
  const future: Record<string, number> = {};
  const due: Ageing[] = [];
  for (const each of ageing) {
    const { key, endedAt, keepMs, needsPosts } = each;
    let isPast = endedAt < (needsPosts ? postsNow : now) - keepMs;
    if (endedAt > now + TOLERANCE_MS) {
      // Its arrival time is wrong, or the clock is: it counts from when it was found, in running time.
      const seenMs = (state.future[key] ?? -addedMs) + addedMs;
      future[key] = seenMs;
      isPast = seenMs > keepMs;
    }
    if (!isPast) continue;
    const before = state.past[key];
    const agreed =
      before === undefined
        ? { agreedMs: 0, passes: 1 }
        : { agreedMs: before.agreedMs + addedMs, passes: before.passes + 1 };
    past[key] = agreed;
    if (agreed.agreedMs >= AGREEMENT_MS && agreed.passes >= AGREEING_PASSES) due.push(each);
  }
  const allowance = Math.min(MAX_EXPIRED, state.allowance + (addedMs / HOUR_MS) * MAX_EXPIRED);
  const expired = due
    .sort((a, b) => a.endedAt - b.endedAt)
    .slice(0, Math.floor(allowance))
    .map(({ key }) => key);
  return { state: { past, future, allowance: allowance - expired.length }, expired };
}

type Listed = Pick<Manifest, 'files' | 'tombstones' | 'unreadable'>;

/** Under which key the posts of an arrival hour age. */
export function postsKey(hour: number): string {
  return `posts/${hourFolder(hour)}`;
}

/** Under which key the tombstones of an arrival hour age. */
export function tombstonesKey(hour: number): string {
  return `tombstones/${hourFolder(hour)}`;
}

/**
 * What of the lists goes by age: captured posts after `retentionDays`, tombstones after twice as long. Imports never do, nor do
 * tombstones while there is an import, since posts that it brings may be deleted ones. Nothing does with 0 days.
 */
export function ageingOf({ files, tombstones, unreadable }: Listed, retentionDays: number): readonly Ageing[] {
  if (retentionDays === 0) return [];
  const posts = [...files, ...unreadable.filter((file) => file.minCreatedAt !== null)];
  const hours = new Set(posts.filter((file) => file.importName === null).map((file) => file.hour));
  const deletes = hasImports({ files, unreadable })
    ? []
    : [...tombstones, ...unreadable.filter((file) => file.minCreatedAt === null)].map((file) => file.hour);
  const aged = (key: string, hour: number, days: number): Ageing => ({
    key,
    endedAt: hour + HOUR_MS,
    keepMs: days * DAY_MS,
    needsPosts: true,
  });
  return [
    ...[...hours].map((hour) => aged(postsKey(hour), hour, retentionDays)),
    ...[...new Set(deletes)].map((hour) => aged(tombstonesKey(hour), hour, 2 * retentionDays)),
  ];
}

/** After what time an event that can be undone, and was not, takes the posts that it hides out of the files (rule 28). */
const UNDOABLE_MS = 30 * DAY_MS;

/** Under which key the events of an arrival hour age. */
export function eventsKey(hour: number): string {
  return `events/${hourFolder(hour)}`;
}

/** Hours with events that are not known to have been there for 30 days. */
export function ageingEventsOf({ tombstones }: Pick<Manifest, 'tombstones'>): readonly Ageing[] {
  const hours = tombstones.filter(({ events, matured }) => events !== undefined && matured !== true);
  return [...new Set(hours.map(({ hour }) => hour))].map((hour) => ({
    key: eventsKey(hour),
    endedAt: hour + HOUR_MS,
    keepMs: UNDOABLE_MS,
    needsPosts: false, // a lake may get nothing else
  }));
}

/** How far the captured posts' own times have come; null where fewer than three arrival hours hold any. */
export function newestPostsOf({ files }: Pick<Manifest, 'files'>): number | null {
  const newestByHour = new Map<number, number>();
  for (const { hour, maxCreatedAt, importName } of files) {
    if (importName !== null) continue;
    newestByHour.set(hour, Math.max(newestByHour.get(hour) ?? -Infinity, maxCreatedAt));
  }
  return [...newestByHour.values()].sort((a, b) => b - a)[AGREEING_HOURS - 1] ?? null;
}

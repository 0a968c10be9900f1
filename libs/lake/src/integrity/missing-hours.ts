import { HOUR_MS, type Interval, MINUTE_MS, type MissingHours } from '@analytica/domain';
import { overlaps } from '../catalog/file-times.js';
import { hourOf } from '../catalog/layout.js';
import type { Manifest, UnreadableFile } from '../catalog/manifest.js';

/**
 * What a question about an interval misses because files cannot be read (counting.md, rule 26): hours of posts, cut to the
 * interval, then hours of deletes.
 */
export function missingHours({ unreadable }: Pick<Manifest, 'unreadable'>, interval: Interval): MissingHours[] {
  const posts = unreadable.flatMap((file) => postHours(file, interval));
  const deletes = unreadable.flatMap((file) => deleteHours(file, interval));
  return [...merged(posts), ...merged(deletes)];
}

/**
 * Of captured posts the hour in which they arrived: few come later. Where that lies outside the interval, and of imports, the whole
 * hours of the posts' own times.
 */
function postHours(file: UnreadableFile, interval: Interval): MissingHours[] {
  const { minCreatedAt: least, maxCreatedAt: greatest } = file;
  if (least === null || greatest === null) return [];
  const times = { minCreatedAt: least, maxCreatedAt: greatest };
  if (!overlaps(times, interval)) return [];
  const arrival = { from: file.hour, to: file.hour + HOUR_MS };
  const hours =
    (file.importName === null && overlaps(times, arrival) ? cut(arrival, interval) : null) ??
    cut(roundedHours(least, greatest), interval) ??
    // Of posts within the minute alone, rounding leaves nothing.
    cut({ from: hourOf(least), to: hourOf(greatest) + HOUR_MS }, interval);
  if (hours === null) return [];
  return [{ ...hours, reason: file.reason === 'missing' ? 'FILE_MISSING' : 'FILE_DAMAGED' }];
}

/** Whole hours, less a minute at both ends, in which few posts lie. */
function roundedHours(least: number, greatest: number): Interval {
  const from = hourOf(least + MINUTE_MS);
  return { from, to: Math.max(hourOf(greatest - MINUTE_MS), from) + HOUR_MS };
}

function cut(hours: Interval, interval: Interval): Interval | null {
  const from = Math.max(hours.from, interval.from);
  const to = Math.min(hours.to, interval.to);
  return from < to ? { from, to } : null;
}

/** A tombstone hides what was created before it arrived: deletes that arrived earlier hide nothing of the interval. */
function deleteHours(file: UnreadableFile, { from }: Interval): MissingHours[] {
  const to = file.hour + HOUR_MS;
  if (file.minCreatedAt !== null || to <= from) return [];
  return [{ from: file.hour, to, reason: 'DELETES_UNREADABLE' }];
}

/** In order of time; what overlaps is one, and so is what adjoins for the same reason. Damage says more than absence. */
function merged(hours: readonly MissingHours[]): MissingHours[] {
  const result: MissingHours[] = [];
  for (const next of hours.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = result.at(-1);
    const joins = last !== undefined && (next.from < last.to || (next.from === last.to && next.reason === last.reason));
    if (!joins) {
      result.push(next);
      continue;
    }
    const reason = last.reason === next.reason ? last.reason : 'FILE_DAMAGED';
    result[result.length - 1] = { from: last.from, to: Math.max(last.to, next.to), reason };
  }
  return result;
}

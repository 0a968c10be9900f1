import { applyChanges, type CaptureTimes, HOUR_MS, trimCoverage } from '@analytica/domain';
import { type CoverageChange, NO_COVERAGE } from '@analytica/domain/contracts';
import { listImports } from './imports.js';
import type { Manifest } from './manifest.js';
import { postsKey } from './retention.js';

type Listed = Pick<Manifest, 'files' | 'unreadable' | 'coverage'>;

/** When the posts of a lake were captured, for questions about it. */
export function captureTimes(manifest: Listed): CaptureTimes {
  return {
    coverage: manifest.coverage ?? null,
    oldestPost: oldestCaptured(manifest),
    // To the last post, that one included.
    imports: listImports(manifest).map(({ from, to }) => ({ from, to: to + 1 })),
  };
}

/** Whether a manifest lacks any of these changes. */
export function hasNews({ coverage }: Listed, changes: readonly CoverageChange[]): boolean {
  const last = changes.at(-1);
  return last !== undefined && last.seq > (coverage ?? NO_COVERAGE).seq;
}

/** A manifest with these changes; those that are in it already change nothing. */
export function withChanges(manifest: Manifest, changes: readonly CoverageChange[]): Manifest {
  const [first] = changes;
  if (first === undefined || !hasNews(manifest, changes)) return manifest;
  const before = manifest.coverage ?? { ...NO_COVERAGE, earlier: earlierTime(manifest, first) };
  return { ...manifest, coverage: applyChanges(before, changes) };
}

/** Up to when nothing of the captured posts is left once these hours expired; null where all stays. */
export function cutOfExpired({ files, unreadable }: Listed, expired: ReadonlySet<string>): number | null {
  const hours = [...files, ...unreadable].filter((file) => file.importName === null && file.minCreatedAt !== null);
  const isExpired = ({ hour }: { readonly hour: number }): boolean => expired.has(postsKey(hour));
  const going = hours.filter(isExpired).map(({ hour }) => hour + HOUR_MS);
  const staying = hours.filter((file) => !isExpired(file)).map(({ hour }) => hour);
  return going.length === 0 ? null : Math.min(...staying, Math.max(...going));
}

/** A manifest that knows nothing of the time before `cut`, which is none of an import. */
export function trimmed(manifest: Manifest, cut: number | null): Manifest {
  if (cut === null || manifest.coverage === undefined) return manifest;
  return { ...manifest, coverage: trimCoverage(manifest.coverage, cut) };
}

/** A lake that was filled before coverage was kept counts as covered from its oldest post to the first that is known. */
function earlierTime(manifest: Listed, first: CoverageChange): { from: number; to: number } | null {
  const from = oldestCaptured(manifest);
  const to = 'at' in first ? first.at : 'from' in first ? first.from : first.arrivedAt;
  return from !== null && from < to ? { from, to } : null;
}

function oldestCaptured({ files }: Listed): number | null {
  const captured = files.filter(({ importName }) => importName === null);
  return captured.length === 0 ? null : Math.min(...captured.map(({ minCreatedAt }) => minCreatedAt));
}

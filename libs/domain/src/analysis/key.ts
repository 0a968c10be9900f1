import { NORMALIZER_VERSION } from '../post.js';
import type { EngineName } from './engine-name.js';
import { figuresOf } from './figures-of.js';
import type { AnalysisResult } from './result.js';
import type { AnalysisSpec } from './spec.js';

/** JSON with sorted keys: equal values give equal texts. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** A spec in one spelling: equal questions give equal texts, and nothing beside the question is in it. */
export function canonicalSpec(spec: AnalysisSpec): string {
  const { topic, interval, timeZone, includeStopWords, includeRetweetWords } = spec;
  const { from, to } = interval;
  return canonicalJson({ topic, interval: { from, to }, timeZone, includeStopWords, includeRetweetWords });
}

/**
 * Rule 21: what an analysis key is a hash of (the caller hashes: the domain has no crypto).
 * @param engine the resolved engine, never AUTO.
 */
export function analysisKeyMaterial(spec: AnalysisSpec, engine: EngineName, snapshotId: string): string {
  return canonicalJson({ spec: canonicalSpec(spec), engine, normalizer: NORMALIZER_VERSION, snapshotId });
}

/**
 * What a result hash is a hash of: every figure, which posts are shown, and what is missing. Not how the run went (`scannedPosts`), so
 * that two engines, and two runs on one snapshot, can be compared.
 */
export function resultHashMaterial(result: AnalysisResult): string {
  const { missingHours } = result;
  return canonicalJson({
    figures: figuresOf(result),
    mostRetweeted: result.mostRetweeted.map(({ post, ...row }) => ({ ...row, post: post.id })),
    newest: result.newest.map(({ source, id }) => ({ source, id })),
    // A whole result has the hash that it always had.
    missingHours: missingHours.length === 0 ? undefined : missingHours,
  });
}

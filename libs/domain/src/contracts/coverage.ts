import { z } from 'zod';
import { GAP_CAUSES, gapSchema } from './gap.js';

const time = z.number().nonnegative();
const count = z.int().nonnegative();

/** `[from, to)`, epoch ms. */
const spanSchema = z.object({ from: time, to: time });

const told = {
  /** Grows by one or more from change to change. */
  seq: count,
  /** The source's name, as `INGEST_SOURCES` has it. */
  source: z.string(),
  /** When the change was told, by the arrival clock, epoch ms. */
  arrivedAt: time,
};

/**
 * One change of what is known of the times in which a source captured. What a source says (`CoverageEvent` of the ingestor), and what
 * is known without it: that the process stopped or died, that the machine slept, that the source is no longer switched on.
 */
export const coverageChangeSchema = z.discriminatedUnion('type', [
  z.object({ ...told, type: z.literal('began'), at: time }),
  /** `stored`: how many of its posts were stored in all; those that came of what was missed count as refilled. */
  z.object({ ...told, type: z.literal('reached'), at: time, stored: count }),
  z.object({ ...told, type: z.literal('ended'), at: time, cause: z.enum(GAP_CAUSES) }),
  z.object({ ...told, type: z.literal('missed'), from: time, to: time, cause: z.enum(GAP_CAUSES) }),
  z.object({ ...told, type: z.literal('refilled'), from: time, to: time, posts: count }),
  z.object({ ...told, type: z.literal('switched-off') }),
]);
export type CoverageChange = Readonly<z.infer<typeof coverageChangeSchema>>;

/** What is known of one live source. It captures while it is switched on and has no OPEN gap. */
export const sourceCoverageSchema = z.object({
  source: z.string(),
  /** Times in which it was switched on, `[from, to)`, oldest first; the last one's `to` is null while it is. */
  switchedOn: z.array(z.object({ from: time, to: time.nullable() })).readonly(),
  /** It has given all that happened up to here, but for its gaps. */
  reached: time,
  /** Where it is: behind `reached` while the platform gives again what is known already. */
  place: time,
  /** How many of its posts were stored when it had reached that. */
  stored: count,
  /** What the platform gives again at the moment, oldest first: what lies before the place that it has come to is refilled. */
  replaying: z.array(spanSchema).readonly(),
});
export type SourceCoverage = Readonly<z.infer<typeof sourceCoverageSchema>>;

/** What a lake knows of the times in which its live sources captured. Imports have none: their posts say it. */
export const coverageSchema = z.object({
  /** The last change that is in it. */
  seq: count,
  /** Of a lake that was filled before coverage was kept: the time that counts as covered. */
  earlier: spanSchema.nullable(),
  sources: z.array(sourceCoverageSchema).readonly(),
  /** Oldest first; those of one source do not overlap. */
  gaps: z.array(gapSchema).readonly(),
});
export type Coverage = Readonly<z.infer<typeof coverageSchema>>;

export const NO_COVERAGE: Coverage = { seq: 0, earlier: null, sources: [], gaps: [] };

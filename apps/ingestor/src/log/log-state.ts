import { accountingSchema, coverageChangeSchema } from '@analytica/domain/contracts';
import { z } from 'zod';
import type { Cursor } from '../sources/source.js';

const count = z.int().nonnegative();
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const coverageSchema = z.object({
  /** The last change of what is known of the times of capture. */
  seq: count,
  /** Changes that the lake may not list yet, in order. */
  unlisted: z.array(coverageChangeSchema).readonly(),
});
export type LogCoverage = Readonly<z.infer<typeof coverageSchema>>;

/** What is true once a batch is in the log: written in the same line that makes the batch count. */
export const logStateSchema = z.object({
  /** Sequence of the last post or tombstone in the log. */
  lastSeq: count,
  /** Where each source goes on, by its name. */
  cursors: z.record(z.string(), z.record(z.string(), scalar)),
  /** Since the lake began; `pending` is 0. */
  accounting: accountingSchema,
  /** Dead letters by reason; those of the version before are not among them. */
  deadLetters: z.record(z.string(), count).default({}),
  /** Arrival time of the last batch, epoch ms; 0 before the first. */
  arrivedAt: z.int().nonnegative(),
  /** When the sources captured. The version before did not keep it. */
  coverage: coverageSchema.default({ seq: 0, unlisted: [] }),
  /** Stored reposts whose original was not at hand (counting.md, rule 5), since the lake began; or since there are reposts. */
  repostsWithoutOriginal: count.default(0),
});

export interface LogState extends z.infer<typeof logStateSchema> {
  readonly cursors: Record<string, Cursor>;
}

/** The state of a log that begins: `stored` posts may be in the lake already. */
export function initialState(lastSeq: number, stored: number): LogState {
  return {
    lastSeq,
    cursors: {},
    accounting: {
      ...{ received: stored, stored, duplicates: 0, deletes: 0, not_posts: 0, dead_letters: 0, filtered: 0 },
      pending: 0,
    },
    deadLetters: {},
    arrivedAt: 0,
    coverage: { seq: 0, unlisted: [] },
    repostsWithoutOriginal: 0,
  };
}

/** Whether `a` is as late as `b`, or later: batches without records leave the sequence where it is. */
export function isLater(a: LogState, b: LogState): boolean {
  if (a.lastSeq !== b.lastSeq) return a.lastSeq > b.lastSeq;
  const received = a.accounting.received - b.accounting.received;
  return received === 0 ? a.coverage.seq >= b.coverage.seq : received > 0;
}

import { z } from 'zod';
import { accountingSchema } from './accounting.js';

const count = z.number().nonnegative();
const progress = {
  /** 0 to 1. */
  progress: z.number(),
  /** Posts stored since the lake began. */
  stored: count,
  perSecond: z.number(),
};

/** What the ingestor writes on stdout, one JSON object a line, for the start script and for people. */
const ingestorEventSchema = z.discriminatedUnion('event', [
  /** The log was cut back to its last whole batch, or has segments that the lake has not. */
  z.object({ event: z.literal('recovered'), cutBytes: count, cutLines: count, segments: count }),
  z.object({ event: z.literal('fill-progress'), ...progress }),
  z.object({ event: z.literal('replay-progress'), ...progress }),
  /** The first fill is in the lake: posts come as they happen from here on. */
  z.object({ event: z.literal('live'), posts: count }),
  z.object({ event: z.literal('accounting'), accounting: accountingSchema }),
  z.object({
    event: z.literal('replay-done'),
    /** Least and greatest `created_at` of the posts in the files, epoch ms; 0 where there are none. */
    from: z.number(),
    to: z.number(),
    accounting: accountingSchema,
    /** The import that the posts are in; null where the lake lists none of it. */
    importName: z.string().nullable(),
    /** A sentence for each file that could not be read whole. */
    problems: z.array(z.string()).readonly(),
  }),
  /** Something is wrong: capture waits, and goes on by itself, or goes on with a lake that is incomplete. One sentence. */
  z.object({ event: z.literal('problem'), message: z.string() }),
  /** The ingestor ends with it. One sentence. */
  z.object({ event: z.literal('fatal'), message: z.string() }),
]);
export type IngestorEvent = Readonly<z.infer<typeof ingestorEventSchema>>;

/** The event in a line of the ingestor's stdout; null for a line that is none, such as one that a library printed. */
export function readIngestorEvent(line: string): IngestorEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  return ingestorEventSchema.safeParse(value).data ?? null;
}

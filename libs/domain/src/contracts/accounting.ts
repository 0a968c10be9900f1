import { z } from 'zod';

const records = z.int().nonnegative();

/** Rule 2 of docs/counting.md: `received` is the sum of the others. All in records, since the lake began. */
export const accountingSchema = z.object({
  received: records,
  stored: records,
  duplicates: records,
  deletes: records,
  not_posts: records,
  dead_letters: records,
  /** Posts in a language that a person did not ask for; older logs and ingestors know none. */
  filtered: records.default(0),
  /** Read, but not in the log yet. */
  pending: records,
});
export type Accounting = Readonly<z.infer<typeof accountingSchema>>;

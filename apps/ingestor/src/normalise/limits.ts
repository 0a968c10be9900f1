/** The longest line that is read as records (docs/counting.md, rule 1): longer than any record of any platform. */
export const MAX_LINE_BYTES = 10 * 1_048_576;

/** How much of a record a dead letter keeps: more than any platform sends, and an end to what a hostile line can store. */
export const MAX_RAW_BYTES = 1_048_576;

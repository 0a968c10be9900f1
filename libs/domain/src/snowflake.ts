/** A snowflake is an id of X that begins with its time: `(id >> 22) + SNOWFLAKE_EPOCH_MS` (rule 4). */
export const SNOWFLAKE_EPOCH_MS = 1_288_834_974_657;
/** Bits of an id below its time. */
export const SNOWFLAKE_TIME_SHIFT = 22;
/** Ids up to and including this one were numbered one by one; they state no time (rule 4). */
export const LAST_ID_WITHOUT_TIME = 2 ** SNOWFLAKE_TIME_SHIFT * 10_000;

const SHIFT = BigInt(SNOWFLAKE_TIME_SHIFT);
const LAST_WITHOUT_TIME = BigInt(LAST_ID_WITHOUT_TIME);

/**
 * The time in an id, epoch ms; null for an id that states none.
 * @param id decimal digits; another text throws SyntaxError.
 */
export function snowflakeTime(id: string): number | null {
  const value = BigInt(id);
  return value > LAST_WITHOUT_TIME ? Number(value >> SHIFT) + SNOWFLAKE_EPOCH_MS : null;
}

/**
 * The id of a time.
 * @param time epoch ms, not before `SNOWFLAKE_EPOCH_MS`.
 * @param low tells ids of the same millisecond apart; 0 up to 2^22 - 1.
 */
export function snowflakeId(time: number, low = 0): string {
  return ((BigInt(time - SNOWFLAKE_EPOCH_MS) << SHIFT) | BigInt(low)).toString();
}

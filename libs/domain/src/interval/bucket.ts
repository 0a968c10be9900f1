import { DAY_MS, HOUR_MS, MINUTE_MS, QUARTER_HOUR_MS } from '../time-units.js';

/** Sizes of the volume chart's bars (rule 17), smallest first, by the names that GraphQL has for them. */
export const BUCKETS = [
  'MINUTES_5',
  'MINUTES_15',
  'MINUTES_30',
  'HOUR_1',
  'HOURS_3',
  'HOURS_6',
  'DAY_1',
  'WEEK_1',
  'MONTH_1',
] as const;
export type Bucket = (typeof BUCKETS)[number];

/** Nominal lengths in ms; in a zone a day has 23 to 25 hours, and a month 28 to 31 days. */
export const BUCKET_LENGTH_MS: Readonly<Record<Bucket, number>> = {
  MINUTES_5: 5 * MINUTE_MS,
  MINUTES_15: QUARTER_HOUR_MS,
  MINUTES_30: 30 * MINUTE_MS,
  HOUR_1: HOUR_MS,
  HOURS_3: 3 * HOUR_MS,
  HOURS_6: 6 * HOUR_MS,
  DAY_1: DAY_MS,
  WEEK_1: 7 * DAY_MS,
  MONTH_1: 30 * DAY_MS,
};

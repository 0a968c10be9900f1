import { DAY_MS, MINUTE_MS } from '../time-units.js';
import type { Interval } from './interval.js';

/** Intervals that end with the newest data, by the names that GraphQL has for them, shortest first. */
export const INTERVAL_PRESETS = ['LAST_24_HOURS', 'LAST_3_DAYS', 'LAST_7_DAYS'] as const;
export type IntervalPreset = (typeof INTERVAL_PRESETS)[number];

export const PRESET_LENGTH_MS: Readonly<Record<IntervalPreset, number>> = {
  LAST_24_HOURS: DAY_MS,
  LAST_3_DAYS: 3 * DAY_MS,
  LAST_7_DAYS: 7 * DAY_MS,
};

/**
 * The interval of a preset: it ends at the watermark, floored to the minute (rule 18).
 * @param watermarkMs of the snapshot that is asked, epoch ms.
 */
export function resolvePreset(preset: IntervalPreset, watermarkMs: number): Interval {
  const to = Math.floor(watermarkMs / MINUTE_MS) * MINUTE_MS;
  return { from: to - PRESET_LENGTH_MS[preset], to };
}

import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../time-units.js';
import { resolvePreset } from './preset.js';

describe('resolvePreset (rule 18)', () => {
  it('ends at the watermark, floored to the minute', () => {
    const watermark = Date.parse('2026-03-29T10:20:59.999Z');
    const to = Date.parse('2026-03-29T10:20:00Z');
    expect(resolvePreset('LAST_24_HOURS', watermark)).toEqual({ from: to - DAY_MS, to });
    expect(resolvePreset('LAST_3_DAYS', watermark)).toEqual({ from: to - 3 * DAY_MS, to });
    expect(resolvePreset('LAST_7_DAYS', to)).toEqual({ from: to - 7 * DAY_MS, to });
  });
});

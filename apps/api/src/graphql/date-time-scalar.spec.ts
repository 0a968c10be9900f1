import { describe, expect, it } from 'vitest';
import { DateTime } from './date-time-scalar.js';

describe('DateTime', () => {
  it('is milliseconds inside and ISO 8601 UTC outside', () => {
    expect(DateTime.parseValue('2026-03-29T01:00:00+02:00')).toBe(Date.UTC(2026, 2, 28, 23));
    expect(DateTime.serialize(Date.UTC(2026, 2, 28, 23))).toBe('2026-03-28T23:00:00.000Z');
  });

  it.each([
    'yesterday',
    '2026-03-29',
    '2026-03-29T01:00:00',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-02-29T12:00:00+02:00',
    '2026-04-31T00:00:00Z',
    '2026-03-29T25:00:00Z',
    5,
    null,
  ])('refuses %j', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow(/ISO 8601/);
  });

  it('takes a leap day', () => {
    expect(DateTime.parseValue('2028-02-29T00:00:00Z')).toBe(Date.UTC(2028, 1, 29));
  });
});

import { describe, expect, it } from 'vitest';
import { parseInterval } from './parse-interval.js';

describe('parseInterval', () => {
  it('takes instants', () => {
    expect(parseInterval({ from: '2026-03-29T00:00+01:00', to: '2026-03-29T00:00:00.001Z' })).toEqual({
      from: Date.parse('2026-03-28T23:00:00Z'),
      to: Date.parse('2026-03-29T00:00:00.001Z'),
    });
    expect(parseInterval({ from: 0, to: 1 })).toEqual({ from: 0, to: 1 });
    expect(parseInterval({ from: '2006-03-21T00:00:00Z', to: '2026-03-21T00:00:00Z' }).to).toBe(Date.UTC(2026, 2, 21));
  });

  it.each<[string | number, string | number, string, RegExp]>([
    ['2026-03-29T01:00:00Z', '2026-03-29T00:00:00Z', 'to', /ends before it starts/],
    ['2026-03-29T01:00:00+01:00', '2026-03-29T00:00:00Z', 'to', /empty/],
    ['2026-03-29', '2026-03-30T00:00:00Z', 'from', /not an instant/],
    ['2026-03-29T00:00:00', '2026-03-30T00:00:00Z', 'from', /not an instant/],
    ['2026-02-30T00:00:00Z', '2026-03-30T00:00:00Z', 'from', /not an instant/],
    ['2026-02-20T00:00:00Z', '2026-03-30T25:00:00Z', 'to', /not an instant/],
    ['', 'yesterday', 'from', /not an instant/],
    [Number.NaN, 1, 'from', /not an instant/],
    [0, Infinity, 'to', /not an instant/],
    [0.5, 1, 'from', /not an instant/],
    ['2000-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'from', /longer than 20 years/],
  ])('refuses %s to %s', (from, to, field, message) => {
    expect(() => parseInterval({ from, to })).toThrow(
      expect.objectContaining({
        code: 'INTERVAL_INVALID',
        details: { field },
        message: expect.stringMatching(message) as string,
      }),
    );
  });
});

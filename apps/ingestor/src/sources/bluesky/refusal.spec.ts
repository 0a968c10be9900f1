import { describe, expect, it } from 'vitest';
import { retryAfter } from './refusal.js';

const NOW = Date.UTC(2026, 10, 29, 12);

describe('Retry-After', () => {
  it.each([
    ['seconds', '7', 7000],
    ['seconds with blanks', ' 7 ', 7000],
    ['a date', 'Sun, 29 Nov 2026 12:00:30 GMT', 30_000],
    ['a date that is past', 'Sun, 29 Nov 2026 11:00:00 GMT', 0],
    ['more than an hour', '86400', 3_600_000],
    ['nothing of use', 'soon', null],
    ['a negative number', '-5x', null],
  ])('says %s', (_, header, ms) => {
    expect(retryAfter(header, NOW)).toBe(ms);
  });

  it('may be absent', () => {
    expect(retryAfter(undefined, NOW)).toBeNull();
  });
});

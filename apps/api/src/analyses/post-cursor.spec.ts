import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, indexAfter, type SortKey } from './post-cursor.js';

describe('a cursor', () => {
  it('comes back as it was', () => {
    const cursor = { order: 'newest', index: 41, key: [1_700_000_000_000, 'at://did:plc:ü/x', 'bluesky'] } as const;
    expect(decodeCursor(encodeCursor(cursor), 'newest')).toEqual(cursor);
  });

  it('belongs to its list', () => {
    const cursor = encodeCursor({ order: 'newest', index: 0, key: [1, 'a', 'x'] });
    expect(() => decodeCursor(cursor, 'most-retweeted')).toThrow(/not a cursor of this list/);
  });
});

describe('indexAfter', () => {
  const newest: SortKey[] = [
    [30, 'b', 'x'],
    [30, 'a', 'x'],
    [20, 'z', 'demo'],
    [20, 'z', 'x'],
    [10, 'a', 'x'],
  ];

  it('finds the place of every row, ties included', () => {
    expect(newest.map((key) => indexAfter(newest, 'newest', key))).toEqual([1, 2, 3, 4, 5]);
  });

  it('finds the place of a row that is not there any more, or not yet', () => {
    expect(indexAfter(newest, 'newest', [25, 'a', 'x'])).toBe(2);
    expect(indexAfter(newest, 'newest', [99, 'a', 'x'])).toBe(0);
    expect(indexAfter(newest, 'newest', [1, 'a', 'x'])).toBe(5);
  });

  it('orders the most retweeted by count down, then id up, in bytes', () => {
    const rows: SortKey[] = [
      [9, 'a', 'x'],
      [9, '\u{ff5e}', 'x'],
      [9, '\u{1f600}', 'x'],
      [3, 'a', 'x'],
    ];
    expect(rows.map((key) => indexAfter(rows, 'most-retweeted', key))).toEqual([1, 2, 3, 4]);
  });
});

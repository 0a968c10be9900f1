import fc from 'fast-check';
import { expect, it } from 'vitest';
import { counted, firstInOrder } from './top.js';

it('gives what sorting all would give', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.nat(30), (candidates, length) => {
      const before = (a: number, b: number): number => b - a;
      expect(firstInOrder(candidates, length, before)).toEqual(candidates.toSorted(before).slice(0, length));
    }),
  );
});

it('leaves out what was never counted, and what cannot be among the first', () => {
  expect(counted(Int32Array.of(0, 3, 0, 1), 9)).toEqual({ distinct: 2, first: [1, 3] });
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(6), fc.nat(10_000))), fc.integer({ min: 1, max: 30 }), (counts, length) => {
      const before = (a: number, b: number): number => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b;
      const having = counts.flatMap((count, key) => (count > 0 ? [key] : []));
      const { distinct, first } = counted(Int32Array.from(counts), length);
      expect(distinct).toBe(having.length);
      expect(firstInOrder(first, length, before)).toEqual(firstInOrder(having, length, before));
    }),
  );
});

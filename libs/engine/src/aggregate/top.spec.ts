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

it('passes over what was never counted', () => {
  expect([...counted(Int32Array.of(0, 3, 0, 1))]).toEqual([1, 3]);
});

import { DAY_MS } from '@analytica/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashTable } from './hash-table.js';
import { identityHash, newHashKey } from './identity-hash.js';
import { SeenPosts } from './seen-posts.js';

const half = fc.nat({ max: 0xffffffff });
const low = half.map((value) => (value === 0 ? 1 : value));

describe('HashTable', () => {
  it('is a set', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(half, low), { maxLength: 3000, size: 'max' }),
        fc.tuple(half, low),
        (pairs, other) => {
          const table = new HashTable();
          const set = new Set<string>();
          for (const [high, low] of pairs) {
            expect(table.has(high, low)).toBe(set.has(`${String(high)} ${String(low)}`));
            table.add(high, low);
            table.add(high, low);
            set.add(`${String(high)} ${String(low)}`);
          }
          expect(table.size).toBe(set.size);
          for (const [high, low] of pairs) expect(table.has(high, low)).toBe(true);
          expect(table.has(...other)).toBe(set.has(other.join(' ')));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('takes at most 32 bytes a hash at any time, the copy of a table that grows included', () => {
    const table = new HashTable();
    const hash = identityHash('k');
    let worst = 0;
    for (let n = 1; n <= 500_000; n += 1) {
      const before = n % 1000 === 0 || n > 400_000 ? table.bytes : 0;
      table.add(...hash('x', String(n), null));
      // While one table grows, its old half is there too: at most a 64th of the whole.
      if (n > 100_000 && before > 0) worst = Math.max(worst, (table.bytes * (1 + 1 / 64)) / n);
    }
    expect(table.size).toBe(500_000);
    expect(worst).toBeGreaterThan(8);
    expect(worst).toBeLessThan(32);
  });
});

describe('identityHash', () => {
  it('tells identities apart that look alike, and needs its key', () => {
    const hash = identityHash('key');
    const all = [
      hash('x', '12', null),
      hash('x', '1', '2'),
      hash('x', '1', null),
      hash('demo', '12', null),
      hash('bluesky', 'at://a', 'cid1'),
      hash('bluesky', 'at://a', 'cid2'),
      identityHash('other')('x', '12', null),
    ].map(String);
    expect(new Set(all).size).toBe(all.length);
    expect(hash('x', '12', null)).toEqual(hash('x', '12', null));
    expect(newHashKey()).not.toBe(newHashKey());
  });
});

describe('SeenPosts', () => {
  it('forgets whole generations once the lake has, not before', () => {
    const seen = new SeenPosts(8);
    seen.add(1, 1, 0.5 * DAY_MS);
    seen.add(2, 2, 1.5 * DAY_MS);
    seen.forgetBefore(DAY_MS - 1, []);
    expect(seen.has(1, 1)).toBe(true);
    seen.forgetBefore(DAY_MS, []);
    expect([seen.has(1, 1), seen.has(2, 2), seen.size]).toEqual([false, true, 1]);
  });

  it('remembers what is in the lake, whatever the time, and forgets what lies between', () => {
    const seen = new SeenPosts(8);
    for (const day of [0, 1, 2]) seen.add(1 + day, 1, (day + 0.5) * DAY_MS);
    seen.forgetBefore(Date.UTC(2100, 0), [0, 2.9 * DAY_MS]);
    expect([1, 2, 3].map((high) => seen.has(high, 1))).toEqual([true, false, true]);
  });

  it('keeps everything without retention', () => {
    const seen = new SeenPosts(0);
    seen.add(1, 1, 0);
    seen.forgetBefore(Date.UTC(2100, 0), []);
    expect(seen.has(1, 1)).toBe(true);
  });
});

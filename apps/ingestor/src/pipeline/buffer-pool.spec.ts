import { describe, expect, it } from 'vitest';
import { BufferPool } from './buffer-pool.js';

const MIB = 1024 * 1024;

describe('BufferPool', () => {
  it('gives a buffer again that is large enough, and no other', () => {
    const pool = new BufferPool();
    const first = pool.take(1000);
    pool.give(first);
    expect(pool.take(first.byteLength + 1)).not.toBe(first);
    expect(pool.take(1)).toBe(first);
    expect(pool.take(1)).not.toBe(first);
  });

  it('lets go of what nobody will need, and of what is on another thread', () => {
    const pool = new BufferPool();
    const given = Array.from({ length: 40 }, () => pool.take(MIB));
    for (const buffer of given) pool.give(buffer);
    const again = Array.from({ length: 40 }, () => pool.take(MIB));
    expect(again.filter((buffer) => given.includes(buffer))).toHaveLength(32);
    const away = pool.take(MIB);
    structuredClone(away, { transfer: [away] });
    pool.give(away);
    expect(pool.take(0).byteLength).toBeGreaterThan(0);
  });
});

import { hash, randomBytes } from 'node:crypto';

/**
 * 64-bit hash of a post's identity (counting.md, rule 3). Keyed by a secret, so that nobody can make ids that collide: with
 * 100 million posts, the chance that any two of them do is one in four thousand.
 * @returns two 32-bit halves, never both 0.
 */
export type IdentityHash = (source: string, id: string, version: string | null) => readonly [high: number, low: number];

/** A key for one run: the set of seen posts is built anew at every start. */
export function newHashKey(): string {
  return randomBytes(16).toString('hex');
}

export function identityHash(key: string): IdentityHash {
  return (source, id, version) => {
    const digest = hash('sha256', `${key}${source}\n${String(id.length)}\n${id}${version ?? ''}`, 'buffer');
    const low = digest.readUInt32LE(4);
    return [digest.readUInt32LE(0), low === 0 ? 1 : low];
  };
}

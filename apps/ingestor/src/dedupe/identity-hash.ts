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
    // A text of bytes: a buffer for each post costs more than its hash.
    const digest = hash('sha256', `${key}${source}\n${String(id.length)}\n${id}${version ?? ''}`, 'binary');
    const low = uint32At(digest, 4);
    return [uint32At(digest, 0), low === 0 ? 1 : low];
  };
}

function uint32At(bytes: string, at: number): number {
  const low = bytes.charCodeAt(at) | (bytes.charCodeAt(at + 1) << 8);
  return (low | (bytes.charCodeAt(at + 2) << 16) | (bytes.charCodeAt(at + 3) << 24)) >>> 0;
}

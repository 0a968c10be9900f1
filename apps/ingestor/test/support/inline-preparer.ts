import { identityHash } from '../../src/dedupe/identity-hash.js';
import { prepareBatch } from '../../src/pipeline/prepare-batch.js';
import type { Preparer } from '../../src/pipeline/preparer.js';

/** On the calling thread. */
export function inlinePreparer(hashKey: string): Preparer {
  const hash = identityHash(hashKey);
  return {
    prepare: (lines, context) => Promise.resolve(prepareBatch(lines, context, hash)),
    free: () => undefined,
    close: () => Promise.resolve(),
  };
}

// Prepares batches of all sizes on the thread, several at once, and compares each with what the function itself gives. Run by
// Node, on what is built: the thread's file is no module of Vitest's.
import assert from 'node:assert/strict';
import { identityHash } from '../../dist/dedupe/identity-hash.js';
import { type PrepareContext, prepareBatch } from '../../dist/pipeline/prepare-batch.js';
import { threadPreparer } from '../../dist/pipeline/preparer.js';

const BATCHES = 60;
const AT_ONCE = 6;
const context: PrepareContext = {
  arrivedAt: Date.UTC(2026, 6, 1, 10),
  path: 'stream',
  source: null,
  shiftMs: 0,
  importName: null,
  languages: [],
};

function batch(n: number): Buffer[] {
  return Array.from({ length: 1 + ((n * 53) % 400) }, (_, i) => {
    const text = `${'é'.repeat((n * 37 + i * 11) % 900)} ${'x'.repeat(n % 5 === 0 ? 2_000 : 3)}`;
    const id = `${String(n)}${String(i).padStart(6, '0')}`;
    const data = { id, author_id: '7', created_at: '2026-07-01T09:00:00.000Z', text };
    return Buffer.from(JSON.stringify({ data }));
  });
}

const preparer = threadPreparer('k');
const hash = identityHash('k');
let rowsCompared = 0;
for (let n = 0; n < BATCHES; n += AT_ONCE) {
  const batches = Array.from({ length: AT_ONCE }, (_, k) => batch(n + k));
  await Promise.all(
    batches.map(async (lines) => {
      const { bytes, ...rest } = await preparer.prepare(lines, context);
      const { bytes: expected, ...others } = prepareBatch(lines, context, hash);
      assert.equal(Buffer.from(bytes).toString(), Buffer.from(expected).toString());
      assert.deepEqual(rest, others);
      rowsCompared += rest.ends.length;
      preparer.free({ bytes, ...rest });
    }),
  );
}
await preparer.close();
console.log(JSON.stringify({ rowsCompared }));

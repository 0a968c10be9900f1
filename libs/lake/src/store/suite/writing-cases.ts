import assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes, keys, type StoreCase, textOf } from './store-case.js';

export const WRITING_CASES: readonly StoreCase[] = [
  {
    name: 'put replaces an object as a whole: readers see one content or another, never a part',
    async run({ store, other }) {
      const contents = ['a', 'b'].map((letter) => letter.repeat(200_000));
      await store.put('object', bytes(contents[0] ?? ''));
      const progress = { isDone: false };
      const writing = (async () => {
        for (let round = 0; round < 20; round += 1) await store.put('object', bytes(contents[round % 2] ?? ''));
      })().finally(() => (progress.isDone = true));
      while (!progress.isDone) {
        const text = await textOf(other, 'object');
        assert.ok(text !== null && contents.includes(text), `${String(text?.length)} bytes of neither content`);
      }
      await writing;
    },
  },
  {
    name: 'put need not be durable to be seen',
    async run({ store, other }) {
      await store.put('pin', bytes('x'), { durable: false });
      assert.equal(await textOf(other, 'pin'), 'x');
    },
  },
  {
    name: 'an object that is written again is another sign to who watches it',
    async run({ store }) {
      await store.put('pin', bytes('x'));
      const first = (await store.head('pin'))?.modifiedAt;
      const until = Date.now() + 5_000;
      let now = first;
      // A bucket's clock may tick in whole seconds.
      while (now === first && Date.now() < until) {
        await store.put('pin', bytes('x'));
        now = (await store.head('pin'))?.modifiedAt;
      }
      assert.notEqual(now, first);
    },
  },
  {
    name: 'a published file is the object, whole, and is gone from where it was written',
    async run({ store, other }) {
      const staged = await store.stagingPath('2026/03/01/10/file.parquet');
      await writeFile(staged, 'staged');
      assert.equal(await other.read('2026/03/01/10/file.parquet'), null);
      const info = await store.publish(staged, '2026/03/01/10/file.parquet');
      assert.deepEqual([info.key, info.bytes], ['2026/03/01/10/file.parquet', 6]);
      assert.equal(await textOf(other, '2026/03/01/10/file.parquet'), 'staged');
      await assert.rejects(readFile(staged));

      const elsewhere = join(await mkdtemp(join(tmpdir(), 'store-suite-')), 'file');
      await writeFile(elsewhere, 'again');
      await store.publish(elsewhere, '2026/03/01/10/file.parquet');
      assert.equal(await textOf(other, '2026/03/01/10/file.parquet'), 'again');
      await assert.rejects(readFile(elsewhere));
    },
  },
  {
    name: 'publishing a file that is not there fails and leaves the object as it was',
    async run({ store }) {
      await store.put('a', bytes('old'));
      await assert.rejects(store.publish(await store.stagingPath('a'), 'a'));
      assert.equal(await textOf(store, 'a'), 'old');
    },
  },
  {
    name: 'a deleted object is gone for every client; once more is harmless',
    async run({ store, other }) {
      await store.put('a/b/c', bytes('x'));
      await store.put('a/b2', bytes('y'));
      await store.delete('a/b/c');
      await other.delete('a/b/c');
      await store.delete('never/there');
      assert.equal(await other.read('a/b/c'), null);
      assert.deepEqual(await keys(other, ''), ['a/b2']);
      await store.delete('a/b2');
      assert.deepEqual(await keys(other, ''), []);
      // Nothing that was once a prefix is in the way.
      await store.put('a', bytes('z'));
      assert.equal(await textOf(store, 'a'), 'z');
    },
  },
  {
    name: 'writing and deleting side by side under one prefix disturb nobody',
    async run({ store, other }) {
      const work = Array.from({ length: 20 }, async (_, index) => {
        const client = index % 2 === 0 ? store : other;
        const key = `2026/03/${String(index)}`;
        for (let round = 0; round < 5; round += 1) {
          await client.put(key, bytes(key));
          await client.delete(key);
        }
      });
      await Promise.all(work);
      assert.deepEqual(await keys(store, ''), []);
    },
  },
  {
    name: 'what is staged is no object; what was never published can be removed, of the keys that are asked for',
    async run({ store, other }) {
      await store.put('ours/whole', bytes('x'));
      const [ours, theirs] = [await store.stagingPath('ours/half'), await store.stagingPath('theirs/half')];
      await writeFile(ours, 'half');
      await writeFile(theirs, 'half');
      assert.deepEqual(await keys(other, ''), ['ours/whole']);
      await store.removeUnfinished((key) => key.startsWith('ours/'));
      await assert.rejects(readFile(ours));
      assert.equal(await readFile(theirs, 'utf8'), 'half');
      assert.deepEqual(await keys(other, ''), ['ours/whole']);
    },
  },
];

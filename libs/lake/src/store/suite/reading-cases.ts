import assert from 'node:assert/strict';
import { isKey } from '../keys.js';
import { bytes, keys, listed, type StoreCase, textOf } from './store-case.js';

export const READING_CASES: readonly StoreCase[] = [
  {
    name: 'an object that is not there is null, as is a folder of others',
    async run({ store }) {
      await store.put('a/b/c', bytes('x'));
      for (const key of ['d', 'a', 'a/b', 'a/b/c/d', 'a/b/c2']) {
        assert.equal(await store.read(key), null, key);
        assert.equal(await store.readRange(key, 0, 1), null, key);
        assert.equal(await store.head(key), null, key);
      }
    },
  },
  {
    name: 'an object is read as it was written, by every client, whatever bytes it has',
    async run({ store, other }) {
      const content = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
      await store.put('2026/03/object.bin', content);
      assert.deepEqual(Buffer.from((await other.read('2026/03/object.bin'))?.bytes ?? []), Buffer.from(content));
      await store.put('empty', new Uint8Array(0));
      assert.equal(await textOf(other, 'empty'), '');
      assert.equal((await other.head('empty'))?.bytes, 0);
    },
  },
  {
    name: 'a range is the bytes from its start up to its end, fewer where the object ends before',
    async run({ store }) {
      await store.put('letters', bytes('abcdefghij'));
      const range = async (start: number, end: number): Promise<string> =>
        Buffer.from((await store.readRange('letters', start, end)) ?? []).toString();
      assert.equal(await range(3, 6), 'def');
      assert.equal(await range(0, 10), 'abcdefghij');
      assert.equal(await range(8, 99), 'ij');
      assert.equal(await range(4, 4), '');
      assert.equal(await range(20, 30), '');
    },
  },
  {
    name: 'head says how large an object is, and when it was written',
    async run({ store }) {
      const before = Date.now() - 60_000;
      await store.put('a/b', bytes('1234'));
      const info = await store.head('a/b');
      assert.equal(info?.key, 'a/b');
      assert.equal(info.bytes, 4);
      assert.ok(info.modifiedAt > before && info.modifiedAt < Date.now() + 60_000, String(info.modifiedAt));
    },
  },
  {
    name: 'a key is below the store: others are refused by every call',
    async run({ store }) {
      for (const key of [
        '',
        '/etc/passwd',
        '../a',
        'a/../b',
        './a',
        'a//b',
        'a/',
        'a\\b',
        'a\0b',
        'a/..',
        'C:/a',
        'a.tmp',
        'é'.repeat(513),
      ]) {
        assert.equal(isKey(key), false, key);
        await assert.rejects(store.read(key), TypeError, key);
        await assert.rejects(store.readRange(key, 0, 1), TypeError, key);
        await assert.rejects(store.head(key), TypeError, key);
        await assert.rejects(store.put(key, bytes('x')), TypeError, key);
        await assert.rejects(store.putIfAbsent(key, bytes('x')), TypeError, key);
        await assert.rejects(store.putIfMatch(key, bytes('x'), 'v'), TypeError, key);
        await assert.rejects(store.delete(key), TypeError, key);
        await assert.rejects(store.stagingPath(key), TypeError, key);
        assert.throws(() => store.uriOf(key), TypeError, key);
      }
      await assert.rejects(listed(store, '../'), TypeError);
      await assert.rejects(listed(store, '/'), TypeError);
      for (const key of ['a', 'a.b/.c/é', `${'x'.repeat(200)}/y`, 'a b', '..a', 'a..']) {
        await store.put(key, bytes(key));
        assert.equal(await textOf(store, key), key);
      }
    },
  },
  {
    name: 'an engine finds an object at the URI of the store, a slash and the key',
    run({ store }) {
      assert.equal(store.uriOf('a/b'), `${store.uri}/a/b`);
      assert.ok(!store.uri.endsWith('/'));
      return Promise.resolve();
    },
  },
];

export const LISTING_CASES: readonly StoreCase[] = [
  {
    name: 'a list has the objects whose keys begin with the prefix, in the order of their bytes, with sizes and times',
    async run({ store, other }) {
      const all = ['a', 'a-b', 'a.b', 'a/b', 'a/b/c', 'a0', 'ab/c', 'b', 'é', '\u{FF5E}', '\u{1F600}'];
      const possible = all.filter((key) => key !== 'a' && key !== 'a/b');
      for (const key of possible.toReversed()) await store.put(key, bytes(key));
      const sorted = possible.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b)));
      assert.deepEqual(await keys(other, ''), sorted);
      assert.deepEqual(
        await keys(other, 'a'),
        sorted.filter((key) => key.startsWith('a')),
      );
      assert.deepEqual(await keys(other, 'a/'), ['a/b/c']);
      assert.deepEqual(await keys(other, 'a/b/c'), ['a/b/c']);
      assert.deepEqual(await keys(other, 'ab'), ['ab/c']);
      assert.deepEqual(await keys(other, 'c'), []);
      assert.deepEqual(await keys(other, 'a/b/c/d'), []);
      const [first] = await listed(other, 'a/b');
      assert.deepEqual(first, await other.head('a/b/c'));
    },
  },
];

import assert from 'node:assert/strict';
import type { LakeStore } from '../lake-store.js';
import { bytes, type StoreCase, type StoreUnderTest, textOf, versionOf } from './store-case.js';

const RACERS = 12;
const ROUNDS = 10;

/** Conditional puts of both clients at once, each with a text of its own. @returns the texts that were taken. */
async function race(
  { store, other }: StoreUnderTest,
  put: (client: LakeStore, content: Uint8Array) => Promise<string | null>,
): Promise<string[]> {
  const racers = Array.from({ length: RACERS }, (_, index) => `racer ${String(index)}`);
  const versions = await Promise.all(racers.map((name, index) => put(index % 2 === 0 ? store : other, bytes(name))));
  return racers.filter((_, index) => versions[index] !== null);
}

export const CONDITIONAL_CASES: readonly StoreCase[] = [
  {
    name: 'putIfAbsent writes where there is nothing, and nothing where there is something',
    async run({ store, other }) {
      const version = await store.putIfAbsent('a/b', bytes('one'));
      assert.equal(version, await versionOf(other, 'a/b'));
      assert.equal(await other.putIfAbsent('a/b', bytes('two')), null);
      assert.equal(await store.putIfAbsent('a/b', bytes('one')), null);
      assert.equal(await textOf(store, 'a/b'), 'one');
      await store.delete('a/b');
      assert.notEqual(await other.putIfAbsent('a/b', bytes('three')), null);
    },
  },
  {
    name: 'putIfMatch replaces the version that it names, and no other',
    async run({ store, other }) {
      assert.equal(await store.putIfMatch('a', bytes('x'), 'no version'), null);
      assert.equal(await store.read('a'), null);
      const first = await store.putIfAbsent('a', bytes('one'));
      assert.ok(first !== null);
      const second = await other.putIfMatch('a', bytes('two'), first);
      assert.equal(second, await versionOf(store, 'a'));
      assert.notEqual(second, first);
      assert.equal(await store.putIfMatch('a', bytes('three'), first), null);
      assert.equal(await textOf(other, 'a'), 'two');
      await store.delete('a');
      assert.equal(await store.putIfMatch('a', bytes('four'), second), null);
      assert.equal(await store.read('a'), null);
    },
  },
  {
    name: 'of several that put where there is nothing, one succeeds, and its content stays',
    async run(under) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const key = `round-${String(round)}`;
        const winners = await race(under, (client, content) => client.putIfAbsent(key, content));
        assert.equal(winners.length, 1, `${String(winners.length)} winners`);
        assert.equal(await textOf(under.store, key), winners[0]);
      }
    },
  },
  {
    name: 'of several that replace one version, one succeeds, and its content stays',
    async run(under) {
      await under.store.put('a', bytes('first'));
      for (let round = 0; round < ROUNDS; round += 1) {
        const version = await versionOf(under.store, 'a');
        const winners = await race(under, (client, content) =>
          client.putIfMatch('a', Buffer.concat([content, bytes(` round ${String(round)}`)]), version),
        );
        assert.equal(winners.length, 1, `${String(winners.length)} winners`);
        assert.equal(await textOf(under.other, 'a'), `${String(winners[0])} round ${String(round)}`);
      }
    },
  },
  {
    name: 'counters that many raise by reading and replacing miss no step',
    async run({ store, other }) {
      await store.put('count', bytes('0'));
      const raise = async (client: LakeStore): Promise<void> => {
        for (;;) {
          const object = await client.read('count');
          assert.ok(object);
          const next = Number(Buffer.from(object.bytes).toString()) + 1;
          if ((await client.putIfMatch('count', bytes(String(next)), object.version)) !== null) return;
        }
      };
      await Promise.all(Array.from({ length: RACERS }, (_, index) => raise(index % 2 === 0 ? store : other)));
      assert.equal(await textOf(store, 'count'), String(RACERS));
    },
  },
];

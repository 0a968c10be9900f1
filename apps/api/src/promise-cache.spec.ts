import { expect, it } from 'vitest';
import { PromiseCache } from './promise-cache.js';

it('reads once while a value is among the last few, and never keeps a failure', async () => {
  const cache = new PromiseCache<string>(2);
  const reads: string[] = [];
  const get = (key: string): Promise<string> =>
    cache.get(key, () => {
      reads.push(key);
      return key === 'bad' ? Promise.reject(new Error('away')) : Promise.resolve(key);
    });
  await get('a');
  await get('b');
  await get('a');
  await get('c'); // b goes
  await get('a');
  await get('b');
  expect(reads).toEqual(['a', 'b', 'c', 'b']);
  await expect(get('bad')).rejects.toThrow('away');
  await expect(get('bad')).rejects.toThrow('away');
  expect(reads.filter((key) => key === 'bad')).toHaveLength(2);
});

it('reads again once a value is too old', async () => {
  let now = 1;
  let reads = 0;
  const cache = new PromiseCache<number>(2, 100, () => now);
  const get = (): Promise<number> => cache.get('a', () => Promise.resolve(++reads));
  expect(await get()).toBe(1);
  now += 100;
  expect(await get()).toBe(1);
  now += 1;
  expect(await get()).toBe(2);
});

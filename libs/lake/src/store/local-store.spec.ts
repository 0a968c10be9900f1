import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalStore } from './local-store.js';
import { STORE_CASES } from './store-suite.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'local-store-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('LocalStore is a LakeStore', () => {
  it.each(STORE_CASES)('$name', async ({ run }) => {
    await run({ store: new LocalStore(root), other: new LocalStore(root) });
  });
});

describe('LocalStore', () => {
  it('leaves nothing but the objects behind', async () => {
    const store = new LocalStore(root);
    await store.put('a', Buffer.from('1'));
    const version = await store.putIfAbsent('b', Buffer.from('2'));
    await store.putIfAbsent('b', Buffer.from('3'));
    await store.putIfMatch('b', Buffer.from('4'), version ?? '');
    await store.putIfMatch('b', Buffer.from('5'), version ?? '');
    expect(await readdir(root)).toEqual(['a', 'b']);
  });

  it('removes its own leftovers, and of other files none', async () => {
    const store = new LocalStore(root);
    await store.put('a/whole', Buffer.from('1'));
    const left = ['a/whole.0123456789abcdef.tmp', 'a/half.tmp'];
    const kept = ['a/notes.txt', 'a/other.tmp.txt', 'spill.tmp'];
    for (const name of [...left, ...kept]) await writeFile(join(root, name), 'x');
    expect(await store.removeUnfinished((key) => key.startsWith('a/'))).toBe(2);
    expect((await readdir(root, { recursive: true })).toSorted()).toEqual(['a', 'a/whole', ...kept].toSorted());
  });

  it('takes over the lock of a process that died while it put', async () => {
    const store = new LocalStore(root);
    const version = await store.putIfAbsent('a', Buffer.from('1'));
    const left = { pid: 2 ** 22 + 1, started: 'long ago', token: '' };
    await writeFile(join(root, 'a.lock'), JSON.stringify(left));
    expect(await store.putIfMatch('a', Buffer.from('2'), version ?? '')).not.toBeNull();
    expect(await readdir(root)).toEqual(['a']);
  });

  it('follows no link out of its folder when it lists', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'local-store-outside-'));
    await writeFile(join(outside, 'secret'), 'x');
    await symlink(outside, join(root, 'link'));
    for await (const { key } of new LocalStore(root).list('')) expect.unreachable(key);
    await rm(outside, { recursive: true });
  });

  it('passes on what the disk says where a file is in the way of a folder', async () => {
    const store = new LocalStore(root);
    await store.put('a', Buffer.from('1'));
    await expect(store.put('a/b', Buffer.from('2'))).rejects.toThrow();
    expect(await readFile(join(root, 'a'), 'utf8')).toBe('1');
  });
});

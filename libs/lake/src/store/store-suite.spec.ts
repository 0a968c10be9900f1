import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireKey, requirePrefix } from './keys.js';
import type { LakeStore, ObjectInfo, StoredObject } from './lake-store.js';
import { STORE_CASES, type StoreUnderTest } from './store-suite.js';

interface MemoryObject extends StoredObject {
  readonly modifiedAt: number;
}

/** What several clients have in common. */
class MemoryPlace {
  readonly objects = new Map<string, MemoryObject>();
  #clock = Date.now();

  write(key: string, bytes: Uint8Array): string {
    const version = createHash('sha256').update(bytes).digest('hex');
    this.objects.set(key, { bytes: Uint8Array.from(bytes), version, modifiedAt: (this.#clock += 1) });
    return version;
  }
}

/** A store in memory: the suite's proof that it asks for nothing that only a disk has. */
class MemoryStore implements LakeStore {
  readonly uri = 'memory://lake';
  readonly #place: MemoryPlace;
  readonly #staging: string;

  constructor(place: MemoryPlace, staging: string) {
    this.#place = place;
    this.#staging = staging;
  }

  uriOf(key: string): string {
    return `${this.uri}/${requireKey(key)}`;
  }

  async read(key: string): Promise<StoredObject | null> {
    await setImmediate();
    const object = this.#place.objects.get(requireKey(key));
    return object === undefined ? null : { bytes: object.bytes, version: object.version };
  }

  async readRange(key: string, start: number, end: number): Promise<Uint8Array | null> {
    return (await this.read(key))?.bytes.slice(start, end) ?? null;
  }

  async head(key: string): Promise<ObjectInfo | null> {
    await setImmediate();
    const object = this.#place.objects.get(requireKey(key));
    return object === undefined ? null : { key, bytes: object.bytes.length, modifiedAt: object.modifiedAt };
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    requireKey(key);
    await setImmediate();
    this.#place.write(key, bytes);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<string | null> {
    requireKey(key);
    await setImmediate();
    return this.#place.objects.has(key) ? null : this.#place.write(key, bytes);
  }

  async putIfMatch(key: string, bytes: Uint8Array, version: string): Promise<string | null> {
    requireKey(key);
    await setImmediate();
    return this.#place.objects.get(key)?.version === version ? this.#place.write(key, bytes) : null;
  }

  async stagingPath(key: string): Promise<string> {
    await setImmediate();
    return join(this.#staging, encodeURIComponent(requireKey(key)));
  }

  async publish(path: string, key: string): Promise<ObjectInfo> {
    await this.put(key, await readFile(path));
    await rm(path);
    return (await this.head(key)) ?? { key, bytes: 0, modifiedAt: 0 };
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    requirePrefix(prefix);
    const keys = [...this.#place.objects.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
      const info = await this.head(key);
      if (info !== null) yield info;
    }
  }

  async delete(key: string): Promise<void> {
    await setImmediate();
    this.#place.objects.delete(requireKey(key));
  }

  async removeUnfinished(isOurs: (key: string) => boolean): Promise<number> {
    const ours = (await readdir(this.#staging)).filter((name) => isOurs(decodeURIComponent(name)));
    for (const name of ours) await rm(join(this.#staging, name));
    return ours.length;
  }
}

/** Compares, then writes: others get in between. */
class RacyStore extends MemoryStore {
  override async putIfMatch(key: string, bytes: Uint8Array, version: string): Promise<string | null> {
    if ((await this.read(key))?.version !== version) return null;
    await this.put(key, bytes);
    return (await this.read(key))?.version ?? null;
  }
}

/** Looks whether there is an object, then writes. */
class OverwritingStore extends MemoryStore {
  override async putIfAbsent(key: string, bytes: Uint8Array): Promise<string | null> {
    if ((await this.head(key)) !== null) return null;
    await this.put(key, bytes);
    return (await this.read(key))?.version ?? null;
  }
}

/** Takes a prefix for a folder. */
class FolderStore extends MemoryStore {
  override async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    for await (const info of super.list('')) if (info.key.startsWith(`${prefix.replace(/\/$/, '')}/`)) yield info;
  }
}

/** Joins paths as they come. */
class TrustingStore extends MemoryStore {
  override uriOf(key: string): string {
    return `${this.uri}/${key}`;
  }
}

/** Keeps a published file as it is, so that writing it again changes the object. */
class LeavingStore extends MemoryStore {
  override async publish(path: string, key: string): Promise<ObjectInfo> {
    await this.put(key, await readFile(path));
    return { key, bytes: (await stat(path)).size, modifiedAt: 0 };
  }
}

type StoreClass = new (place: MemoryPlace, staging: string) => LakeStore;

let staging: string;
beforeEach(async () => {
  staging = await mkdtemp(join(tmpdir(), 'memory-store-'));
});
afterEach(() => rm(staging, { recursive: true, force: true }));

function place(Store: StoreClass): StoreUnderTest {
  const shared = new MemoryPlace();
  return { store: new Store(shared, staging), other: new Store(shared, staging) };
}

describe('a store in memory is a LakeStore', () => {
  it.each(STORE_CASES)('$name', ({ run }) => run(place(MemoryStore)));
});

describe('the suite finds a store that', () => {
  it.each([
    ['lets others in between comparing and writing', RacyStore, 'of several that replace one version'],
    ['overwrites what came while it looked', OverwritingStore, 'of several that put where there is nothing'],
    ['takes a prefix for a folder', FolderStore, 'a list has the objects whose keys begin with the prefix'],
    ['takes any text for a key', TrustingStore, 'a key is below the store'],
    ['leaves a published file where it was', LeavingStore, 'a published file is the object'],
  ])('%s', async (_, Store, caseName) => {
    const failed: string[] = [];
    for (const { name, run } of STORE_CASES) await run(place(Store)).catch(() => failed.push(name));
    expect(failed).toContainEqual(expect.stringContaining(caseName));
    expect(failed.length).toBeLessThan(STORE_CASES.length / 2);
  });
});

import assert from 'node:assert/strict';
import type { LakeStore, ObjectInfo } from '../lake-store.js';

/** What a case of the suite gets. */
export interface StoreUnderTest {
  /** A new, empty place. */
  readonly store: LakeStore;
  /** Another client of the same place, as another process would have it. */
  readonly other: LakeStore;
}

export interface StoreCase {
  readonly name: string;
  /** @throws AssertionError where the store is not as the port says. */
  readonly run: (under: StoreUnderTest) => Promise<void>;
}

export const bytes = (text: string): Uint8Array => Buffer.from(text);

export async function textOf(store: LakeStore, key: string): Promise<string | null> {
  const object = await store.read(key);
  return object === null ? null : Buffer.from(object.bytes).toString();
}

export async function versionOf(store: LakeStore, key: string): Promise<string> {
  const object = await store.read(key);
  assert.ok(object, `There is no ${key}.`);
  return object.version;
}

export async function listed(store: LakeStore, prefix: string): Promise<ObjectInfo[]> {
  const infos: ObjectInfo[] = [];
  for await (const info of store.list(prefix)) infos.push(info);
  return infos;
}

export async function keys(store: LakeStore, prefix: string): Promise<string[]> {
  return (await listed(store, prefix)).map(({ key }) => key);
}

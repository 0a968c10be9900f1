import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalStore } from '../store/local-store.js';
import { exampleManifest } from '../testing.js';
import { ManifestStore } from './manifest-store.js';

/** A disk whose next conditional writes fail, before they have written or after. */
class FailingStore extends LocalStore {
  failures: ('before' | 'after')[] = [];

  override async putIfMatch(key: string, bytes: Uint8Array, version: string): Promise<string | null> {
    const failure = this.failures.shift();
    if (failure === 'before') throw new Error('The disk did not write.');
    const written = await super.putIfMatch(key, bytes, version);
    if (failure === 'after') throw new Error('The disk did not confirm.');
    return written;
  }
}

let root: string;
let store: FailingStore;
let manifests: ManifestStore;
let version: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'manifests-'));
  store = new FailingStore(root);
  manifests = new ManifestStore(store);
  version = await manifests.replace(exampleManifest({ watermark: 1 }), null);
});
afterEach(() => rm(root, { recursive: true }));

const replaceBy = (watermark: number): Promise<string> => manifests.replace(exampleManifest({ watermark }), version);

describe('a replacement that fails', () => {
  it.each([
    [['before']],
    [['after']],
    [['after', 'before']],
    [['after', 'before', 'before']],
    [['before', 'after', 'after', 'before']],
  ] as const)('%j: does not look like another writer', async (failures) => {
    store.failures = [...failures];
    for (const [n] of failures.entries()) {
      await expect(replaceBy(n + 2)).rejects.toThrow(/^The disk/);
      await manifests.requireVersion(version);
    }
    version = await replaceBy(10);
    expect(await manifests.read()).toMatchObject({ version, manifest: { watermark: 10 } });
    await replaceBy(11);
  });

  it('does not hide another writer', async () => {
    store.failures = ['after'];
    await expect(replaceBy(2)).rejects.toThrow(/^The disk/);
    const other = new ManifestStore(new LocalStore(root));
    await other.replace(exampleManifest({ watermark: 3 }), (await other.read())?.version ?? null);
    await expect(manifests.requireVersion(version)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(replaceBy(4)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await other.read()).toMatchObject({ manifest: { watermark: 3 } });
  });
});

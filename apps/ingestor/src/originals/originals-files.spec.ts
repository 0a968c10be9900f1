import { mkdtemp, open as openFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examplePost } from '@analytica/lake/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { random } from '../../test/support/lines.js';
import { identityHash } from '../dedupe/identity-hash.js';
import { removalEntry, postEntry } from './original-entry.js';
import { ORIGINALS_FOLDER, OriginalsFiles } from './originals-files.js';
import { type OriginalsLimits, RecentOriginals } from './recent-originals.js';

const hash = identityHash('k');
const LIMITS: OriginalsLimits = { posts: 60, bytes: 40_000, chunkPosts: 8, chunkBytes: 4000 };
const IDS = 100;

let folder: string;
let own: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'originals-'));
  own = join(folder, ORIGINALS_FOLDER);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const removal = (id: string): Buffer =>
  removalEntry({ source: 'bluesky', id, before: null, ingested_at: '' }) ?? Buffer.alloc(0);
const author = (id: number): string => `did:plc:${String(id % 9)}`;
const uri = (id: number): string => `at://${author(id)}/app.bsky.feed.post/${String(id)}`;
const hiding = (id: number): Buffer => {
  const event = { at: '', until: '', hidden: true, reason: 'deactivated', countries: null, ingested_at: '' } as const;
  return removalEntry({ source: 'bluesky', author_id: author(id), ...event }) ?? Buffer.alloc(0);
};

interface Step {
  readonly id: number;
  /** Null: a delete; undefined: its author is hidden. */
  readonly text: string | null | undefined;
}

function doIn(originals: RecentOriginals, { id, text }: Step, sequence: number): void {
  const identity = hash('bluesky', uri(id), null);
  if (text === undefined) originals.add(hiding(id), sequence, identity);
  else if (text === null) originals.add(removal(uri(id)), sequence, identity);
  else originals.add(postEntry(examplePost({ id: uri(id), source: 'bluesky', text }), null), sequence, identity);
}

const HASHES = Array.from({ length: IDS }, (_, id) => hash('bluesky', uri(id), null));
const found = (originals: RecentOriginals): (string | null)[] =>
  HASHES.map((each) => originals.find(...each)?.text ?? null);

async function open() {
  const originals = new RecentOriginals(hash, LIMITS);
  const { files, lostBytes } = await OriginalsFiles.open(folder, originals);
  return { originals, files, lostBytes };
}

async function sizes(): Promise<Map<string, number>> {
  const names = await readdir(own).catch(() => []);
  return new Map(
    await Promise.all(names.map(async (name) => [name, (await readFile(join(own, name))).length] as const)),
  );
}

describe('OriginalsFiles', () => {
  it.each([1, 2, 3])('has after any crash what an uninterrupted run has (seed %i)', async (seed) => {
    const next = random(seed);
    const steps = Array.from({ length: 300 }, (_, n): Step => {
      if (next() < 0.03) return { id: Math.floor(next() * IDS), text: undefined };
      const text = next() < 0.15 ? null : `text ${String(n)} ${'x'.repeat(Math.floor(next() ** 4 * 600))}`;
      return { id: Math.floor(next() * IDS), text };
    });
    // What the log answers at each place: a repost there would take this.
    const whole = new RecentOriginals(hash, LIMITS);
    const answers = steps.map((step, index) => {
      doIn(whole, step, index + 1);
      return found(whole);
    });

    let running = await open();
    let crashes = 0;
    for (let sequence = 1; sequence <= steps.length; sequence += 1) {
      const step = steps[sequence - 1];
      if (step !== undefined) doIn(running.originals, step, sequence);
      expect(found(running.originals), `at ${String(sequence)}`).toEqual(answers[sequence - 1]);
      if (next() > 0.08) continue;
      // A closed segment ends somewhere before here; then the process dies, perhaps while it is saved.
      const before = await sizes();
      await running.files.save(Math.max(running.files.savedSequence, sequence - Math.floor(next() * 5)));
      if (next() < 0.3) await running.files.rewrite();
      if (next() < 0.5) continue;
      crashes += 1;
      const [name] = [...(await sizes()).keys()].toSorted().slice(-1);
      if (name !== undefined && next() < 0.7) {
        const from = before.get(name) ?? 0;
        const to = (await sizes()).get(name) ?? 0;
        if (to > from) await truncate(join(own, name), from + Math.floor(next() * (to - from)));
        await writeFile(join(own, `${name}.tmp`), 'torn');
      }
      running = await open();
      const saved = running.files.savedSequence;
      expect(saved).toBeLessThanOrEqual(sequence);
      for (const [index, again] of steps.slice(saved, sequence).entries()) {
        doIn(running.originals, again, saved + index + 1);
      }
      expect(found(running.originals), `after a crash at ${String(sequence)}`).toEqual(answers[sequence - 1]);
    }
    expect(crashes).toBeGreaterThan(3);
    await running.files.save(steps.length);
    const names = await readdir(own);
    expect(names.every((name) => name.endsWith('.originals'))).toBe(true);
    expect(names.length).toBeLessThan(20);
  });

  it('holds nothing of a deleted post after it was rewritten, and only then', async () => {
    const { originals, files } = await open();
    doIn(originals, { id: 1, text: 'secret words' }, 1);
    doIn(originals, { id: 2, text: 'public words' }, 2);
    await files.save(2);
    doIn(originals, { id: 1, text: null }, 3);
    doIn(originals, { id: 3, text: 'more words' }, 4);
    await files.rewrite();
    const content = async (): Promise<string> =>
      (await Promise.all((await readdir(own)).map((name) => readFile(join(own, name), 'latin1')))).join('');
    // The delete is not in the files yet: after a crash it comes again from the log.
    expect(await content()).toContain('secret');
    await files.save(4);
    await files.rewrite();
    expect(await content()).not.toContain('secret');
    const again = await open();
    expect(found(again.originals).slice(1, 4)).toEqual([null, 'public words', 'more words']);
    expect(again.lostBytes).toBe(0);
  });

  it('writes nothing where there is no post of Bluesky', async () => {
    const { files } = await open();
    await files.save(1000);
    await files.rewrite();
    expect(files.savedSequence).toBe(1000);
    expect(await readdir(folder)).toEqual([]);
  });

  it('goes on without what a damaged file holds behind the damage', async () => {
    const { originals, files } = await open();
    for (let id = 0; id < 24; id += 1) {
      doIn(originals, { id, text: `text ${String(id)}` }, id + 1);
      await files.save(id + 1);
    }
    const [first = ''] = (await readdir(own)).toSorted();
    const content = await readFile(join(own, first));
    content[content.length - 10] = (content[content.length - 10] ?? 0) ^ 1;
    await writeFile(join(own, first), content);
    const again = await open();
    expect(again.lostBytes).toBeGreaterThan(0);
    const texts = found(again.originals);
    expect(texts.slice(0, 7)).toEqual(Array.from({ length: 7 }, (_, id) => `text ${String(id)}`));
    expect(texts[7]).toBeNull();
    expect(texts[23]).toBe('text 23');
    doIn(again.originals, { id: 50, text: 'new' }, 25);
    await again.files.save(25);
    expect(found((await open()).originals)[50]).toBe('new');
  });

  it('says that the disk is full when it takes no more bytes, and saves them once it does', async () => {
    const { originals, files } = await open();
    doIn(originals, { id: 1, text: 'words' }, 1);
    const handle = await openFile(folder);
    const write = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'write');
    await handle.close();
    write.mockResolvedValueOnce({ bytesWritten: 0, buffer: '' });
    await expect(files.save(1)).rejects.toMatchObject({ code: 'DISK_FULL' });
    write.mockRestore();
    await files.save(1);
    expect(found((await open()).originals)[1]).toBe('words');
  });
});

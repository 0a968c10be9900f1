import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Instances } from './instances.js';
import type { Session } from './session.js';

const SIGNAL = new AbortController().signal;

let instances: Instances;

beforeEach(async () => {
  instances = await Instances.open({
    memoryLimit: '256MB',
    threads: 1,
    tempDirectory: mkdtempSync(join(tmpdir(), 'engine-spill-')),
    cachedFooters: 2,
  });
  await instances.inSession(SIGNAL, (session) => session.run('CREATE TABLE of_the_first (n INTEGER)'));
});

afterEach(() => instances.close());

async function cached(session: Session): Promise<unknown> {
  return (await session.rows(`SELECT current_setting('parquet_metadata_cache')`))[0]?.[0];
}

/** Whether the sessions still have the instance of `beforeEach`. */
async function isFirst(session: Session): Promise<boolean> {
  return (await session.rows(`FROM duckdb_tables() WHERE table_name = 'of_the_first'`)).length === 1;
}

describe('Instances', () => {
  it('keeps an instance that has read as many files as it may, however often', async () => {
    for (const paths of [['a'], ['a', 'b'], ['b'], ['a']]) {
      await instances.inSession(SIGNAL, (session) => session.willRead(paths));
    }
    expect(await instances.inSession(SIGNAL, isFirst)).toBe(true);
  });

  it('caches nothing more of a session that reads more, and of that session alone', async () => {
    await instances.inSession(SIGNAL, async (session) => {
      await session.willRead(['a', 'b']);
      expect(await cached(session)).toBe(true);
      await session.willRead(['c']);
      expect(await cached(session)).toBe(false);
      expect(await instances.inSession(SIGNAL, cached)).toBe(true);
    });
  });

  it('opens a fresh instance then, but none while a session is open', async () => {
    await instances.inSession(SIGNAL, async (session) => {
      await session.willRead(['a', 'b', 'c']);
      expect(await instances.inSession(SIGNAL, isFirst)).toBe(true);
    });
    const both = await Promise.all([instances.inSession(SIGNAL, isFirst), instances.inSession(SIGNAL, isFirst)]);
    expect(both).toEqual([false, false]);
    await instances.inSession(SIGNAL, async (session) => {
      await session.run('CREATE TABLE of_the_second (n INTEGER)');
      await session.willRead(['d', 'e']);
      expect(await cached(session)).toBe(true);
    });
    const [row] = await instances.inSession(SIGNAL, (session) => session.rows('SELECT count(*) FROM of_the_second'));
    expect(row).toEqual([0n]);
  });
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecycledInstance } from './recycled-instance.js';
import type { EngineConnection } from './connection.js';

const SIGNAL = new AbortController().signal;

let instance: RecycledInstance;

beforeEach(async () => {
  instance = await RecycledInstance.open({
    memoryLimit: '256MB',
    threads: 1,
    tempDirectory: mkdtempSync(join(tmpdir(), 'engine-spill-')),
    cachedFooters: 2,
  });
  await instance.withConnection(SIGNAL, (connection) => connection.run('CREATE TABLE of_the_first (n INTEGER)'));
});

afterEach(() => instance.close());

async function cached(connection: EngineConnection): Promise<unknown> {
  return (await connection.rows(`SELECT current_setting('parquet_metadata_cache')`))[0]?.[0];
}

/** Whether the connections still have the instance of `beforeEach`. */
async function isFirst(connection: EngineConnection): Promise<boolean> {
  return (await connection.rows(`FROM duckdb_tables() WHERE table_name = 'of_the_first'`)).length === 1;
}

describe('RecycledInstance', () => {
  it('keeps an instance that has read as many files as it may, however often', async () => {
    for (const paths of [['a'], ['a', 'b'], ['b'], ['a']]) {
      await instance.withConnection(SIGNAL, (connection) => connection.willRead(paths));
    }
    expect(await instance.withConnection(SIGNAL, isFirst)).toBe(true);
  });

  it('caches nothing more of a connection that reads more, and of that connection alone', async () => {
    await instance.withConnection(SIGNAL, async (connection) => {
      await connection.willRead(['a', 'b']);
      expect(await cached(connection)).toBe(true);
      await connection.willRead(['c']);
      expect(await cached(connection)).toBe(false);
      expect(await instance.withConnection(SIGNAL, cached)).toBe(true);
    });
  });

  it('opens a fresh instance then, but none while a connection is open', async () => {
    await instance.withConnection(SIGNAL, async (connection) => {
      await connection.willRead(['a', 'b', 'c']);
      expect(await instance.withConnection(SIGNAL, isFirst)).toBe(true);
    });
    const both = await Promise.all([
      instance.withConnection(SIGNAL, isFirst),
      instance.withConnection(SIGNAL, isFirst),
    ]);
    expect(both).toEqual([false, false]);
    await instance.withConnection(SIGNAL, async (connection) => {
      await connection.run('CREATE TABLE of_the_second (n INTEGER)');
      await connection.willRead(['d', 'e']);
      expect(await cached(connection)).toBe(true);
    });
    const [row] = await instance.withConnection(SIGNAL, (connection) =>
      connection.rows('SELECT count(*) FROM of_the_second'),
    );
    expect(row).toEqual([0n]);
  });
});

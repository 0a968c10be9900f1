import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { byArrivalHour, fixturePost, LocalFixtureLakes } from '../conformance/index.js';
import { fetchStored } from './display-rows.js';
import { RecycledInstance } from './recycled-instance.js';
import { filesInOrder } from '../partitions.js';

const AT = Date.UTC(2026, 2, 2);
const lakes = new LocalFixtureLakes();
let instance: RecycledInstance;

beforeAll(async () => {
  instance = await RecycledInstance.open({
    memoryLimit: '256MB',
    threads: 2,
    tempDirectory: mkdtempSync(join(tmpdir(), 'engine-spill-')),
  });
});

afterAll(async () => {
  await instance.close();
  await lakes.remove();
});

it.each([
  { by: 'instants', instants: [AT, AT + 1_000] },
  { by: 'nothing else', instants: null },
])('fetches the posts asked for and no other of their second, narrowed by $by', async ({ instants }) => {
  const snapshot = await lakes.prepare(
    byArrivalHour(Array.from({ length: 500 }, (_, id) => fixturePost({ id: String(id), at: AT + (id % 2) * 1_000 }))),
  );
  const files = filesInOrder(snapshot.manifest);
  const rows = await instance.withConnection(new AbortController().signal, (connection) =>
    fetchStored(connection, snapshot, files, instants, ['7', '400', `'); DROP TABLE matched; --`]),
  );
  expect(rows.map(({ post }) => post.id).sort()).toEqual(['400', '7']);
});

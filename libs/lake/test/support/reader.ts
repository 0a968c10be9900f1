import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { LakeLocation } from '../../src/catalog/layout.js';
import { keepSnapshot, pinSnapshot } from '../../src/catalog/pins.js';
import { fileUri, readSnapshot, storedBytes } from '../../src/catalog/snapshot.js';

export interface ReaderTask {
  readonly location: LakeLocation;
  /** Whom to read as; null: as who one is. */
  readonly uid: number | null;
}

export interface ReaderLine {
  /** What the system says of writing in the lake's root. */
  readonly writing: string;
  readonly hasAll: boolean;
  readonly posts: number;
}

/** Does with a lake what a run does: pins it, reads it, keeps it. */
const { location, uid } = JSON.parse(process.argv[2] ?? '') as ReaderTask;
if (uid !== null) process.seteuid?.(uid);
const writing = await writeFile(join(location.root, 'x'), '').then(
  () => 'allowed',
  (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'failed'),
);
const snapshot = await readSnapshot(location.root);
const pin = await pinSnapshot(location, snapshot, 'run');
const { files, tombstones } = snapshot.manifest;
const sizes = await Promise.all([...files, ...tombstones].map((file) => storedBytes(snapshot, file)));
const hasAll = [...files, ...tombstones].every((file, index) => sizes[index] === file.bytes);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const paths = snapshot.manifest.files.map((file) => `'${fileUri(snapshot, file)}'`).join(', ');
const reader = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet([${paths}])`);
await keepSnapshot(location, snapshot);
await pin.unpin();
const line: ReaderLine = { writing, hasAll, posts: Number(reader.getRows()[0]?.[0]) };
process.stdout.write(JSON.stringify(line) + '\n');

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hourOf, lakeAt, LakeWriter, readSnapshot, type Segment, type Snapshot } from '@analytica/lake';
import type { FixtureRows } from './fixture.js';

/** Lakes on the local disk, written by the lake's own writer into temporary folders. */
export class LocalFixtureLakes {
  readonly #folders: string[] = [];
  readonly #prefix: string;

  /** @param prefix - what the folders' names begin with. */
  constructor(prefix = 'engine-conformance-') {
    this.#prefix = prefix;
  }

  readonly prepare = async (rows: FixtureRows): Promise<Snapshot> => {
    const folder = await mkdtemp(join(tmpdir(), this.#prefix));
    this.#folders.push(folder);
    const lake = await LakeWriter.open(lakeAt(join(folder, 'lake')), { retentionDays: 0 });
    try {
      let seq = 1;
      for (const [file, posts] of rows.files.entries()) {
        const importName = rows.importNames?.[file] ?? null;
        seq = await commit(lake, folder, seq, posts[0]?.ingested_at, posts, [], importName);
      }
      if (rows.tombstones.length > 0) {
        await commit(lake, folder, seq, rows.tombstones[0]?.ingested_at, [], rows.tombstones);
      }
      return await readSnapshot(lake.root);
    } finally {
      await lake.close();
    }
  };

  async remove(): Promise<void> {
    await Promise.all(this.#folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

async function commit(
  lake: LakeWriter,
  folder: string,
  firstSeq: number,
  arrived: string | undefined,
  posts: FixtureRows['files'][number],
  tombstones: FixtureRows['tombstones'],
  importName: string | null = null,
): Promise<number> {
  const path = join(folder, `segment-${String(firstSeq)}.ndjson`);
  const lines = [
    ...posts.map((post) => ({ kind: 'post', ...(importName !== null && { import: importName }), ...post })),
    ...tombstones.map((tombstone) => ({ kind: 'tombstone', ...tombstone })),
  ];
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const segment: Segment = {
    path,
    firstSeq,
    lastSeq: firstSeq + lines.length - 1,
    hour: hourOf(Date.parse(arrived ?? '')),
    posts: posts.length,
    tombstones: tombstones.length,
    imports: new Map(importName === null ? [] : [[importName, posts.length]]),
  };
  await lake.commitSegment(segment, Date.parse(arrived ?? ''));
  return segment.lastSeq + 1;
}

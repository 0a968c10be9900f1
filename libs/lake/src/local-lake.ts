import { join } from 'node:path';
import { expiredFiles, planCompaction } from './compaction.js';
import { makeFolderDurably } from './durable-files.js';
import { Garbage } from './garbage.js';
import { LakeDatabase, sqlText } from './lake-database.js';
import { emptyManifest, readManifest, writeManifest } from './manifest-store.js';
import type { Manifest } from './manifest.js';
import { mergeDataFiles, mergeTombstoneFiles, type Segment, writeSegment } from './parquet-writer.js';

/** DuckDB's share. Sorting a quarter of a million whole rows needs more than writing a segment does. */
const WRITE_MEMORY_MIB = 256;
const MERGE_MEMORY_MIB = 384;

export interface LocalLakeOptions {
  /** Hours that ended longer ago are deleted; 0 keeps all. */
  readonly retentionDays: number;
}

/** What makes a post the same post: a row of a page of `LocalLake.identities`. */
export interface PostIdentity {
  readonly source: string;
  readonly id: string;
  readonly version: string | null;
  /** Arrival time, epoch ms. */
  readonly arrivedAt: number;
}

/**
 * The lake on a local disk, as its only writer sees it. Whatever changes the list of files is one replacement of the manifest,
 * one after the other; readers use `readSnapshot`.
 */
export class LocalLake {
  readonly root: string;
  readonly #options: LocalLakeOptions;
  readonly #database: LakeDatabase;
  readonly #garbage: Garbage;
  #manifest: Manifest;
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(root: string, options: LocalLakeOptions, database: LakeDatabase, manifest: Manifest) {
    this.root = root;
    this.#options = options;
    this.#database = database;
    this.#manifest = manifest;
    this.#garbage = new Garbage(root);
  }

  /**
   * Opens the lake in `root`, making it where there is none, and takes stock of what a crash left behind.
   * @throws AppError `LAKE_CORRUPT`; whatever the disk throws (`storageError` names it).
   */
  static async open(root: string, options: LocalLakeOptions): Promise<LocalLake> {
    await makeFolderDurably(root);
    const manifest = (await readManifest(root)) ?? emptyManifest();
    const database = await LakeDatabase.open({
      memoryMiB: WRITE_MEMORY_MIB,
      threads: 2,
      temporaryFolder: join(root, 'tmp'),
    });
    const lake = new LocalLake(root, options, database, manifest);
    await lake.#garbage.scan(manifest, Date.now());
    return lake;
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  /**
   * Writes a closed segment as Parquet and lists it. On return the segment may be deleted. Once more is harmless.
   * @param watermark - arrival time (epoch ms) up to which every logged post is in a listed file once this segment is.
   */
  async commitSegment(segment: Segment, watermark: number): Promise<void> {
    if (segment.lastSeq <= this.#manifest.committedSeq) return;
    const written = await writeSegment(this.#database, this.root, segment);
    await this.#change((manifest) => ({
      ...manifest,
      committedSeq: segment.lastSeq,
      watermark: Math.max(manifest.watermark, watermark),
      files: [...manifest.files, ...written.files],
      tombstones: [...manifest.tombstones, ...written.tombstones],
    }));
  }

  /** States that nothing logged up to `watermark` is missing, when there was nothing to write. */
  async advanceWatermark(watermark: number): Promise<void> {
    if (watermark <= this.#manifest.watermark || this.#manifest.committedSeq === 0) return;
    await this.#change((manifest) => ({ ...manifest, watermark: Math.max(manifest.watermark, watermark) }));
  }

  /**
   * Rewrites closed hours as one file each, and an open hour that has many. Runs beside `commitSegment`, on a DuckDB of its own.
   * @returns how many files became fewer.
   */
  async compact(now: number, signal: AbortSignal): Promise<number> {
    const files = planCompaction(this.#manifest.files, now);
    const tombstones = planCompaction(this.#manifest.tombstones, now);
    if (files.length + tombstones.length === 0) return 0;
    const database = await LakeDatabase.open({
      memoryMiB: MERGE_MEMORY_MIB,
      threads: 1,
      temporaryFolder: join(this.root, 'tmp'),
    });
    let fewer = 0;
    try {
      for (const group of files) {
        if (signal.aborted) break;
        const merged = await mergeDataFiles(database, this.root, group);
        const old = new Set(group.map((file) => file.path));
        await this.#unlist(old, (manifest) => ({ ...manifest, files: [...manifest.files, merged] }));
        fewer += group.length - 1;
      }
      for (const group of tombstones) {
        if (signal.aborted) break;
        const merged = await mergeTombstoneFiles(database, this.root, group);
        const old = new Set(group.map((file) => file.path));
        await this.#unlist(old, (manifest) => ({ ...manifest, tombstones: [...manifest.tombstones, merged] }));
        fewer += group.length - 1;
      }
    } finally {
      database.close();
    }
    return fewer;
  }

  /**
   * Takes hours beyond the retention off the list (rule 23). Their files are deleted by a later `sweep`.
   * @returns how many files were taken off.
   */
  async expire(now: number): Promise<number> {
    const days = this.#options.retentionDays;
    const expired = [
      ...expiredFiles(this.#manifest.files, now, days),
      ...expiredFiles(this.#manifest.tombstones, now, days),
    ];
    if (expired.length > 0) await this.#unlist(new Set(expired.map((file) => file.path)), (manifest) => manifest);
    return expired.length;
  }

  /** Deletes files that have been off the list for 15 minutes and that no snapshot pins. @returns how many. */
  async sweep(now: number): Promise<number> {
    return this.#garbage.sweep(this.#manifest, now);
  }

  /** Every listed post's identity, in pages, for the set of posts already seen. */
  async *identities(): AsyncGenerator<readonly PostIdentity[]> {
    for (const file of this.#manifest.files) {
      const result = await this.#database.connection.stream(
        `SELECT source, id, version, epoch_ms(ingested_at) FROM read_parquet(${sqlText(join(this.root, file.path))})`,
      );
      for await (const rows of result.yieldRowsJs()) {
        yield rows.map(([source, id, version, arrivedAt]) => ({
          source: text(source),
          id: text(id),
          version: version === null ? null : text(version),
          arrivedAt: Number(arrivedAt),
        }));
      }
    }
  }

  /** Waits for changes under way. */
  async close(): Promise<void> {
    await this.#changes.catch(() => undefined);
    this.#database.close();
  }

  async #unlist(paths: ReadonlySet<string>, then: (manifest: Manifest) => Manifest): Promise<void> {
    await this.#change((manifest) =>
      then({
        ...manifest,
        files: manifest.files.filter((file) => !paths.has(file.path)),
        tombstones: manifest.tombstones.filter((file) => !paths.has(file.path)),
      }),
    );
    this.#garbage.add(paths, Date.now());
  }

  #change(make: (manifest: Manifest) => Manifest): Promise<void> {
    const change = this.#changes
      .catch(() => undefined)
      .then(async () => {
        const next = make(this.#manifest);
        await writeManifest(this.root, next);
        this.#manifest = next;
      });
    this.#changes = change;
    return change;
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('An id in the lake is not a text.');
  return value;
}

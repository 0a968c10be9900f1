import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import type { CoverageChange } from '@analytica/domain/contracts';
import { LakeInspector } from '../integrity/lake-inspector.js';
import { type DamagedFile, setAside } from '../integrity/set-aside.js';
import { ErasurePasses } from '../erasure/erasure-passes.js';
import { ErasureRecord } from '../erasure/erasure-record.js';
import { Compactor, type MergedFile } from '../parquet/compactor.js';
import { makeFolderDurably } from '../store/durable-files.js';
import type { LakeStore } from '../store/lake-store.js';
import { openStore } from '../store/open-store.js';
import { UnlistedFiles, refuseWithoutList } from './unlisted-files.js';
import { recogniseImports } from '../parquet/recognise-imports.js';
import { kindOfPosts } from '../parquet/kind-of-posts.js';
import { LakeDatabase } from '../parquet/lake-database.js';
import { type LakeLocation, SPILL_FOLDER } from './layout.js';
import { type ImportSummary, listImports } from './imports.js';
import { cutOfExpired, hasNews, trimmed, withChanges } from './listed-coverage.js';
import { ManifestStore } from './manifest-store.js';
import { ManifestWriter } from './manifest-writer.js';
import { PinWatch } from './pins.js';
import type { LakeKind, ListedFile, Manifest } from './manifest.js';
import { expiredFiles, withMatured, withoutFiles, withRepaired } from './manifest-changes.js';
import { type Ageing, ageingEventsOf, ageingOf, newestPostsOf } from './retention.js';
import { RetentionRecord } from './retention-record.js';
import { type Segment, segmentPaths, type WrittenFiles, writeSegment } from '../parquet/parquet-writer.js';

/** DuckDB's share. */
const WRITE_MEMORY_MIB = 256;
/** A clock may be set back a little at any time: that is no reason to change the snapshot. */
const WATERMARK_TOLERANCE_MS = 60_000;
export interface LakeWriterOptions {
  /** Hours that ended longer ago are deleted; 0 keeps all. */
  readonly retentionDays: number;
  /** Milliseconds of a clock that never jumps. */
  readonly clock?: () => number;
}

/**
 * The lake on a local disk, as its only writer sees it. Whatever changes the list of files is one replacement of the manifest,
 * one after the other; readers use `readSnapshot`.
 */
export class LakeWriter {
  readonly location: LakeLocation;
  /** What a lake of the version before turned out to hold when it was opened; empty for any other. */
  recognisedImports: readonly ImportSummary[] = [];
  readonly #options: LakeWriterOptions;
  readonly #store: LakeStore;
  readonly #list: ManifestWriter;
  readonly #database: LakeDatabase;
  readonly #unlistedFiles: UnlistedFiles;
  readonly #retention: RetentionRecord;
  /** Reads listed files, and sets aside what cannot be read. */
  readonly inspector: LakeInspector;
  /** Takes out of the files what was deleted. */
  readonly erasure: ErasurePasses;
  readonly #compactor: Compactor;

  private constructor(
    location: LakeLocation,
    options: LakeWriterOptions,
    store: LakeStore,
    list: ManifestWriter,
    database: LakeDatabase,
    retention: RetentionRecord,
    erasures: ErasureRecord,
  ) {
    this.location = location;
    this.#options = options;
    this.#store = store;
    this.#list = list;
    this.#database = database;
    this.#retention = retention;
    const clock = monotonic(options);
    this.#unlistedFiles = new UnlistedFiles(store, new PinWatch(location, clock), clock);
    this.inspector = new LakeInspector(
      location.root,
      () => this.manifest,
      (damaged) => this.setAside(damaged),
    );
    this.#compactor = new Compactor({
      store,
      spillFolder: join(location.root, SPILL_FOLDER, 'merge'),
      clock,
      inspector: this.inspector,
      replace: (group, path, merge) => this.#replaceMerged(group, path, merge),
    });
    const [unlistedFiles, inspector] = [this.#unlistedFiles, this.inspector];
    this.erasure = new ErasurePasses({ root: location.root, store, list, unlistedFiles, inspector, record: erasures });
  }

  /**
   * Opens a lake, making it where there is none, and takes stock of what a crash left behind. Nobody else may have it open for
   * writing: whoever writes second is refused.
   * @throws AppError `LAKE_CORRUPT`; whatever the disk throws (`storageError` names it).
   */
  static async open(location: LakeLocation, options: LakeWriterOptions): Promise<LakeWriter> {
    const { root } = location;
    await makeFolderDurably(root);
    const store = openStore(root);
    const manifests = new ManifestStore(store);
    const stored = await manifests.read();
    if ((stored?.manifest.committedSeq ?? 0) === 0) await refuseWithoutList(store);
    const retention = await RetentionRecord.open(store, monotonic(options));
    const erasures = await ErasureRecord.open(store, monotonic(options));
    await rm(join(root, SPILL_FOLDER), { recursive: true, force: true });
    const database = await LakeDatabase.open({
      memoryMiB: WRITE_MEMORY_MIB,
      threads: 2,
      temporaryFolder: join(root, SPILL_FOLDER, 'write'),
    });
    const list = new ManifestWriter(manifests, stored);
    const lake = new LakeWriter(location, options, store, list, database, retention, erasures);
    await lake.#unlistedFiles.scan(lake.manifest);
    if (stored?.isOfVersionBefore === true) await lake.#recogniseImports();
    return lake;
  }

  /** Absolute path, or URI. */
  get root(): string {
    return this.location.root;
  }

  get manifest(): Manifest {
    return this.#list.manifest;
  }

  /**
   * Writes a closed segment as Parquet and lists it. On return the segment may be deleted. Once more is harmless.
   * @throws AppError `LAKE_CORRUPT` when it is not the one that follows; whatever the disk throws.
   * @param watermark - arrival time (epoch ms) up to which every logged post is in a listed file once this segment is.
   */
  async commitSegment(segment: Segment, watermark: number): Promise<void> {
    const { firstSeq, lastSeq } = segment;
    const { committedSeq } = this.manifest;
    if (lastSeq <= committedSeq) return;
    if (firstSeq !== committedSeq + 1) {
      throw new AppError(
        'LAKE_CORRUPT',
        `The lake holds the log up to record ${String(committedSeq)}, but the next segment begins at ${String(firstSeq)}: ` +
          'run npm run lake -- repair to go on without the records between.',
      );
    }
    await this.#unlistedFiles.protect(segmentPaths(segment), async () => {
      await this.#list.requireOnlyWriter();
      const written = await writeSegment(this.#database, this.#store, segment);
      await this.#list.change((manifest) => ({
        ...withChanges(manifest, segment.coverage ?? []),
        committedSeq: lastSeq,
        watermark: Math.max(manifest.watermark, watermark),
        files: [...manifest.files, ...written.files],
        tombstones: [...manifest.tombstones, ...written.tombstones],
      }));
    });
  }

  /**
   * States that nothing logged up to `watermark` is missing, when there was nothing to write.
   * @param coverage - what may be unknown here of the times of capture, in order. All posts that it speaks of are in the lake.
   */
  async advanceWatermark(watermark: number, coverage: readonly CoverageChange[] = []): Promise<void> {
    const { committedSeq } = this.manifest;
    if (committedSeq === 0 || (watermark <= this.manifest.watermark && !hasNews(this.manifest, coverage))) return;
    await this.#list.change((manifest) => ({
      ...withChanges(manifest, coverage),
      watermark: Math.max(manifest.watermark, watermark),
    }));
  }

  /**
   * Takes back a watermark that is ahead of the clock: an earlier process ran while the clock was wrong. That all up to an earlier
   * time is in the lake stays true.
   * @param now - the clock, epoch ms.
   */
  async lowerWatermark(now: number): Promise<void> {
    if (this.manifest.watermark <= now + WATERMARK_TOLERANCE_MS) return;
    await this.#list.change((manifest) => ({ ...manifest, watermark: Math.min(manifest.watermark, now) }));
  }

  /**
   * Rewrites closed hours as one file each, and an open hour that has many. Runs beside `commitSegment`, on a DuckDB of its own.
   * What fails does not hold up the rest: files that cannot be read are set aside, and their hour is merged without them.
   * @returns how many files became fewer.
   * @throws AggregateError of what failed, after the rest.
   */
  compact(now: number, signal: AbortSignal): Promise<number> {
    return this.#compactor.compact(this.manifest, now, signal);
  }

  async #replaceMerged(group: readonly ListedFile[], path: string, merge: () => Promise<MergedFile>): Promise<void> {
    await this.#unlistedFiles.protect([path], async () => {
      await this.#list.requireOnlyWriter();
      const merged = await merge();
      await this.#unlist(new Set(group.map((file) => file.path)), (manifest) => ({
        ...manifest,
        files: 'file' in merged ? [...manifest.files, merged.file] : manifest.files,
        tombstones: 'tombstones' in merged ? [...manifest.tombstones, merged.tombstones] : manifest.tombstones,
      }));
    });
  }

  /**
   * One pass of the retention (rule 23): takes off the list what has been past its time for long enough. Its files are deleted by
   * a later `sweep`. What events hide that can be undone leaves the files after 30 days in the same way (rule 28).
   * @param now - the clock, epoch ms.
   * @param others - what else ages with the lake. The caller deletes it.
   * @returns how many files were taken off, and the keys of `others` that may go.
   * @throws whatever the disk throws; the next pass repeats it.
   */
  async expire(now: number, others: readonly Ageing[] = []): Promise<{ files: number; others: readonly string[] }> {
    const manifest = this.manifest;
    const ageing = [...ageingOf(manifest, this.#options.retentionDays), ...ageingEventsOf(manifest), ...others];
    const expired = new Set(await this.#retention.pass({ now, newestPosts: newestPostsOf(manifest), ageing }));
    const paths = expiredFiles(manifest, expired);
    const cut = cutOfExpired(manifest, expired);
    if (paths.size > 0) await this.#unlist(paths, (next) => trimmed(next, cut));
    if (withMatured(manifest, expired) !== manifest) await this.#list.change((next) => withMatured(next, expired));
    return { files: paths.size, others: others.filter(({ key }) => expired.has(key)).map(({ key }) => key) };
  }

  /**
   * Takes an import off the list, whole, in one replacement of the manifest. Its files are deleted by a later `sweep`; tombstones
   * stay, also those that came with it.
   * @returns what was taken off, or null where the lake lists no import of that name.
   */
  async removeImport(name: string): Promise<ImportSummary | null> {
    const { files, unreadable } = this.manifest;
    const removed = listImports(this.manifest).find((each) => each.name === name);
    if (removed === undefined) return null;
    const own = [...files, ...unreadable].filter(({ importName }) => importName === name);
    await this.#unlist(new Set(own.map(({ path }) => path)), (manifest) => manifest);
    return removed;
  }

  /** Deletes files that have been off the list for 15 minutes and that no snapshot pins. @returns how many. */
  async sweep(): Promise<number> {
    return this.#unlistedFiles.sweep(() => this.manifest);
  }

  /**
   * What the lake is filled with. A lake of the version before does not state it: its posts do, which are all of one kind.
   * @returns null where there is no post yet, or none that can be read.
   */
  async kindOfPosts(): Promise<LakeKind | null> {
    return this.manifest.kind ?? (await kindOfPosts(this.#database, this.#store, this.manifest.files));
  }

  /** States what the lake is filled with, for good. */
  async setKind(kind: LakeKind): Promise<void> {
    if (this.manifest.kind === kind) return;
    await this.#list.change((manifest) => ({ ...manifest, kind }));
  }

  /** Takes files off the lists that cannot be read. They stay where they are until a repair (counting.md, rule 26). */
  async setAside(damaged: readonly DamagedFile[]): Promise<void> {
    if (setAside(this.manifest, damaged, 0) === this.manifest) return;
    await this.#list.change((manifest) => setAside(manifest, damaged, Date.now()));
  }

  /**
   * Lists what a repair made in the place of a file that was set aside. Rows that it had and what is listed now has not are lost.
   * @returns how many rows are lost.
   */
  async replaceUnreadable(path: string, made: WrittenFiles): Promise<number> {
    const before = this.manifest.unreadable.find((file) => file.path === path);
    if (before === undefined) return 0;
    const rows = [...made.files, ...made.tombstones].reduce((sum, file) => sum + file.rows, 0);
    const lost = Math.max(0, before.rows - rows);
    await this.#list.change((manifest) => withRepaired(manifest, path, made, lost));
    return lost;
  }

  /**
   * Gives up the records of the log up to `lastSeq` that the lake has not: no segment has them any more.
   * @returns how many they are.
   */
  async giveUpRecords(lastSeq: number): Promise<number> {
    const lost = lastSeq - this.manifest.committedSeq;
    if (lost <= 0) return 0;
    await this.#list.change((manifest) => ({
      ...manifest,
      committedSeq: lastSeq,
      lostRecords: manifest.lostRecords + lost,
    }));
    return lost;
  }

  /** Waits for changes under way. */
  async close(): Promise<void> {
    await this.#list.settled();
    this.#database.close();
  }

  /** Once, when a lake of the version before is opened: what it replayed is kept as imports are. */
  async #recogniseImports(): Promise<void> {
    const files = await recogniseImports(this.#database, this.#store, this.manifest.files);
    this.recognisedImports = listImports({ files, unreadable: [] });
    if (this.recognisedImports.length > 0) await this.#list.change((manifest) => ({ ...manifest, files }));
  }

  async #unlist(paths: ReadonlySet<string>, then: (manifest: Manifest) => Manifest): Promise<void> {
    await this.#list.change((manifest) => then(withoutFiles(manifest, paths)));
    this.#unlistedFiles.add(paths);
  }
}

/** Milliseconds of a clock that never jumps. */
function monotonic({ clock }: LakeWriterOptions): () => number {
  return clock ?? (() => performance.now());
}

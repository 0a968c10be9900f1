import type { Coverage } from '@analytica/domain/contracts';

/** What every listed file has. `path` is relative to the lake's root; times are epoch milliseconds, UTC. */
export interface ListedFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** First and last record of the log that it holds, both included: its name, and what makes a repeat overwrite itself. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Start of the arrival hour, UTC: its folder. */
  readonly hour: number;
  /** CRC-32 of the whole file as it was written; absent where the version before wrote it. */
  readonly crc32?: number | undefined;
}

/** One Parquet file of posts. */
export interface DataFile extends ListedFile {
  readonly minCreatedAt: number;
  readonly maxCreatedAt: number;
  /** The import that brought these posts; null for captured ones. A file never holds both, nor two imports. */
  readonly importName: string | null;
}

/** One Parquet file of tombstones: `TOMBSTONE_COLUMNS`. */
export interface TombstoneFile extends ListedFile {
  /** How many of its rows are events of authors, posts or places; absent for none. */
  readonly events?: number | undefined;
  /** How many of its events are of reason `withheld`; absent for none. */
  readonly withheld?: number | undefined;
  /** Its events that can be undone have been there for 30 days: what they hide leaves the files (rule 28). */
  readonly matured?: true | undefined;
}

/**
 * A file that left the lists because it cannot be read. It stays where it is until a repair. Questions that meet its hour say
 * that the hour is missing.
 */
export interface UnreadableFile extends ListedFile {
  /** Null for tombstones, which can hide posts of any time. */
  readonly minCreatedAt: number | null;
  readonly maxCreatedAt: number | null;
  readonly importName: string | null;
  readonly reason: 'missing' | 'damaged';
  /** When it was set aside, epoch ms. */
  readonly since: number;
  readonly events?: number | undefined;
  readonly withheld?: number | undefined;
}

/** Generated or real posts: a lake holds one kind only. */
export type LakeKind = 'demo' | 'real';

/**
 * What is in the lake, replaced atomically as `manifest.json` in the lake's root. Every logged post up to `watermark` is in a
 * listed file; what is not listed does not exist for an engine.
 */
export interface Manifest {
  /** 3 where it lists what a program of version 2 would read wrongly: events among tombstones. */
  readonly formatVersion: 2 | 3;
  /** Random, made with the lake: two lakes never share a snapshot id. */
  readonly lakeId: string;
  /** Null until the first source that fills the lake opens it. */
  readonly kind: LakeKind | null;
  /** The highest log sequence that is safe in the listed files. */
  readonly committedSeq: number;
  /** Arrival time (epoch ms); 0 while the lake is empty. */
  readonly watermark: number;
  readonly files: readonly DataFile[];
  readonly tombstones: readonly TombstoneFile[];
  readonly unreadable: readonly UnreadableFile[];
  /** Records of the log that a repair gave up. */
  readonly lostRecords: number;
  /** When its live sources captured. Absent in a lake in which nothing was captured since that is kept (counting.md, rule 29). */
  readonly coverage?: Coverage | undefined;
}

/** A pinned manifest. The id is a hash of its content, so equal content is the same snapshot. */
export interface Snapshot {
  readonly id: string;
  /** Absolute path on this machine, or URI with a scheme, that the files' paths are relative to. `fileUri` joins them. */
  readonly root: string;
  readonly manifest: Manifest;
}

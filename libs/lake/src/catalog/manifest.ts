/** One Parquet file of posts. Times are epoch milliseconds, UTC. `path` is relative to the lake's root. */
export interface DataFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** First and last record of the log that it holds, both included: its name, and what makes a repeat overwrite itself. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Start of the arrival hour, UTC: its folder. */
  readonly hour: number;
  readonly minCreatedAt: number;
  readonly maxCreatedAt: number;
}

/** One Parquet file of tombstones: columns source, id, before (nullable timestamp), ingested_at. */
export interface TombstoneFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly hour: number;
}

/**
 * What is in the lake, replaced atomically as `manifest.json` in the lake's root. Every logged post up to `watermark` is in a
 * listed file; what is not listed does not exist for an engine.
 */
export interface Manifest {
  readonly formatVersion: 1;
  /** Random, made with the lake: two lakes never share a snapshot id. */
  readonly lakeId: string;
  /** The highest log sequence that is safe in the listed files. */
  readonly committedSeq: number;
  /** Arrival time (epoch ms); 0 while the lake is empty. */
  readonly watermark: number;
  readonly files: readonly DataFile[];
  readonly tombstones: readonly TombstoneFile[];
}

/** A pinned manifest. The id is a hash of its content, so equal content is the same snapshot. */
export interface Snapshot {
  readonly id: string;
  /** Absolute path (later: URI) that the files' paths are relative to. */
  readonly root: string;
  readonly manifest: Manifest;
}

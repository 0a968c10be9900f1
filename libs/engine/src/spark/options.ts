import { resolve } from 'node:path';
import type { Snapshot } from '@analytica/lake';
import type { SessionPool } from '@analytica/livy';

export interface SparkEngineOptions {
  /** Sessions to run on. The caller's: closing the engine leaves it open. */
  readonly pool: SessionPool;
  /** For whom sessions are leased: tenants are served in turn. */
  readonly tenant?: string;
  /**
   * Where Spark finds a snapshot's files, as a Hadoop URI (`s3a://bucket/prefix`). Default: the snapshot's root, a local path as
   * `file://`, so that the cluster must see the same disk.
   */
  readonly rootUri?: (snapshot: Snapshot) => string;
  /** How long a run waits for a session, in ms. Default: the pool's. */
  readonly acquireTimeoutMs?: number;
  /** How long one statement may take, in ms. Default 10 minutes. */
  readonly statementTimeoutMs?: number;
  /** Matched sets of at most so many rows are counted in the driver, larger ones by Spark. Default 50,000. */
  readonly heldRows?: number;
}

const URI = /^[a-z][a-z0-9+.-]*:\/\//i;

/** The Hadoop URI of a snapshot's root. */
export function rootUriOf(snapshot: Snapshot, options: SparkEngineOptions): string {
  const root = options.rootUri?.(snapshot) ?? snapshot.root;
  // Hadoop takes what stands in a path as it is: nothing is percent-encoded.
  return (URI.test(root) ? root : `file://${resolve(root)}`).replace(/\/+$/, '');
}

import { join } from 'node:path';
import {
  DEAD_LETTERS_FOLDER,
  LakeWriter,
  LOG_FOLDER,
  makeFolderDurably,
  readManifest,
  storageError,
} from '@analytica/lake';
import type { Logger } from 'pino';
import { Capture } from './pipeline/capture.js';
import type { IngestorConfig } from './config.js';
import { createSource } from './sources/create-source.js';
import { DeadLetterFile } from './dead-letters/dead-letter-file.js';
import { identityHash, newHashKey } from './dedupe/identity-hash.js';
import { rebuildSeen } from './dedupe/rebuild.js';
import { newSeenByOrigin } from './dedupe/seen-posts.js';
import { IngestLog, type SealedSegment } from './log/ingest-log.js';
import { initialState } from './log/log-state.js';
import { Maintenance } from './sinks/lake/maintenance.js';
import { Intake } from './pipeline/intake.js';
import { threadPreparer } from './pipeline/preparer.js';
import { lockRoot } from './root-lock.js';
import { LakeSink } from './sinks/lake/lake-sink.js';
import { retryStorage } from './sinks/retry-storage.js';
import type { Source } from './sources/source.js';
import { CaptureProgress } from './status/capture-progress.js';
import type { Tell } from './status/events.js';
import { Heartbeat } from './status/heartbeat.js';
import { lakeFigures, StatusBoard } from './status/status-board.js';
import { StatusPublisher } from './status/status-publisher.js';
import { Upkeep } from './pipeline/upkeep.js';

/**
 * Captures until `signal` aborts: source, preparation, log, lake, status. Returns once everything logged is in the lake, or
 * stays safe in the log where the disk is full.
 * @throws AppError for what a person has to mend first; whatever breaks it, otherwise.
 */
export async function runIngestor(
  config: IngestorConfig,
  logger: Logger,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { root, retentionDays } = config.lake;
  const source = createSource(config.source);
  const board = new StatusBoard(config.source.kind === 'demo');
  const problem = (part: string) => (sentence: string | null) => {
    if (!board.problem(part, sentence)) return;
    if (sentence === null) logger.info({ part }, 'Capture goes on');
    else tell({ event: 'problem', message: sentence });
  };
  const publisher = new StatusPublisher(config.redis.url, config.redis.prefix, logger);
  /** A full disk is no reason not to start, but to say so and wait. */
  const whenThereIsRoom = <T>(action: () => Promise<T>): Promise<T> => {
    const told = (sentence: string | null): void => {
      problem('start')(sentence);
      void publishEarly(publisher, board, root);
    };
    return retryStorage(action, root, told, signal, ['DISK_FULL']);
  };
  try {
    const lock = await whenThereIsRoom(async () => {
      await makeFolderDurably(root);
      return lockRoot(root);
    });
    try {
      const lake = await whenThereIsRoom(() => LakeWriter.open(root, { retentionDays }));
      try {
        for (const { name, posts } of lake.recognisedImports) {
          logger.info({ import: name, posts }, 'Posts that the version before replayed are kept as an import');
        }
        const { posts } = lakeFigures(lake.manifest);
        const { committedSeq } = lake.manifest;
        const initial = initialState(committedSeq, posts);
        const opened = await whenThereIsRoom(() => IngestLog.open(join(root, LOG_FOLDER), initial, committedSeq));
        await runOn({ lake, ...opened, source, config, logger, board, problem, publisher, tell, signal });
      } finally {
        await lake.close();
      }
    } finally {
      await lock.release();
    }
  } catch (error) {
    const named = storageError(error, root);
    // Stopped while waiting for the disk: what was acknowledged is in the log.
    if (signal.aborted && (named !== null || isAbort(error)))
      logger.warn({ err: error }, 'Stopped before all was flushed');
    else throw named ?? error;
  } finally {
    publisher.close();
  }
}

/** Before the log is read, nobody knows its counters. */
async function publishEarly(publisher: StatusPublisher, board: StatusBoard, root: string): Promise<void> {
  const manifest = await readManifest(root).catch(() => null);
  const { accounting } = initialState(0, 0);
  await publisher.publish(board.snapshot(accounting, 0, manifest ?? { files: [], watermark: 0 }, 'STARTING'));
}

interface RunParts {
  readonly lake: LakeWriter;
  readonly log: IngestLog;
  readonly sealed: readonly SealedSegment[];
  readonly source: Source | null;
  readonly config: IngestorConfig;
  readonly logger: Logger;
  readonly board: StatusBoard;
  readonly problem: (part: string) => (sentence: string | null) => void;
  readonly publisher: StatusPublisher;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

async function runOn(parts: RunParts): Promise<void> {
  const { lake, log, sealed, source, config, logger, board, problem, publisher, tell, signal } = parts;
  const { root, retentionDays, flushBytes, flushMs } = config.lake;
  if (log.recovery.cutBytes > 0 || sealed.length > 0) {
    tell({ event: 'recovered', ...log.recovery, segments: sealed.length });
  }
  const hashKey = newHashKey();
  const seen = newSeenByOrigin(retentionDays);
  await rebuildSeen(seen, identityHash(hashKey), lake, sealed);

  // Whichever part fails first ends the others; without a failure, all end with the signal.
  const failed = new AbortController();
  const running = AbortSignal.any([signal, failed.signal]);
  const sink = new LakeSink(lake, problem('lake'), running);
  for (const segment of sealed) sink.add(segment, segment.arrivedAt);
  const deadLetters = new DeadLetterFile(join(root, DEAD_LETTERS_FOLDER));
  const maintenance = new Maintenance(lake, seen.captured, deadLetters, retentionDays, logger);
  const preparer = threadPreparer(hashKey);
  const intake = source === null ? null : new Intake(source, preparer);
  const capture =
    source === null || intake === null
      ? null
      : new Capture({
          source,
          intake,
          log,
          seen,
          deadLetters,
          sink,
          board,
          root,
          flushBytes,
          flushMs,
          tell: problem('log'),
        });
  const progress = new CaptureProgress(source, intake);
  const heartbeat = new Heartbeat({ source, intake, log, lake, board, publisher, progress, tell });
  const upkeep = new Upkeep({
    source,
    capture,
    lake,
    sink,
    maintenance,
    progress,
    flushMs,
    problem: problem('watermark'),
    tell,
  });
  const captureAll = async (): Promise<void> => {
    if (source === null || intake === null || capture === null) return;
    const pumping = intake.pump(log.state.cursors[source.name] ?? null, running);
    await capture.run(running);
    await pumping;
    await capture.seal(running);
    await sink.drain();
    progress.ended();
    if (!running.aborted) tellEnd(source, capture, lake, log, tell);
  };
  const working = [captureAll(), heartbeat.run(running), upkeep.run(running)];
  try {
    await Promise.all(working);
    await sink.drain();
    await maintenance.finish();
    await publisher.publish(board.snapshot(log.state.accounting, 0, lake.manifest, 'STOPPED'));
    tell({ event: 'accounting', accounting: log.state.accounting });
  } finally {
    failed.abort();
    await Promise.allSettled(working);
    await preparer.close();
    await log.close();
  }
}

function tellEnd(source: Source, capture: Capture, lake: LakeWriter, log: IngestLog, tell: Tell): void {
  const { accounting } = log.state;
  // A replay that had ended before gives nothing this time: the lake knows what it holds.
  const { oldest, newest } = lakeFigures(lake.manifest);
  const { from, to } = capture.span ?? { from: oldest ?? 0, to: newest ?? 0 };
  const problems = 'problems' in source && Array.isArray(source.problems) ? source.problems.map(String) : [];
  tell({ event: 'accounting', accounting });
  const isListed = lake.manifest.files.some(({ importName }) => importName === source.importName);
  const importName = isListed ? source.importName : null;
  tell({ event: 'replay-done', from, to, accounting, importName, problems });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

import { join } from 'node:path';
import { LakeWriter, LOG_FOLDER, makeFolderDurably, readManifest, storageError } from '@analytica/lake';
import type { Logger } from 'pino';
import type { IngestorConfig } from './config.js';
import { identityHash, newHashKey } from './dedupe/identity-hash.js';
import { IngestLog } from './log/ingest-log.js';
import { initialState } from './log/log-state.js';
import { OriginalsFiles } from './originals/originals-files.js';
import { RecentOriginals } from './originals/recent-originals.js';
import { replaySegments } from './originals/replay-segments.js';
import { ArrivalClock } from './pipeline/arrival-clock.js';
import { type CaptureRunParts, runCapture } from './pipeline/run-capture.js';
import { lockRoot } from './root-lock.js';
import { claimLake } from './sinks/lake/claim-lake.js';
import type { OpenSink } from './sinks/post-sink.js';
import { retryStorage } from './sinks/retry-storage.js';
import { createSources } from './sources/create-sources.js';
import type { Report } from './status/events.js';
import { lakeFigures, StatusBoard } from './status/status-board.js';
import { StatusPublisher } from './status/status-publisher.js';

/**
 * Captures until `signal` aborts: sources, preparation, log, sinks, status. Returns once everything logged is in the lake, or
 * stays safe in the log where the disk is full.
 * @param openSinks - sinks beside the lake.
 * @throws AppError for what a person has to mend first; whatever breaks it, otherwise.
 */
export async function runIngestor(
  config: IngestorConfig,
  logger: Logger,
  report: Report,
  signal: AbortSignal,
  openSinks: readonly OpenSink[] = [],
): Promise<void> {
  const { root, retentionDays } = config.lake;
  const clock = new ArrivalClock();
  const now = (): number => clock.now();
  const sources = createSources(config.sources, now);
  const board = new StatusBoard(config.kind === 'demo');
  const problem = (part: string) => (sentence: string | null) => {
    if (!board.problem(part, sentence)) return;
    if (sentence === null) logger.info({ part }, 'Capture goes on');
    else report({ event: 'problem', message: sentence });
  };
  const notice = (part: string, sentence: string | null): void => {
    if (board.notice(part, sentence) && sentence !== null) report({ event: 'problem', message: sentence });
  };
  const publisher = new StatusPublisher(config.redis.url, config.redis.prefix, logger);
  /** A full disk is no reason not to start, but to say so and wait. */
  const whenThereIsRoom = <T>(action: () => Promise<T>): Promise<T> => {
    const reportAndPublish = (sentence: string | null): void => {
      problem('start')(sentence);
      void publishEarly(publisher, board, root);
    };
    return retryStorage(action, root, reportAndPublish, signal, ['DISK_FULL']);
  };
  try {
    const lock = await whenThereIsRoom(async () => {
      await makeFolderDurably(root);
      return lockRoot(root);
    });
    try {
      const lake = await whenThereIsRoom(() => LakeWriter.open(config.lake, { retentionDays }));
      try {
        const capture = { lake, sources, now, config, logger, board, problem, notice, publisher, report, signal };
        await captureInto(capture, openSinks, whenThereIsRoom);
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

/** Opens the log beside the lake, and what else takes its segments, and captures into them. */
async function captureInto(
  capture: Omit<CaptureRunParts, 'others' | 'log' | 'sealed' | 'originals' | 'originalsFiles' | 'hashKey'>,
  openSinks: readonly OpenSink[],
  whenThereIsRoom: <T>(action: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const { lake, config, logger } = capture;
  const { kind } = config;
  for (const { name, posts } of lake.recognisedImports) {
    logger.info({ import: name, posts }, 'Posts that the version before replayed are kept as an import');
  }
  const { committedSeq } = lake.manifest;
  const initial = initialState(committedSeq, lakeFigures(lake.manifest).posts);
  const others = await Promise.all(openSinks.map((open) => open(lake.root)));
  const folder = join(lake.root, LOG_FOLDER);
  const hashKey = newHashKey();
  const originals = new RecentOriginals(identityHash(hashKey));
  const { files: originalsFiles, lostBytes } = await OriginalsFiles.open(folder, originals);
  if (lostBytes > 0) logger.info({ lostBytes }, 'What a crash tore of the recent originals is made again from the log');
  const { savedSequence } = originalsFiles;
  const checkpoints = [committedSeq, savedSequence, ...others.map((sink) => sink.committedSeq)];
  const opened = await whenThereIsRoom(() => IngestLog.open(folder, initial, checkpoints));
  await replaySegments(originals, identityHash(hashKey), opened.sealed, savedSequence);
  await whenThereIsRoom(() => originalsFiles.rewrite());
  if (kind !== null) await whenThereIsRoom(() => claimLake(lake, opened.sealed, kind));
  await runCapture({ ...capture, others, originals, originalsFiles, hashKey, ...opened });
}

/** Before the log is read, nobody knows its counters. */
async function publishEarly(publisher: StatusPublisher, board: StatusBoard, root: string): Promise<void> {
  const manifest = await readManifest(root).catch(() => null);
  await publisher.publish(board.snapshot(initialState(0, 0), 0, manifest ?? { files: [], watermark: 0 }, 'STARTING'));
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

import { join } from 'node:path';
import { DEAD_LETTERS_FOLDER, LocalLake, LOG_FOLDER, makeFolderDurably, storageError } from '@analytica/lake';
import type { Logger } from 'pino';
import { Capture } from './capture.js';
import type { IngestorConfig } from './config.js';
import { createSource } from './create-source.js';
import { DeadLetterFile } from './dead-letters/dead-letter-file.js';
import { identityHash, newHashKey } from './dedupe/identity-hash.js';
import { rebuildSeen } from './dedupe/rebuild.js';
import { SeenPosts } from './dedupe/seen-posts.js';
import { IngestLog } from './log/ingest-log.js';
import { initialState } from './log/log-state.js';
import { Maintenance } from './maintenance.js';
import { Intake } from './pipeline/intake.js';
import { threadPreparer } from './pipeline/preparer.js';
import { lockRoot } from './root-lock.js';
import { LakeSink } from './sinks/lake-sink.js';
import type { Source } from './source.js';
import type { Tell } from './status/events.js';
import { Heartbeat } from './status/heartbeat.js';
import { lakeFigures, StatusBoard } from './status/status-board.js';
import { StatusPublisher } from './status/status-publisher.js';

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
  try {
    await makeFolderDurably(root);
    const lock = await lockRoot(root);
    try {
      const lake = await LocalLake.open(root, { retentionDays });
      try {
        await runOn(lake, source, config, logger, tell, signal);
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
  }
}

async function runOn(
  lake: LocalLake,
  source: Source | null,
  config: IngestorConfig,
  logger: Logger,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { root, retentionDays, flushBytes, flushMs } = config.lake;
  const board = new StatusBoard(config.source.kind === 'demo');
  const problem = (part: string) => (sentence: string | null) => {
    if (!board.problem(part, sentence)) return;
    if (sentence === null) logger.info({ part }, 'Capture goes on');
    else tell({ event: 'problem', message: sentence });
  };

  const { posts } = lakeFigures(lake.manifest);
  const { committedSeq } = lake.manifest;
  const { log, sealed } = await IngestLog.open(join(root, LOG_FOLDER), initialState(committedSeq, posts), committedSeq);
  if (log.recovery.cutBytes > 0 || sealed.length > 0) {
    tell({ event: 'recovered', ...log.recovery, segments: sealed.length });
  }
  const hashKey = newHashKey();
  const seen = new SeenPosts(retentionDays);
  await rebuildSeen(seen, identityHash(hashKey), lake, sealed);

  const sink = new LakeSink(lake, problem('lake'), signal);
  for (const segment of sealed) sink.add(segment, segment.arrivedAt);
  const deadLetters = new DeadLetterFile(join(root, DEAD_LETTERS_FOLDER));
  const maintenance = new Maintenance(lake, seen, deadLetters, retentionDays, logger);
  const publisher = new StatusPublisher(config.redis.url, config.redis.prefix, logger);
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
  const heartbeat = new Heartbeat({
    source,
    intake,
    capture,
    log,
    lake,
    sink,
    board,
    publisher,
    maintenance,
    flushMs,
    tell,
  });
  // Whichever part fails first ends the others; without a failure, all end with the signal.
  const failed = new AbortController();
  const running = AbortSignal.any([signal, failed.signal]);
  const captureAll = async (): Promise<void> => {
    if (source === null || intake === null || capture === null) return;
    const pumping = intake.pump(log.state.cursors[source.name] ?? null, running);
    await capture.run(running);
    await pumping;
    await capture.seal(running);
    await sink.drain();
    heartbeat.ended();
    if (!running.aborted) tellEnd(source, capture, lake, log, tell);
  };
  const parts = [captureAll(), heartbeat.run(running)];
  try {
    await Promise.all(parts);
    await sink.drain();
    await maintenance.finish();
    await publisher.publish(board.snapshot(log.state.accounting, 0, lake.manifest, 'STOPPED'));
    tell({ event: 'accounting', accounting: log.state.accounting });
  } finally {
    failed.abort();
    await Promise.allSettled(parts);
    publisher.close();
    await preparer.close();
    await log.close();
  }
}

function tellEnd(source: Source, capture: Capture, lake: LocalLake, log: IngestLog, tell: Tell): void {
  const { accounting } = log.state;
  // A replay that had ended before gives nothing this time: the lake knows what it holds.
  const { oldest, newest } = lakeFigures(lake.manifest);
  const { from, to } = capture.span ?? { from: oldest ?? 0, to: newest ?? 0 };
  const problems = 'problems' in source && Array.isArray(source.problems) ? source.problems.map(String) : [];
  tell({ event: 'accounting', accounting });
  tell({ event: 'replay-done', from, to, accounting, problems });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

import { join } from 'node:path';
import { DEAD_LETTERS_FOLDER, type LakeWriter } from '@analytica/lake';
import type { Logger } from 'pino';
import type { IngestorConfig } from '../config.js';
import { DeadLetterFile } from '../dead-letters/dead-letter-file.js';
import { DeadLetterSamples } from '../dead-letters/dead-letter-samples.js';
import { identityHash } from '../dedupe/identity-hash.js';
import { rebuildSeen } from '../dedupe/rebuild.js';
import { newSeenByOrigin, type SeenByOrigin } from '../dedupe/seen-posts.js';
import { CoverageLedger } from '../gaps/coverage-ledger.js';
import { SleepWatch } from '../gaps/sleep-watch.js';
import type { IngestLog, SealedSegment } from '../log/ingest-log.js';
import type { OriginalsFiles } from '../originals/originals-files.js';
import { OriginalsSink } from '../originals/originals-sink.js';
import type { RecentOriginals } from '../originals/recent-originals.js';
import { FileWatch } from '../sinks/lake/file-watch.js';
import { LakeSink } from '../sinks/lake/lake-sink.js';
import { Maintenance } from '../sinks/lake/maintenance.js';
import type { PostSink } from '../sinks/post-sink.js';
import { SinkGroup } from '../sinks/sink-group.js';
import type { Source } from '../sources/source.js';
import { CaptureMetrics } from '../status/capture-metrics.js';
import { CaptureProgress } from '../status/capture-progress.js';
import type { Report } from '../status/events.js';
import { DiskFigures } from '../status/disk-figures.js';
import { Heartbeat } from '../status/heartbeat.js';
import { type MetricsServer, serveMetrics } from '../status/metrics-server.js';
import { lakeFigures, type StatusBoard } from '../status/status-board.js';
import type { StatusPublisher } from '../status/status-publisher.js';
import { Capture } from './capture.js';
import { LogLimit } from './log-limit.js';
import { type Preparer, threadPreparer } from './preparer.js';
import { RoundRobin } from './round-robin.js';
import { isFinal, SourceRun } from './source-run.js';
import { Upkeep } from './upkeep.js';

export interface CaptureRunParts {
  readonly lake: LakeWriter;
  /** Sinks beside the lake. */
  readonly others: readonly PostSink[];
  readonly log: IngestLog;
  /** What reposts take from, as of the log's last record, and its files. */
  readonly originals: RecentOriginals;
  readonly originalsFiles: OriginalsFiles;
  /** Key of the hashes of posts. */
  readonly hashKey: string;
  /** Segments that a sink still lacks, oldest first. */
  readonly sealed: readonly SealedSegment[];
  readonly sources: readonly Source[];
  /** The time of arrival, epoch ms. */
  readonly now: () => number;
  readonly config: IngestorConfig;
  readonly logger: Logger;
  readonly board: StatusBoard;
  readonly problem: (part: string) => (sentence: string | null) => void;
  /** Says what is wrong though capture goes on. */
  readonly notice: (part: string, sentence: string | null) => void;
  readonly publisher: StatusPublisher;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Captures from the sources into the opened log and lake until `signal` aborts; closes the log and the other sinks. */
export async function runCapture(parts: CaptureRunParts): Promise<void> {
  const { lake, log, sealed, board, publisher, report, signal } = parts;
  if (log.recovery.cutBytes > 0 || sealed.length > 0) {
    report({ event: 'recovered', ...log.recovery, segments: sealed.length });
  }
  const seen = newSeenByOrigin(parts.config.lake.retentionDays);
  const fileWatch = new FileWatch(lake, parts.notice);
  await rebuildSeen(seen, identityHash(parts.hashKey), lake, sealed, (file) => fileWatch.skipped(file));
  await fileWatch.glance();

  // Whichever part fails first ends the others; without a failure, all end with the signal.
  const failed = new AbortController();
  const running = AbortSignal.any([signal, failed.signal]);
  const run = connect(parts, seen, fileWatch, running);
  const { sinks, lakeSink, ledger, heartbeat } = run;
  const metrics = await openMetrics(parts.config.metricsPort, heartbeat, ledger, parts.notice);
  const working = [captureAll(run, parts, running, failed.signal), heartbeat.run(running), run.upkeep.run(running)];
  try {
    await Promise.all(working);
    await lakeSink.drain();
    await sinks.close();
    await run.maintenance.finish();
    await lake.advanceWatermark(lake.manifest.watermark, ledger.unlisted(log.state.coverage));
    await publisher.publish(board.snapshot(log.state, 0, lake.manifest, 'STOPPED'));
    report({ event: 'accounting', accounting: log.state.accounting });
  } finally {
    failed.abort();
    await Promise.allSettled(working);
    await sinks.close();
    await metrics?.close();
    await run.preparer.close();
    await log.close();
  }
}

/** The parts of one run, connected to each other. Nothing is captured yet. */
function connect(parts: CaptureRunParts, seen: SeenByOrigin, fileWatch: FileWatch, running: AbortSignal) {
  const { lake, log, sealed, originals, hashKey, now, config, logger, board, problem, publisher, report } = parts;
  const { root, retentionDays, flushBytes, flushMs } = config.lake;
  const lakeSink = new LakeSink(lake, problem('lake'), running);
  const originalsSink = new OriginalsSink(parts.originalsFiles, root, problem('recent originals'), running);
  const sinks = new SinkGroup([lakeSink, originalsSink, ...parts.others]);
  for (const segment of sealed) sinks.add(segment, Math.min(segment.arrivedAt, now()));
  const deadLetters = new DeadLetterFile(join(root, DEAD_LETTERS_FOLDER));
  const maintenance = new Maintenance(lake, seen.captured, deadLetters, retentionDays, fileWatch, logger);
  const sleep = SleepWatch.of(now);
  sleep.start(running);
  const listed = () => lake.manifest.coverage;
  const ledger = new CoverageLedger({ listed, logged: log.state.coverage, sources: parts.sources, now, sleep });
  const sources = new RoundRobin();
  const logLimit = new LogLimit({ log, sinks, maxBytes: config.maxLogBytes, report: problem('log size') });
  const capture = new Capture({
    ...{ sources, log, logLimit, seen, originals, deadLetters, sinks, lakeSink, ledger, board },
    ...{ root, flushBytes, flushMs, now, report: problem('log') },
  });
  const preparer = threadPreparer(hashKey);
  for (const source of parts.sources) {
    const onFailure = (error: unknown): Promise<void> =>
      capture.note(() => ledger.endChanges(source.name, isFinal(error) ? 'REFUSED' : 'DISCONNECTED'), running);
    source.attach?.({ gaps: () => ledger.gaps, tell: (message) => report({ event: 'problem', message }) });
    sources.add(runOf(source, preparer, sources, parts, onFailure));
  }
  const { runs } = sources;
  const progress = new CaptureProgress(runs);
  const samples = new DeadLetterSamples(join(root, DEAD_LETTERS_FOLDER));
  const heartbeat = new Heartbeat({
    ...{ runs, log, logLimit, lake, board, publisher, progress, report, now },
    ...{ deadLetters: samples, disk: new DiskFigures(root, samples), gaps: () => ledger.gaps },
  });
  const upkeep = new Upkeep({
    ...{ capture, lake, sinks, lakeSink, maintenance, progress, flushMs, now, report },
    ...{ originalsFiles: parts.originalsFiles, problem: problem('watermark') },
  });
  return { capture, sinks, lakeSink, ledger, maintenance, preparer, runs, heartbeat, upkeep };
}

type ConnectedRun = ReturnType<typeof connect>;

/** From what happened before the start to the end of the last source, all of it in the lake. */
async function captureAll(
  run: ConnectedRun,
  parts: CaptureRunParts,
  running: AbortSignal,
  failed: AbortSignal,
): Promise<void> {
  const { capture, lakeSink, ledger, runs } = run;
  await capture.note(() => ledger.startChanges(), running);
  await Promise.all([capture.run(running), ...runs.map((each) => follow(each, run, parts, running))]);
  const [first] = runs;
  if (first?.failure != null && runs.every(({ failure }) => failure !== null)) throw first.failure;
  if (failed.aborted) return;
  await capture.note(() => runs.flatMap(({ source }) => ledger.endChanges(source.name, 'STOPPED')), running);
  await capture.seal(running);
  await lakeSink.drain();
}

/** One source to its end, which is told once all that came of it is in the lake. */
async function follow(
  each: SourceRun,
  { capture, lakeSink, ledger }: ConnectedRun,
  { lake, log, report }: CaptureRunParts,
  running: AbortSignal,
): Promise<void> {
  await each.run(() => log.state.cursors[each.source.name] ?? null, running);
  await each.intake.allLogged(running);
  if (running.aborted) return;
  await capture.note(() => ledger.endChanges(each.source.name, 'STOPPED'), running);
  await capture.seal(running);
  await lakeSink.drain();
  each.finished();
  if (each.failure === null) reportEnd(each, lake, log, report);
}

/** Capture does not depend on metrics: a port that is taken is told, and nothing else. */
async function openMetrics(
  port: number | null,
  heartbeat: Heartbeat,
  ledger: Pick<CoverageLedger, 'gaps'>,
  notice: CaptureRunParts['notice'],
): Promise<MetricsServer | null> {
  if (port === null) return null;
  try {
    const metrics = new CaptureMetrics(
      () => heartbeat.latest,
      () => ledger.gaps,
    );
    return await serveMetrics(port, metrics.registry);
  } catch {
    notice(
      'metrics',
      `Metrics are not served, because port ${String(port)} cannot be had. Set INGEST_METRICS_PORT to another.`,
    );
    return null;
  }
}

function runOf(
  source: Source,
  preparer: Preparer,
  sources: RoundRobin,
  { sources: all, config, board, logger, report }: CaptureRunParts,
  onFailure: (error: unknown) => Promise<void>,
): SourceRun {
  // The only source ends the process: whoever started it sees why, and starts it again.
  const isOnly = all.length === 1;
  return new SourceRun(source, preparer, {
    retries: !isOnly,
    languages: config.languages,
    onFailure,
    onChange: () => sources.notify(),
    report: (sentence) => {
      if (isOnly || !board.notice(`source ${source.name}`, sentence)) return;
      if (sentence === null) logger.info({ source: source.name }, 'The source works again');
      else report({ event: 'problem', message: sentence });
    },
  });
}

function reportEnd(run: SourceRun, lake: LakeWriter, log: IngestLog, report: Report): void {
  const { accounting } = log.state;
  // A replay that had ended before gives nothing this time: the lake knows what it holds.
  const { oldest, newest } = lakeFigures(lake.manifest);
  const { from, to } = run.span ?? { from: oldest ?? 0, to: newest ?? 0 };
  report({ event: 'accounting', accounting });
  const isListed = lake.manifest.files.some((file) => file.importName === run.source.importName);
  const importName = isListed ? run.source.importName : null;
  report({ event: 'replay-done', from, to, accounting, importName, problems: run.status().problems });
}

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from '@analytica/domain';
import { lakeAt, LakeWriter } from '@analytica/lake';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inlinePreparer } from '../../test/support/inline-preparer.js';
import { tweet } from '../../test/support/lines.js';
import { sourceOf } from '../../test/support/source-of.js';
import { Capture } from './capture.js';
import { DeadLetterFile } from '../dead-letters/dead-letter-file.js';
import { identityHash } from '../dedupe/identity-hash.js';
import { newSeenByOrigin } from '../dedupe/seen-posts.js';
import { CoverageLedger } from '../gaps/coverage-ledger.js';
import { SleepWatch } from '../gaps/sleep-watch.js';
import { IngestLog } from '../log/ingest-log.js';
import { initialState } from '../log/log-state.js';
import { LogLimit } from './log-limit.js';
import { RecentOriginals } from '../originals/recent-originals.js';
import { RoundRobin } from './round-robin.js';
import { SourceRun } from './source-run.js';
import { LakeSink } from '../sinks/lake/lake-sink.js';
import { SinkGroup } from '../sinks/sink-group.js';
import { StatusBoard } from '../status/status-board.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'captured-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface CaptureOptions {
  readonly arrivedAt?: number;
  readonly now?: () => number;
  /** What a second source has given that is still being prepared. */
  readonly slow?: { readonly arrivedAt: number; readonly lines: readonly string[] };
}

async function captureOf(
  lines: readonly string[],
  flushBytes: number,
  { arrivedAt = Date.now(), now = Date.now, slow }: CaptureOptions = {},
) {
  const { signal } = new AbortController();
  const lake = await LakeWriter.open(lakeAt(join(root, 'lake')), { retentionDays: 8 });
  const { log } = await IngestLog.open(join(root, 'log'), initialState(0, 0), [0]);
  const source = sourceOf(
    lines.map((line, n) => ({
      lines: [Buffer.from(line)],
      arrivedAt,
      path: 'stream',
      cursor: { n, padding: 'x'.repeat(1000) },
    })),
  );
  const sources = new RoundRobin();
  const run = new SourceRun(source, inlinePreparer('k'), {
    retries: false,
    report: () => undefined,
    onChange: () => sources.notify(),
  });
  sources.add(run);
  const sink = new LakeSink(lake, () => undefined, signal);
  const sinks = new SinkGroup([sink]);
  const capture = new Capture({
    logLimit: new LogLimit({ log, sinks, maxBytes: 1e9, report: () => undefined }),
    sources,
    log,
    seen: newSeenByOrigin(8),
    originals: new RecentOriginals(identityHash('k')),
    deadLetters: new DeadLetterFile(join(root, 'letters')),
    sinks,
    lakeSink: sink,
    ledger: new CoverageLedger({
      listed: () => lake.manifest.coverage,
      logged: log.state.coverage,
      sources: [source],
      now,
      sleep: SleepWatch.of(now),
    }),
    board: new StatusBoard(false),
    root,
    flushBytes,
    flushMs: 60_000,
    now,
    report: () => undefined,
  });
  const capturing = capture.run(signal);
  if (slow === undefined) await Promise.all([run.run(() => null, signal), capturing]);
  else {
    const lines = slow.lines.map((line) => Buffer.from(line));
    const source = sourceOf([{ lines, arrivedAt: slow.arrivedAt, path: 'stream', cursor: { n: 0 } }]);
    const never = { ...inlinePreparer('k'), prepare: () => new Promise<never>(() => undefined) };
    const other = new SourceRun(source, never, { retries: false, report: () => undefined, onChange: () => undefined });
    sources.add(other);
    await Promise.all([other.run(() => null, signal), run.run(() => null, signal)]);
    await run.intake.allLogged(signal);
  }
  const close = async (): Promise<void> => {
    await sink.drain();
    await log.close();
    await lake.close();
  };
  return { capture, log, lake, sink, run, signal, close };
}

describe('Capture', () => {
  it('begins a segment anew that has grown without any record', async () => {
    const { log, close } = await captureOf(Array<string>(100).fill('{"limit":1}'), 4000);
    expect(log.state.accounting.not_posts).toBe(100);
    expect(log.openSegment.bytes).toBeLessThan(8000);
    expect(await readdir(join(root, 'log'))).toEqual(['000000000000001.ndjson']);
    await close();
  });

  it('claims no watermark for a segment that is being closed', async () => {
    const { capture, lake, sink, signal, close } = await captureOf([tweet('1')], 1e9);
    const sealing = capture.seal(signal);
    const progress = { isSealed: false };
    void sealing.then(() => (progress.isSealed = true));
    for (;;) {
      const watermark = capture.idleWatermark();
      // Whatever the moment: a watermark means that the post is in the lake.
      if (watermark !== null) expect(lake.manifest.committedSeq).toBe(1);
      if (progress.isSealed && sink.isIdle) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(capture.idleWatermark()).not.toBeNull();
    await close();
  });

  it('claims no watermark ahead of the clock for what arrived while the clock was wrong', async () => {
    const rightNow = Date.now();
    const wrong = { arrivedAt: rightNow + 10 * DAY_MS, now: () => rightNow };
    const { capture, lake, sink, signal, close } = await captureOf([tweet('1')], 1e9, wrong);
    await capture.seal(signal);
    await sink.drain();
    expect(lake.manifest.watermark).toBe(rightNow);
    expect(capture.idleWatermark()).toBe(rightNow);
    await close();
  });

  it('claims no watermark behind which a slower source still holds what came before', async () => {
    const rightNow = Date.now();
    const slow = { arrivedAt: rightNow - 60_000, lines: [tweet('2')] };
    const { capture, lake, sink, signal, close } = await captureOf([tweet('1')], 1e9, { arrivedAt: rightNow, slow });
    await capture.seal(signal);
    await sink.drain();
    expect(lake.manifest).toMatchObject({ committedSeq: 1, watermark: slow.arrivedAt });
    await close();
  });

  it('has no lines pending once they are in the log', async () => {
    const { run, close } = await captureOf([tweet('1'), tweet('2')], 1e9);
    expect(run.intake.pendingLines).toBe(0);
    await close();
  });
});

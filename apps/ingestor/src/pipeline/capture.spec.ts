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
import { newSeenByOrigin } from '../dedupe/seen-posts.js';
import { IngestLog } from '../log/ingest-log.js';
import { initialState } from '../log/log-state.js';
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

async function captureOf(
  lines: readonly string[],
  flushBytes: number,
  { arrivedAt = Date.now(), now = Date.now } = {},
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
  const capture = new Capture({
    sources,
    log,
    seen: newSeenByOrigin(8),
    deadLetters: new DeadLetterFile(join(root, 'letters')),
    sinks: new SinkGroup([sink]),
    lakeSink: sink,
    board: new StatusBoard(false),
    root,
    flushBytes,
    flushMs: 60_000,
    now,
    report: () => undefined,
  });
  await Promise.all([run.run(() => null, signal), capture.run(signal)]);
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

  it('has no lines pending once they are in the log', async () => {
    const { run, close } = await captureOf([tweet('1'), tweet('2')], 1e9);
    expect(run.intake.pendingLines).toBe(0);
    await close();
  });
});

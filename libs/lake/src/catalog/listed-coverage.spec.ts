import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, HOUR_MS, MINUTE_MS, notCaptured } from '@analytica/domain';
import { type CoverageChange, NO_COVERAGE } from '@analytica/domain/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleDataFile, examplePost, writeExampleSegment } from '../testing.js';
import { lakeAt, MANIFEST_FILE } from './layout.js';
import { captureTimes, cutOfExpired, hasNews, trimmed, withChanges } from './listed-coverage.js';
import { LakeWriter } from './lake-writer.js';
import type { Manifest } from './manifest.js';
import { emptyManifest, manifestId, readManifest } from './manifest-store.js';
import { postsKey } from './retention.js';

const T10 = Date.UTC(2026, 2, 1, 10);
const change = (seq: number, told: Partial<CoverageChange> = {}): CoverageChange =>
  ({ type: 'began', seq, source: 'x', at: T10, arrivedAt: T10, ...told }) as CoverageChange;
const ended = (seq: number, at: number): CoverageChange => change(seq, { type: 'ended', at, cause: 'STALLED' });

describe('a manifest', () => {
  it('takes each change once', () => {
    const first = withChanges(emptyManifest(), [change(1), ended(2, T10 + MINUTE_MS)]);
    expect(first.coverage?.gaps).toMatchObject([{ from: T10 + MINUTE_MS, to: null, cause: 'STALLED' }]);
    expect(hasNews(first, [change(1), change(2)])).toBe(false);
    expect(withChanges(first, [change(1), change(2)])).toBe(first);
    expect(withChanges(first, [])).toBe(first);
    const later = [ended(2, T10 + MINUTE_MS), change(3, { at: T10 + HOUR_MS })];
    expect(withChanges(first, later).coverage?.gaps).toMatchObject([{ to: T10 + HOUR_MS, status: 'CLOSED' }]);
  });

  it('of the version before counts as covered from its oldest captured post, and has the id that it had', () => {
    const imported = exampleDataFile({ minCreatedAt: 0, maxCreatedAt: HOUR_MS, importName: 'old' });
    const files = [imported, exampleDataFile({ minCreatedAt: T10 - DAY_MS, maxCreatedAt: T10 - HOUR_MS })];
    const before: Manifest = { ...emptyManifest(), files };
    expect(manifestId(before)).toBe(manifestId({ ...before, coverage: undefined }));
    const asked = { from: T10 - 2 * DAY_MS, to: T10 };
    const missing = [{ from: asked.from, to: T10 - DAY_MS }];
    expect(notCaptured(captureTimes(before), asked, T10).spans).toEqual(missing);
    const after = withChanges(before, [change(1)]);
    expect(after.coverage?.earlier).toEqual({ from: T10 - DAY_MS, to: T10 });
    expect(notCaptured(captureTimes(after), asked, T10).spans).toEqual(missing);
    // The import is covered from its first post to its last, that one included.
    expect(notCaptured(captureTimes(after), { from: 0, to: HOUR_MS + 2 }, T10).spans).toEqual([
      { from: HOUR_MS + 1, to: HOUR_MS + 2 },
    ]);
  });

  it('knows nothing of hours that expired', () => {
    const hours = [T10, T10 + HOUR_MS, T10 + 2 * HOUR_MS];
    const imported = exampleDataFile({ hour: T10 - DAY_MS, importName: 'old' });
    const manifest = withChanges(
      { ...emptyManifest(), files: [imported, ...hours.map((hour) => exampleDataFile({ hour }))] },
      [
        change(1),
        ended(2, T10 + MINUTE_MS),
        change(3, { at: T10 + 2 * MINUTE_MS }),
        ended(4, T10 + 30 * MINUTE_MS),
        change(5, { at: T10 + 90 * MINUTE_MS }),
      ],
    );
    expect(cutOfExpired(manifest, new Set())).toBeNull();
    const cut = cutOfExpired(manifest, new Set([postsKey(T10)]));
    expect(cut).toBe(T10 + HOUR_MS);
    const { coverage } = trimmed(manifest, cut);
    expect(coverage?.gaps).toMatchObject([{ from: T10 + HOUR_MS, to: T10 + 90 * MINUTE_MS }]);
    expect(coverage?.sources).toMatchObject([{ switchedOn: [{ from: T10 + HOUR_MS, to: null }] }]);
    // Out of turn, as where a clock was wrong: what stays is known.
    expect(cutOfExpired(manifest, new Set([postsKey(T10 + 2 * HOUR_MS)]))).toBe(T10);
  });
});

describe('the writer', () => {
  let scratch: string;
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'listed-coverage-'));
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));
  const open = (): Promise<LakeWriter> => LakeWriter.open(lakeAt(join(scratch, 'lake')), { retentionDays: 8 });

  it('lists coverage with the segment whose posts it speaks of, and without one', async () => {
    const lake = await open();
    await lake.advanceWatermark(T10, [change(1)]);
    expect(await readManifest(lake.root)).toBeNull();
    const segment = await writeExampleSegment(scratch, 1, [examplePost()]);
    await lake.commitSegment({ ...segment, coverage: [change(1), ended(2, T10 + 5)] }, T10 + MINUTE_MS);
    expect((await readManifest(lake.root))?.coverage).toMatchObject({
      seq: 2,
      earlier: null,
      gaps: [{ from: T10 + 5 }],
    });
    await lake.advanceWatermark(0, [ended(2, T10 + 5), change(3, { at: T10 + 9 })]);
    const manifest = await readManifest(lake.root);
    expect(manifest).toMatchObject({ watermark: T10 + MINUTE_MS, coverage: { seq: 3, gaps: [{ to: T10 + 9 }] } });
    await lake.advanceWatermark(0, [change(3, { at: T10 + 9 })]);
    expect(await readManifest(lake.root)).toEqual(manifest);
    await lake.close();
  });

  it('refuses a list whose coverage is not as it should be', async () => {
    const lake = await open();
    await lake.commitSegment(await writeExampleSegment(scratch, 1, [examplePost()]), T10);
    await lake.close();
    const path = join(scratch, 'lake', MANIFEST_FILE);
    const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
    await writeFile(path, JSON.stringify({ ...manifest, coverage: { ...NO_COVERAGE, gaps: [{ from: 'soon' }] } }));
    await expect(open()).rejects.toMatchObject({ code: 'LAKE_CORRUPT' });
  });
});

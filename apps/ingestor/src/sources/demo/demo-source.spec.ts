import { beforeAll, describe, expect, it } from 'vitest';
import type { Cursor, RawBatch } from '../source.js';
import { createDemoSource, generateLines } from './demo-source.js';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-03-11T14:24:50.000Z');
const RATE = 0.3;
const FROM = Date.parse('2026-03-10T14:00:00.000Z');
const signal = () => new AbortController();

/** A source on a standing clock: it fills, gives what has arrived live, and is then stopped. */
async function filled(resume: Cursor | null, now = NOW, backfillDays = 1, seed = 7): Promise<RawBatch[]> {
  const abort = signal();
  const source = createDemoSource({ seed, rate: RATE, now: () => now, backfillDays });
  const batches: RawBatch[] = [];
  for await (const batch of source.batches(resume, abort.signal)) {
    batches.push(batch);
    if (batch.path === 'stream') abort.abort();
  }
  return batches;
}

const textOf = (batches: readonly RawBatch[]) => batches.flatMap((batch) => batch.lines.map(String));

describe('createDemoSource', () => {
  let first: RawBatch[];

  beforeAll(async () => {
    first = await filled(null);
  });

  it('fills whole hours in their own arrival time, then goes on live, as generateLines does', () => {
    const batches = first;
    expect(textOf(batches)).toEqual([...generateLines({ seed: 7, from: FROM, to: NOW + 1, rate: RATE })].map(String));
    expect(batches.filter((batch) => batch.path === 'stream')).toHaveLength(1);
    expect(new Set(batches.map((batch) => Math.floor(batch.arrivedAt / HOUR))).size).toBe(25);
  });

  it('never lets a batch of the fill cross an hour, nor arrival times run backwards', () => {
    const batches = first;
    const byHour = new Map<number, string[]>();
    for (const batch of batches) {
      const hour = Math.floor(batch.arrivedAt / HOUR);
      byHour.set(hour, [...(byHour.get(hour) ?? []), ...batch.lines.map(String)]);
    }
    for (const hour of [0, 5, 12, 23].map((nth) => FROM / HOUR + nth)) {
      const lines = [...generateLines({ seed: 7, from: hour * HOUR, to: (hour + 1) * HOUR, rate: RATE })];
      expect(byHour.get(hour)).toEqual(lines.map(String));
    }
    for (let i = 1; i < batches.length; i += 1) {
      expect(batches[i]?.arrivedAt).toBeGreaterThanOrEqual(batches[i - 1]?.arrivedAt ?? 0);
    }
  });

  it('gives the same remaining lines after a resume at any batch', async () => {
    const batches = first;
    for (const stop of [0, 17, 100, batches.length - 2]) {
      const resumed = await filled(batches[stop]?.cursor ?? null);
      expect(textOf(resumed)).toEqual(textOf(batches.slice(stop + 1)));
    }
  });

  it('fills what was missed since the last run, at most the backfill', async () => {
    const cursor = first.at(-1)?.cursor ?? null;
    const second = await filled(cursor, NOW + 2 * HOUR);
    const all = [...generateLines({ seed: 7, from: FROM, to: NOW + 2 * HOUR + 1, rate: RATE })].map(String);
    expect([...textOf(first), ...textOf(second)]).toEqual(all);
    const much = await filled(cursor, NOW + 100 * HOUR);
    expect(much[0]?.arrivedAt).toBeGreaterThanOrEqual(Date.parse('2026-03-14T18:00:00.000Z'));
  });

  it.each(['at the start', 'while it runs'])('comes back from a clock that was wrong: %s', async (when) => {
    const abort = signal();
    let clock = when === 'at the start' ? NOW : NOW + 240 * HOUR;
    const cursor = when === 'at the start' ? ((await filled(null, NOW + 240 * HOUR, 0)).at(-1)?.cursor ?? null) : null;
    const source = createDemoSource({ seed: 7, rate: RATE, now: () => (clock += 20_000), backfillDays: 0 });
    let right: RawBatch | null = null;
    for await (const batch of source.batches(cursor, abort.signal)) {
      if (batch.path !== 'stream') continue;
      if (clock < NOW + HOUR) right = batch;
      if (right !== null) abort.abort();
      clock = NOW;
    }
    expect(right?.arrivedAt).toBeLessThan(NOW + HOUR);
    const lines = [...generateLines({ seed: 7, from: NOW - HOUR, to: NOW + HOUR, rate: RATE })].map(String);
    expect(lines).toEqual(expect.arrayContaining(right?.lines.map(String) ?? []));
  });

  it('skips the begun minute when the seed has changed', async () => {
    const cursor = first[3]?.cursor ?? null;
    const other = await filled(cursor, NOW, 1, 8);
    const lines = new Set(textOf(first));
    expect(textOf(other).some((line) => lines.has(line))).toBe(false);
    expect(other[0]?.arrivedAt).toBeGreaterThanOrEqual(first[3]?.arrivedAt ?? Infinity);
  });

  it('tells its progress while it fills, and none when live', async () => {
    const abort = signal();
    const source = createDemoSource({ seed: 1, rate: RATE, now: () => NOW, backfillDays: 1 });
    const seen: (number | null)[] = [];
    for await (const batch of source.batches(null, abort.signal)) {
      seen.push(source.progress());
      if (batch.path === 'stream') abort.abort();
    }
    const filling = seen.filter((progress) => progress !== null);
    expect(seen.at(-1)).toBeNull();
    expect(filling.length).toBeGreaterThan(100);
    expect(filling).toEqual(filling.toSorted((a, b) => a - b));
    expect(filling.every((progress) => progress >= 0 && progress <= 1)).toBe(true);
  });

  it('streams at the pace of the clock and stops when told to', async () => {
    let clock = NOW;
    const abort = signal();
    const source = createDemoSource({ seed: 3, rate: 20, now: () => (clock += 400), backfillDays: 0 });
    const live: RawBatch[] = [];
    for await (const batch of source.batches(null, abort.signal)) {
      if (batch.path !== 'stream') continue;
      live.push(batch);
      if (live.length === 4) abort.abort();
    }
    expect(live).toHaveLength(4);
    expect(live.slice(1).every((batch) => batch.lines.length < 40)).toBe(true);
  });

  it.each([
    { seed: 1.5, rate: 1 },
    { seed: 1, rate: 0 },
    { seed: 1, rate: Number.NaN },
    { seed: 1, rate: 1, backfillDays: -1 },
  ])('refuses %j', (options) => {
    expect(() => createDemoSource(options)).toThrow(/demo/);
  });
});

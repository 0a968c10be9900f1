import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '@analytica/domain';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commitLine } from './commit-line.js';
import { IngestLog, type LogBatch, type SealedSegment } from './ingest-log.js';
import { initialState, type LogState } from './log-state.js';

/** `npm run test:long` sets more. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 60);
const SEED = Number(process.env['LONG_SEED'] ?? 9);
const START = Date.UTC(2026, 2, 1, 10);
const SINKS = [0, 1] as const;

interface Batch {
  readonly posts: number;
  readonly tombstones: number;
  readonly importName: string | null;
}

/** What must hold: the records that were acknowledged, and who has them. */
interface Model {
  /** Acknowledged records in order, as lines; a record's sequence is its place, from 1. */
  records: string[];
  /** Sequences after which a segment was closed. */
  ends: number[];
  /** The last sequence that each sink has. */
  checkpoints: number[];
  arrivedAt: number;
  hour: number | null;
}

/** The log under test, and what a program holds of it. */
interface Real {
  folder: string;
  log: IngestLog;
  sealed: SealedSegment[];
}

const lines = ({ posts, tombstones, importName }: Batch, firstSeq: number): string[] => [
  ...Array.from({ length: posts }, (_, index) => {
    const kind = importName === null ? '"kind":"post"' : `"kind":"post","import":"${importName}"`;
    return `{${kind},"id":"${String(firstSeq + index)}","text":"東京 😀"}\n`;
  }),
  ...Array.from(
    { length: tombstones },
    (_, index) => `{"kind":"tombstone","id":"${String(firstSeq + posts + index)}"}\n`,
  ),
];

function logBatch(batch: Batch, firstSeq: number): LogBatch {
  return { ...batch, chunks: lines(batch, firstSeq).map((line) => Buffer.from(line)) };
}

function stateAfter(state: LogState, { posts, tombstones }: Batch, arrivedAt: number): LogState {
  const { accounting } = state;
  return {
    ...state,
    lastSeq: state.lastSeq + posts + tombstones,
    cursors: { source: { line: accounting.received + 1 } },
    accounting: {
      ...accounting,
      received: accounting.received + posts + tombstones + 1,
      stored: accounting.stored + posts,
      deletes: accounting.deletes + tombstones,
      not_posts: accounting.not_posts + 1,
    },
    arrivedAt,
  };
}

async function open(folder: string, model: Model): Promise<Real> {
  const { log, sealed } = await IngestLog.open(folder, initialState(0, 0), model.checkpoints);
  return { folder, log, sealed };
}

async function reopened(model: Model, real: Real): Promise<void> {
  // What was open is closed by the start.
  if (model.records.length > (model.ends.at(-1) ?? 0)) model.ends.push(model.records.length);
  model.hour = null;
  Object.assign(real, await open(real.folder, model));
  await check(model, real);
}

/** Sinks get exactly the records that they lack, segment by segment, and none is gone that one of them lacks. */
async function check(model: Model, real: Real): Promise<void> {
  const safe = Math.min(...model.checkpoints);
  expect(real.log.state.lastSeq).toBe(model.records.length);
  const ends = model.ends.filter((end) => end > safe);
  expect(real.sealed.map(({ lastSeq }) => lastSeq)).toEqual(ends);
  for (const segment of real.sealed) {
    const content = await readFile(segment.path, 'utf8');
    const kept = content.split(/(?<=\n)/).filter((line) => !line.startsWith('{"kind":"commit"'));
    const expected = model.records.slice(segment.firstSeq - 1, segment.lastSeq);
    expect(kept).toEqual(expected);
    expect(segment.posts + segment.tombstones).toBe(expected.length);
    const imported = expected.filter((line) => line.includes('"import"')).length;
    expect([...segment.imports.values()].reduce((sum, posts) => sum + posts, 0)).toBe(imported);
  }
}

class Append implements fc.AsyncCommand<Model, Real> {
  readonly #batch: Batch;
  readonly #hours: number;
  constructor(batch: Batch, hours: number) {
    this.#batch = batch;
    this.#hours = hours;
  }
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    model.arrivedAt += 1 + this.#hours * HOUR_MS;
    const hour = Math.floor(model.arrivedAt / HOUR_MS);
    const batch = logBatch(this.#batch, model.records.length + 1);
    const records = batch.posts + batch.tombstones;
    if (records > 0 && model.hour !== null && model.hour !== hour) await new Seal().run(model, real);
    await real.log.append(batch, stateAfter(real.log.state, this.#batch, model.arrivedAt));
    model.records.push(...lines(this.#batch, model.records.length + 1));
    if (records > 0) model.hour = hour;
    expect(real.log.openSegment.records).toBe(model.records.length - (model.ends.at(-1) ?? 0));
  }
  toString = (): string => `append(${JSON.stringify(this.#batch)}, +${String(this.#hours)} h)`;
}

class Seal implements fc.AsyncCommand<Model, Real> {
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const segment = await real.log.seal();
    const isEmpty = model.records.length === (model.ends.at(-1) ?? 0);
    expect(segment === null).toBe(isEmpty);
    if (segment !== null) {
      real.sealed.push(segment);
      model.ends.push(model.records.length);
    }
    model.hour = null;
    await check(model, real);
  }
  toString = (): string => 'seal';
}

/** A sink makes the next segment safe; the last one to do so lets it go, as SinkGroup does. */
class Take implements fc.AsyncCommand<Model, Real> {
  readonly #sink: number;
  readonly #isReleased: boolean;
  constructor(sink: number, isReleased: boolean) {
    this.#sink = sink;
    this.#isReleased = isReleased;
  }
  check = (model: Model): boolean => model.ends.some((end) => end > (model.checkpoints[this.#sink] ?? 0));
  async run(model: Model, real: Real): Promise<void> {
    const next = real.sealed.find(({ lastSeq }) => lastSeq > (model.checkpoints[this.#sink] ?? 0));
    if (next === undefined) throw new Error('The sink lacks a segment that the log does not have.');
    model.checkpoints[this.#sink] = next.lastSeq;
    if (Math.min(...model.checkpoints) < next.lastSeq) return;
    real.sealed = real.sealed.filter((segment) => segment !== next);
    // A crash may come before it is deleted.
    if (this.#isReleased) await rm(next.path);
  }
  toString = (): string => `take(${String(this.#sink)}, ${this.#isReleased ? 'released' : 'kept'})`;
}

/** The process ends in the middle of an append: part of what it wrote is on the disk, and some pages of that are not. */
class Crash implements fc.AsyncCommand<Model, Real> {
  readonly #batch: Batch;
  readonly #share: number;
  readonly #lost: number | null;
  constructor(batch: Batch, share: number, lost: number | null) {
    this.#batch = batch;
    this.#share = share;
    this.#lost = lost;
  }
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const name = `${String(openSeq(model)).padStart(15, '0')}.ndjson`;
    const path = join(real.folder, name);
    const before = real.log.openSegment.bytes;
    const batch = logBatch(this.#batch, model.records.length + 1);
    const hour = Math.floor(model.arrivedAt / HOUR_MS);
    const fits = model.hour === null || model.hour === hour || batch.posts + batch.tombstones === 0;
    const state = stateAfter(real.log.state, this.#batch, model.arrivedAt);
    await real.log.close();
    if (fits) {
      const content = Buffer.concat([...batch.chunks, commitLine(Buffer.concat(batch.chunks), state)]);
      const length = Math.floor(content.length * this.#share);
      const written = Buffer.from(content.subarray(0, length));
      const lost = this.#lost === null ? -1 : Math.floor(written.length * this.#lost);
      if (lost >= 0) written.fill(0, lost, Math.min(written.length, lost + 40));
      await truncate(path, before);
      await appendFile(path, written);
      // All of it on the disk: it counts, though nobody was told.
      if (length === content.length && lost === -1) model.records.push(...lines(this.#batch, model.records.length + 1));
    }
    await reopened(model, real);
  }
  toString = (): string => `crash(${JSON.stringify(this.#batch)}, ${String(this.#share)}, ${String(this.#lost)})`;
}

const openSeq = (model: Model): number => (model.ends.at(-1) ?? 0) + 1;

const batches = fc.oneof(
  fc.record({ posts: fc.nat(4), tombstones: fc.nat(2), importName: fc.constant(null) }),
  fc.record({
    posts: fc.integer({ min: 1, max: 3 }),
    tombstones: fc.constant(0),
    importName: fc.constantFrom('a', 'b'),
  }),
);
const commands = [
  fc.tuple(batches, fc.constantFrom(0, 0, 0, 1)).map(([batch, hours]) => new Append(batch, hours)),
  fc.constant(new Seal()),
  fc.tuple(fc.constantFrom(...SINKS), fc.boolean()).map(([sink, released]) => new Take(sink, released)),
  fc
    .tuple(
      batches,
      fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
      fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { nil: null }),
    )
    .map(([batch, share, lost]) => new Crash(batch, share, lost)),
];

it(`holds what was acknowledged, for two sinks, over crashes (seed ${String(SEED)}, ${String(RUNS)} runs)`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40 }), async (plan) => {
      const folder = await mkdtemp(join(tmpdir(), 'log-model-'));
      try {
        const model: Model = { records: [], ends: [], checkpoints: [0, 0], arrivedAt: START, hour: null };
        const real = await open(folder, model);
        await fc.asyncModelRun(() => ({ model, real }), plan);
        await new Crash({ posts: 0, tombstones: 0, importName: null }, 0, null).run(model, real);
        await real.log.close();
      } finally {
        await rm(folder, { recursive: true });
      }
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: false },
  );
});

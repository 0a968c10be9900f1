import { AppError } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { inlinePreparer } from '../../test/support/inline-preparer.js';
import { tweet } from '../../test/support/lines.js';
import { sourceOf } from '../../test/support/source-of.js';
import type { Cursor, RawBatch, Source } from '../sources/source.js';
import { RoundRobin } from './round-robin.js';
import { SourceRun } from './source-run.js';

const T10 = Date.UTC(2026, 2, 1, 10);

const raw = (ids: readonly string[], arrivedAt: number, cursor: Cursor): RawBatch => ({
  lines: ids.map((id) => Buffer.from(tweet(id))),
  arrivedAt,
  path: 'stream',
  cursor,
});

/** Sources whose cursors are noted as those of the log are. */
function follow(all: readonly Source[], retries = false) {
  const sources = new RoundRobin();
  const stop = new AbortController();
  const cursors = new Map<string, Cursor>();
  const problems: (string | null)[] = [];
  for (const source of all) {
    sources.add(
      new SourceRun(source, inlinePreparer('k'), {
        retries,
        firstRetryMs: 1,
        report: (problem) => problems.push(problem),
        onChange: () => sources.notify(),
      }),
    );
  }
  const running = sources.runs.map((run) => run.run(() => cursors.get(run.source.name) ?? null, stop.signal));
  /** Takes what comes next into the log: which source gave it, and the cursors of its batches. */
  const next = async (): Promise<readonly [string, readonly unknown[]] | null> => {
    const taken = await sources.take();
    if (taken === null) return null;
    const { run, batches } = taken;
    const last = batches.at(-1);
    if (last !== undefined) cursors.set(run.source.name, last.cursor);
    run.intake.logged();
    return [run.source.name, batches.map(({ cursor }) => cursor['n'])];
  };
  const rest = async (): Promise<(readonly [string, readonly unknown[]])[]> => {
    const all: (readonly [string, readonly unknown[]])[] = [];
    for (let taken = await next(); taken !== null; taken = await next()) all.push(taken);
    await Promise.all(running);
    return all;
  };
  return { sources, stop, running, problems, next, rest, run: sources.runs[0] as SourceRun };
}

describe('one source', () => {
  it('gives batches in order, never two arrival hours at once, and ends', async () => {
    const batches = Array.from({ length: 40 }, (_, n) => raw([String(n)], T10 + (n < 20 ? 0 : 3_600_000), { n }));
    const { rest, run } = follow([sourceOf(batches)]);
    const taken = (await rest()).map(([, cursors]) => cursors);
    expect(taken.flat()).toEqual(batches.map((_, n) => n));
    const isLater = (n: unknown): boolean => Number(n) >= 20;
    for (const cursors of taken) expect(new Set(cursors.map(isLater)).size).toBe(1);
    expect(run.intake.pendingLines).toBe(0);
    expect(run.isOver).toBe(true);
  });

  it('is not read ahead without bounds', async () => {
    let read = 0;
    const endless: Source = {
      ...sourceOf([]),
      async *batches() {
        for (;;) {
          read += 1;
          yield await Promise.resolve(raw([String(read)], T10, { n: read }));
        }
      },
    };
    const { stop, rest, run } = follow([endless]);
    await expect.poll(() => run.intake.pendingLines).toBeGreaterThan(10);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(read).toBeLessThan(20);
    expect(run.intake.oldestPending).toBe(T10);
    stop.abort();
    expect((await rest()).flatMap(([, cursors]) => cursors)).toHaveLength(16);
    expect(run.intake.oldestPending).toBe(Infinity);
  });

  it('gives what came before an error, and then says why it ended', async () => {
    const failing = sourceOf([raw(['1'], T10, { n: 1 })], () => Promise.reject(new Error('gone')));
    const { rest, run } = follow([failing]);
    expect(await rest()).toEqual([['test', [1]]]);
    expect(run.failure?.message).toBe('gone');
    expect(run.status()).toMatchObject({ state: 'FAILED', problems: ['gone'] });
  });

  it('stops though it hangs', async () => {
    const hanging = sourceOf([raw(['1'], T10, { n: 1 })], () => new Promise(() => undefined));
    const { stop, next, rest } = follow([hanging]);
    expect(await next()).toEqual(['test', [1]]);
    stop.abort();
    expect(await rest()).toEqual([]);
  });

  it('throws what went wrong while a batch was prepared, after the batches before it', async () => {
    const sources = new RoundRobin();
    const inline = inlinePreparer('k');
    const preparer: typeof inline = {
      ...inline,
      prepare: (lines, context) =>
        String(lines[0]).includes('"2"') ? Promise.reject(new Error('thread ended')) : inline.prepare(lines, context),
    };
    const run = new SourceRun(sourceOf([raw(['1'], T10, { n: 1 }), raw(['2'], T10, { n: 2 })]), preparer, {
      retries: false,
      report: () => undefined,
      onChange: () => sources.notify(),
    });
    sources.add(run);
    await run.run(() => null, new AbortController().signal);
    expect((await sources.take())?.batches.map(({ cursor }) => cursor)).toEqual([{ n: 1 }]);
    await expect(sources.take()).rejects.toThrow('thread ended');
  });
});

describe('several sources', () => {
  const flood = (name: string, batches: number): Source =>
    sourceOf(
      Array.from({ length: batches }, (_, n) => raw([`${name}${String(n)}`], T10 + n * 3_600_000, { n })),
      undefined,
      name,
    );

  it('have their turns: one that gives much does not keep another waiting', async () => {
    // Batches of different hours are taken one by one.
    const { rest } = follow([flood('quick', 60), flood('slow', 5)]);
    const order = (await rest()).map(([name]) => name);
    expect(order).toHaveLength(65);
    expect(order.slice(0, 12).filter((name) => name === 'slow').length).toBeGreaterThanOrEqual(4);
  });

  it('go on though one fails; it is tried again from its cursor, and says so', async () => {
    const resumes: unknown[] = [];
    const flaky: Source = {
      ...sourceOf([]),
      name: 'flaky',
      async *batches(resume) {
        const from = Number(resume?.['n'] ?? 0);
        resumes.push(from);
        yield await Promise.resolve(raw([`f${String(from + 1)}`], T10, { n: from + 1 }));
        if (from < 2) throw new Error('connection lost');
      },
    };
    const { rest, problems, sources } = follow([flaky, flood('steady', 30)], true);
    const taken = await rest();
    expect(resumes).toEqual([0, 1, 2]);
    expect(taken.flatMap(([name, cursors]) => (name === 'flaky' ? cursors : []))).toEqual([1, 2, 3]);
    expect(taken.flatMap(([name, cursors]) => (name === 'steady' ? cursors : []))).toHaveLength(30);
    const problem = 'flaky does not work: connection lost';
    expect(problems).toEqual([problem, null, problem, null]);
    expect(sources.runs.map((run) => run.failure)).toEqual([null, null]);
  });

  it('go on though one fails for good; that one is not tried again', async () => {
    let attempts = 0;
    const refused: Source = {
      ...sourceOf([]),
      name: 'refused',
      // eslint-disable-next-line require-yield -- it gives nothing
      async *batches() {
        attempts += 1;
        await Promise.reject(new AppError('CONFIG_INVALID', 'The token is refused.'));
      },
    };
    const { rest, sources } = follow([refused, flood('steady', 3)], true);
    expect(await rest()).toHaveLength(3);
    expect(attempts).toBe(1);
    expect(sources.runs.map((run) => run.status().state)).toEqual(['FAILED', 'LIVE']);
  });
});

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AnalysisResult } from '@analytica/domain';
import type { AnalysisEngine } from '@analytica/engine';
import { createDuckDbEngine } from '@analytica/engine/duckdb';
import { Baseline } from './baseline.ts';
import { benchLake, type BenchLake } from './lake.ts';
import { table } from './table.ts';

/** Parts of all posts that the topics should match. */
const SHARES = [0.0001, 0.01, 0.05, 0.5];
const WARMING_RUNS = 6;

const { values: flags } = parseArgs({
  options: {
    posts: { type: 'string', default: '1000000,5000000' },
    runs: { type: 'string', default: '3' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    folder: { type: 'string', default: join(import.meta.dirname, '../../tmp/bench-analysis') },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Wall and CPU time, milliseconds, rounded. */
interface Time {
  readonly wall: number;
  readonly cpu: number;
}

interface Measured {
  readonly posts: number;
  readonly topic: string;
  readonly matched: number;
  readonly share: number;
  /** All figures; newest and most retweeted posts are decided, their texts not fetched. */
  readonly figures: Time;
  /** The same with the texts of 1,000 newest and 200 most retweeted posts. */
  readonly withRows: Time;
  readonly regex: Time;
  readonly read: Time;
  /** Of (a). */
  readonly ratios: { readonly figures: Time; readonly withRows: Time };
  readonly partials: number;
  readonly chunks: number;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

interface Timed<T> {
  readonly ms: number;
  /** Time of all threads together: steadier than `ms` where other programs share the machine. */
  readonly cpuMs: number;
  readonly result: T;
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - start, cpuMs: (user + system) / 1000, result };
}

async function fullStatistics(
  engine: AnalysisEngine,
  lake: BenchLake,
  topic: string,
): Promise<{ result: AnalysisResult; partials: number; chunks: number }> {
  let partials = 0;
  let chunks = -1;
  const sink = {
    progress: () => {
      chunks++;
      return Promise.resolve();
    },
    partial: () => {
      partials++;
      return Promise.resolve();
    },
  };
  const spec = {
    topic,
    interval: { from: lake.from, to: lake.to },
    timeZone: 'UTC',
    includeStopWords: false,
    includeRetweetWords: false,
  };
  const result = await engine.run(spec, lake.snapshot, sink, new AbortController().signal);
  return { result, partials, chunks };
}

interface Engines {
  readonly figures: AnalysisEngine;
  readonly withRows: AnalysisEngine;
}

async function measure(
  engines: Engines,
  baseline: Baseline,
  lake: BenchLake,
  topic: string,
  runs: number,
): Promise<Measured> {
  const figures: Timed<unknown>[] = [];
  const withRows: Timed<unknown>[] = [];
  const regex: Timed<unknown>[] = [];
  const read: Timed<unknown>[] = [];
  // A worker answers many questions: the first ones, whose code is not compiled yet, do not count, nor do the baseline's.
  let last = await fullStatistics(engines.figures, lake, topic);
  for (let run = 0; run < WARMING_RUNS; run++) {
    last = await fullStatistics(engines.figures, lake, topic);
    await baseline.regexCount(topic);
  }
  for (let run = 0; run < runs; run++) {
    const ours = await timed(() => fullStatistics(engines.figures, lake, topic));
    figures.push(ours);
    last = ours.result;
    const plain = await timed(() => baseline.regexCount(topic));
    regex.push(plain);
    // The engine finds the word in hashtags as well, which the plain pattern does not.
    if (plain.result > last.result.counts.posts) {
      throw new Error(
        `"${topic}": the regex finds ${String(plain.result)} posts, the engine ${String(last.result.counts.posts)}.`,
      );
    }
  }
  await fullStatistics(engines.withRows, lake, topic);
  for (let run = 0; run < runs; run++) {
    withRows.push(await timed(() => fullStatistics(engines.withRows, lake, topic)));
    read.push(await timed(() => baseline.readColumns()));
  }
  const matched = last.result.counts.posts;
  const times = { figures: time(figures), withRows: time(withRows), regex: time(regex), read: time(read) };
  return {
    posts: lake.posts,
    topic,
    matched,
    share: matched / lake.posts,
    ...times,
    ratios: { figures: ratio(times.figures, times.regex), withRows: ratio(times.withRows, times.regex) },
    partials: last.partials,
    chunks: last.chunks,
  };
}

function time(timings: readonly Timed<unknown>[]): Time {
  return {
    wall: Math.round(median(timings.map(({ ms }) => ms))),
    cpu: Math.round(median(timings.map(({ cpuMs }) => cpuMs))),
  };
}

function ratio(ours: Time, other: Time): Time {
  return { wall: Number((ours.wall / other.wall).toFixed(2)), cpu: Number((ours.cpu / other.cpu).toFixed(2)) };
}

function report(measured: readonly Measured[]): string {
  const both = ({ wall, cpu }: Time): string => `${String(wall)} / ${String(cpu)}`;
  return table(
    [
      'posts',
      'topic',
      'matched',
      'share',
      'figures',
      'with rows',
      '(a) regex',
      '(b) read',
      'figures/(a)',
      'with rows/(a)',
    ],
    measured.map((row) => [
      row.posts.toLocaleString('en'),
      row.topic,
      row.matched.toLocaleString('en'),
      `${(row.share * 100).toPrecision(2)} %`,
      both(row.figures),
      both(row.withRows),
      both(row.regex),
      both(row.read),
      both(row.ratios.figures),
      both(row.ratios.withRows),
    ]),
  );
}

async function main(): Promise<void> {
  if (flags.help) {
    console.log('bench-analysis [--posts 1000000,5000000] [--runs 3] [--threads 2] [--folder DIR] [--keep]');
    return;
  }
  const runs = Math.max(3, Number(flags.runs));
  const threads = Number(flags.threads);
  const spill = await mkdtemp(join(tmpdir(), 'bench-analysis-'));
  await mkdir(flags.folder, { recursive: true });
  const measured: Measured[] = [];
  try {
    for (const posts of flags.posts.split(',').map(Number)) {
      console.log(`Lake of ${posts.toLocaleString('en')} posts: generating, unless an earlier run kept it …`);
      const lake = await benchLake(flags.folder, posts);
      console.log(
        `  ${String(Math.round(lake.bytes / lake.posts))} bytes a post in ${String(lake.snapshot.manifest.files.length)} files`,
      );
      const options = { memoryLimit: '4GB', threads, tempDirectory: join(spill, 'engine') };
      const engines = {
        figures: await createDuckDbEngine({ ...options, displayRows: false }),
        withRows: await createDuckDbEngine(options),
      };
      const baseline = await Baseline.open(lake, threads, join(spill, 'baseline'));
      try {
        for (const topic of await baseline.topics(SHARES)) {
          const row = await measure(engines, baseline, lake, topic, runs);
          measured.push(row);
          console.log(
            `  ${topic}: ${String(row.figures.wall)} ms, regex ${String(row.regex.wall)} ms, ratio ${String(row.ratios.figures.wall)}, of CPU time ${String(row.ratios.figures.cpu)}`,
          );
        }
      } finally {
        baseline.close();
        await engines.figures.close();
        await engines.withRows.close();
      }
    }
  } finally {
    await rm(spill, { recursive: true, force: true });
    if (!flags.keep) await rm(flags.folder, { recursive: true, force: true });
  }
  console.log(
    `\nMedians of ${String(runs)} alternating runs, ${String(threads)} threads: wall / CPU milliseconds of all threads.`,
  );
  console.log('figures: all statistics, with progress and partial results; newest and most retweeted posts decided.');
  console.log('with rows: the same, and the texts of the 1,000 newest and 200 most retweeted posts.');
  console.log(
    '(a): DuckDB counts by a regex on plain text. (b): DuckDB reads the columns that statistics need once.\n',
  );
  console.log(report(measured));
  console.log(JSON.stringify({ bench: 'analysis', runs, threads, results: measured }));
}

await main();

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

interface Measured {
  readonly posts: number;
  readonly topic: string;
  readonly matched: number;
  readonly share: number;
  readonly fullMs: number;
  readonly regexMs: number;
  readonly readMs: number;
  readonly ratio: number;
  readonly fullCpuMs: number;
  readonly regexCpuMs: number;
  readonly readCpuMs: number;
  readonly cpuRatio: number;
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

async function measure(
  engine: AnalysisEngine,
  baseline: Baseline,
  lake: BenchLake,
  topic: string,
  runs: number,
): Promise<Measured> {
  const full: Timed<unknown>[] = [];
  const regex: Timed<unknown>[] = [];
  const read: Timed<unknown>[] = [];
  let last = await fullStatistics(engine, lake, topic);
  await baseline.regexCount(topic);
  for (let run = 0; run < runs; run++) {
    const ours = await timed(() => fullStatistics(engine, lake, topic));
    full.push(ours);
    last = ours.result;
    const plain = await timed(() => baseline.regexCount(topic));
    regex.push(plain);
    // The engine finds the word in hashtags as well, which the plain pattern does not.
    if (plain.result > last.result.counts.posts) {
      throw new Error(
        `"${topic}": the regex finds ${String(plain.result)} posts, the engine ${String(last.result.counts.posts)}.`,
      );
    }
    read.push(await timed(() => baseline.readColumns()));
  }
  const matched = last.result.counts.posts;
  const wall = (timings: readonly Timed<unknown>[]): number => median(timings.map(({ ms }) => ms));
  const cpu = (timings: readonly Timed<unknown>[]): number => median(timings.map(({ cpuMs }) => cpuMs));
  return {
    posts: lake.posts,
    topic,
    matched,
    share: matched / lake.posts,
    fullMs: Math.round(wall(full)),
    regexMs: Math.round(wall(regex)),
    readMs: Math.round(wall(read)),
    ratio: Number((wall(full) / wall(regex)).toFixed(2)),
    fullCpuMs: Math.round(cpu(full)),
    regexCpuMs: Math.round(cpu(regex)),
    readCpuMs: Math.round(cpu(read)),
    cpuRatio: Number((cpu(full) / cpu(regex)).toFixed(2)),
    partials: last.partials,
    chunks: last.chunks,
  };
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
      const engine = await createDuckDbEngine({ memoryLimit: '4GB', threads, tempDirectory: join(spill, 'engine') });
      const baseline = await Baseline.open(lake, threads, join(spill, 'baseline'));
      try {
        for (const topic of await baseline.topics(SHARES)) {
          const row = await measure(engine, baseline, lake, topic, runs);
          measured.push(row);
          console.log(
            `  ${topic}: ${String(row.fullMs)} ms, regex ${String(row.regexMs)} ms, ratio ${String(row.ratio)}`,
          );
        }
      } finally {
        baseline.close();
        await engine.close();
      }
    }
  } finally {
    await rm(spill, { recursive: true, force: true });
    if (!flags.keep) await rm(flags.folder, { recursive: true, force: true });
  }
  console.log(`\nMedians of ${String(runs)} alternating runs, ${String(threads)} threads, milliseconds.`);
  console.log(
    'Full: all statistics and display rows, with progress and partial results. (a): DuckDB counts by a regex on plain text.',
  );
  console.log('(b): DuckDB reads the columns that the statistics need once.\n');
  console.log(
    table(
      [
        'posts',
        'topic',
        'matched',
        'share',
        'full',
        '(a) regex',
        '(b) read',
        'full/(a)',
        'full/(b)',
        'CPU full',
        'CPU (a)',
        'CPU full/(a)',
      ],
      measured.map((row) => [
        row.posts.toLocaleString('en'),
        row.topic,
        row.matched.toLocaleString('en'),
        `${(row.share * 100).toPrecision(2)} %`,
        String(row.fullMs),
        String(row.regexMs),
        String(row.readMs),
        row.ratio.toFixed(2),
        (row.fullMs / row.readMs).toFixed(2),
        String(row.fullCpuMs),
        String(row.regexCpuMs),
        row.cpuRatio.toFixed(2),
      ]),
    ),
  );
  console.log(JSON.stringify({ bench: 'analysis', runs, threads, results: measured }));
}

await main();

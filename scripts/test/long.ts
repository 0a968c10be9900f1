import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../start/root.ts';
import { readReports, type Counts } from './outcome.ts';
import { withRedis } from './redis.ts';
import { runStep } from './run-step.ts';

/** A test that can go on for as long as one likes: CI runs a cut of it, a person the whole. */
export interface LongTest {
  readonly name: string;
  readonly help: string;
  readonly folder: string;
  readonly config: string;
  /** The file of tests, or part of its path. */
  readonly file: string;
  /** Environment variables of the cut, of at most two minutes, and of the whole. */
  readonly cut: Readonly<Record<string, string>>;
  readonly whole: Readonly<Record<string, string>>;
}

const INGESTOR = { folder: 'apps/ingestor', config: 'vitest.long.config.ts' };

export const LONG_TESTS: readonly LongTest[] = [
  {
    ...INGESTOR,
    name: 'log-model',
    help: 'the log against a model of it: random appends, crashes, torn and lost pages, seals, two sinks',
    file: 'src/log/ingest-log.model.spec.ts',
    cut: { MODEL_RUNS: '500' },
    whole: { MODEL_RUNS: '5000' },
  },
  {
    ...INGESTOR,
    name: 'kills',
    help: 'kill -9 at random moments of receiving, logging, sealing, writing, listing and compacting',
    file: 'test/crash.spec.ts',
    cut: { CRASH_KILLS: '8' },
    whole: { CRASH_KILLS: '60' },
  },
  {
    ...INGESTOR,
    name: 'gaps',
    help: 'kill -9 and SIGTERM at random moments: gaps with exact bounds, and what was missed where it can be had again',
    file: 'test/coverage.spec.ts',
    cut: { COVERAGE_ENDS: '10' },
    whole: { COVERAGE_ENDS: '70' },
  },
  {
    ...INGESTOR,
    name: 'bluesky-kills',
    help: 'kill -9 while Bluesky is captured, by Jetstream v1 and v2',
    file: 'test/bluesky-process.spec.ts',
    cut: { BLUESKY_KILLS: '5' },
    whole: { BLUESKY_KILLS: '50' },
  },
  {
    ...INGESTOR,
    name: 'x-kills',
    help: 'kill -9 while the stream of X is captured',
    file: 'test/x-stream.spec.ts',
    cut: { X_KILLS: '5' },
    whole: { X_KILLS: '100' },
  },
  {
    ...INGESTOR,
    name: 'x-search-kills',
    help: "kill -9 while the days before are read by X's recent search",
    file: 'test/x-search-process.spec.ts',
    cut: { X_SEARCH_KILLS: '5' },
    whole: { X_SEARCH_KILLS: '100' },
  },
  {
    ...INGESTOR,
    name: 'deletes',
    help: 'posts deleted by each kind of event: none is left in any file of the lake',
    file: 'test/erasure.spec.ts',
    cut: { DELETES_EACH: '100' },
    whole: { DELETES_EACH: '1000' },
  },
  {
    ...INGESTOR,
    name: 'soak',
    help: 'X and Bluesky at once, with a fault every few seconds: accounting, posts and gaps',
    file: 'test/long/soak.spec.ts',
    cut: { SOAK_SECONDS: '60', SOAK_FAULT_SECONDS: '5', SOAK_PER_SECOND: '500' },
    whole: { SOAK_SECONDS: '600', SOAK_FAULT_SECONDS: '10', SOAK_PER_SECOND: '1000' },
  },
];

const COUNTS = join(ROOT, 'test-output/counts');

/** Runs one of them from a seed, which it prints, and which repeats the run. */
export async function runLongTest(test: LongTest, isWhole: boolean, seed: number): Promise<Counts> {
  const extent = isWhole ? 'whole' : 'cut';
  console.log(`\n=== ${test.name} (${extent}), seed ${String(seed)}: ${test.help}`);
  const began = Date.now();
  const folder = join(COUNTS, `long-${test.name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const report = `--outputFile.json=${join(folder, 'report.json')}`;
  await withRedis((url) =>
    runStep(
      'npx',
      ['vitest', 'run', '--config', test.config, '--reporter=default', '--reporter=json', report, test.file],
      {
        cwd: join(ROOT, test.folder),
        env: { TEST_REDIS_URL: url, LONG_SEED: String(seed), ...(isWhole ? test.whole : test.cut) },
      },
    ),
  );
  const counts = readReports(folder);
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`=== ${test.name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
  return counts;
}

import { globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../start/root.ts';
import { withRedis } from './redis.ts';
import { failedStep, lastLines, PASSED_STEP, readReports, sum, type Counts } from './outcome.ts';
import { ensureChromium } from './chromium.ts';
import { runStep, runStepTold } from './run-step.ts';
import { livySuite } from './livy.ts';
import { LONG_TESTS, runLongTest } from './long.ts';
import { sparkSuite } from './spark.ts';
import { withStack } from './stack.ts';

export interface Suite {
  readonly name: string;
  readonly help: string;
  readonly byDefault: boolean;
  /** It needs no port, and no time counts in it: it runs beside the others. Default false. */
  readonly isApart?: boolean;
  readonly run: () => Promise<Counts>;
}

const COUNTS = join(ROOT, 'test-output/counts');
const SHARED_DATA = join(ROOT, '../shared/data');
const NX = ['nx', 'run-many', '--output-style=static', '--parallel=2', '--nxBail=false'];

/** A command that counts as one test. */
async function step(name: string, command: string, ...args: readonly string[]): Promise<Counts> {
  const { code, last } = await runStepTold(command, args);
  return code === 0 ? PASSED_STEP : failedStep(name, `${command} ended with exit code ${code}:\n${lastLines(last)}`);
}

async function vitest(
  name: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
  filter: readonly string[] = [],
): Promise<Counts> {
  const reports = join(COUNTS, name);
  const report = join(reports, `${name}.json`);
  rmSync(reports, { recursive: true, force: true });
  await runStep(
    'npx',
    ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filter],
    { cwd: join(ROOT, folder), env },
  );
  return readReports(reports);
}

const [X_V1, X_V2, BLUESKY] = ['x-v1-sample-*/*.bz2', 'x-v2/*.jsonl', 'bluesky-jetstream/*.jsonl'];
const NO_DATA = 'there is no ../shared/data beside this checkout, so nothing was compared.';

/** Files of the optional real data; none where there is no such folder. */
function sharedFiles(...patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((pattern) => globSync(join(SHARED_DATA, pattern)).sort());
}

export const SUITES: readonly Suite[] = [
  {
    name: 'build',
    help: 'everything compiles',
    byDefault: true,
    run: async () => await step('build', 'npx', ...NX, '-t', 'build'),
  },
  {
    name: 'lint',
    help: 'formatting, types of the tests, lint with the import rules',
    byDefault: true,
    isApart: true,
    run: async () =>
      sum([
        await step('prettier', 'npx', 'prettier', '--check', '--log-level=warn', '.'),
        await step('types of the scripts', 'npx', 'tsc', '-p', 'scripts/tsconfig.json'),
        await step('lint of the scripts', 'npx', 'eslint', 'scripts', 'tools'),
        await step('lint and types of the projects', 'npx', ...NX, '-t', 'lint', 'typecheck'),
      ]),
  },
  {
    name: 'unit',
    help: 'unit and integration tests of every project, with a real Redis and real Parquet',
    byDefault: true,
    run: async () => {
      const reports = join(COUNTS, 'unit');
      rmSync(reports, { recursive: true, force: true });
      mkdirSync(reports, { recursive: true });
      return await withRedis(async (url) => {
        const code = await runStep('npx', [...NX, '-t', 'test'], {
          env: { TEST_REDIS_URL: url, TEST_REPORTS: reports },
        });
        const counts = readReports(reports);
        if (code === 0 || counts.failed > 0) return counts;
        return sum([
          counts,
          failedStep('nx', `The tests of a project ended with exit code ${code}; the log above says why.`),
        ]);
      });
    },
  },
  {
    name: 'start',
    help: 'npm start: options, ports, rights, a full disk, stopping',
    byDefault: true,
    run: async () => await vitest('start', 'scripts'),
  },
  {
    name: 'browser',
    help: 'the whole product in headless Chromium; screenshots in test-output/screenshots',
    byDefault: true,
    run: async () => {
      const chromium = await ensureChromium();
      return await withStack(
        [],
        'live',
        async (url, pid) =>
          await vitest('browser', 'apps/web', { BASE_URL: url, STACK_PID: String(pid), CHROMIUM: chromium }, [
            '--config',
            'test/vitest.config.ts',
          ]),
      );
    },
  },
  {
    name: 'truth',
    help: 'figures against an independent count in Python, on generated posts',
    byDefault: true,
    isApart: true,
    run: async () => {
      const unit = await step('its own tests', 'python3', '-m', 'unittest', 'discover', '-q', '-s', 'tools/truth');
      const folder = mkdtempSync(join(tmpdir(), 'truth-'));
      try {
        const file = join(folder, 'generated.jsonl');
        const made = await step('generated posts', 'node', 'tools/generate/main.ts', '--hours', '30', '--out', file);
        if (made.failed > 0) return sum([unit, made]);
        return sum([unit, await step('figures', 'python3', 'tools/truth/truth.py', file, '--seed', '7')]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  {
    name: 'truth-data',
    help: 'the same on the real files in ../shared/data',
    byDefault: false,
    run: async () => {
      const files = sharedFiles(X_V1, X_V2, BLUESKY);
      if (files.length === 0) throw new Error(`truth-data: ${NO_DATA}`);
      return await step('figures', 'python3', 'tools/truth/truth.py', ...files);
    },
  },
  {
    name: 'truth-live',
    help: 'the same on the real files, served by doubles of the platforms and captured live',
    byDefault: false,
    run: async () => {
      const [ofX, ofBluesky] = [sharedFiles(X_V2), sharedFiles(BLUESKY)];
      if (ofX.length === 0 || ofBluesky.length === 0) throw new Error(`truth-live: ${NO_DATA}`);
      return sum([
        await step('Jetstream v1', 'node', 'tools/truth/live.ts', 'v1', ...ofBluesky),
        await step('Jetstream v2', 'node', 'tools/truth/live.ts', 'v2', ...ofBluesky),
        await step('X', 'node', 'tools/truth/live.ts', 'x', ...ofX),
      ]);
    },
  },
  {
    name: 'import-rules',
    help: 'each forbidden import makes lint fail',
    byDefault: false,
    run: async () =>
      await vitest('import-rules', 'scripts', { IMPORT_RULES: '1' }, ['--config', 'vitest.import-rules.config.ts']),
  },
  {
    name: 'clock',
    help: 'wall clocks that are wrong, with the real processes: nothing is deleted, watermarks and snapshots move on',
    byDefault: false,
    run: async () =>
      sum([
        await step('build', 'npx', ...NX, '-t', 'build', '-p', '@analytica/api', '@analytica/ingestor'),
        await vitest('clock', 'scripts', {}, ['--config', 'vitest.clock.config.ts']),
      ]),
  },
  {
    name: 'processes',
    help: 'the real ingestor: full disks, damaged lakes, imports, sources and sinks; without what `long` runs',
    byDefault: false,
    run: async () =>
      await withRedis(
        async (url) =>
          await vitest('processes', 'apps/ingestor', { TEST_REDIS_URL: url }, [
            ...['--config', 'vitest.processes.config.ts'],
            ...LONG_TESTS.flatMap(({ file }) => ['--exclude', file]),
          ]),
      ),
  },
  {
    name: 'long',
    help: 'a cut of each test of npm run test:long, from LONG_SEED (77)',
    byDefault: false,
    run: async () => {
      const seed = Number(process.env['LONG_SEED'] ?? 77);
      const counts: Counts[] = [];
      for (const test of LONG_TESTS) counts.push(await runLongTest(test, false, seed));
      return sum(counts);
    },
  },
  {
    name: 'livy',
    help: 'the stand-in for Livy, and the contract of libs/livy on it in the manners of 0.9 and of 0.8',
    byDefault: false,
    run: livySuite,
  },
  {
    name: 'spark',
    help: 'the Spark engine and its templates, workers on one pool, npm start on the cluster',
    byDefault: false,
    run: async () => await sparkSuite(vitest),
  },
  {
    name: 'parity',
    help: 'DuckDB and Spark give the same figures, on generated posts',
    byDefault: false,
    run: async () => await step('figures of both', 'node', 'tools/parity/main.ts', '--hours', '8'),
  },
  {
    name: 'parity-data',
    help: 'the same on the real files in ../shared/data',
    byDefault: false,
    run: async () => {
      const [old, others] = [sharedFiles(X_V1), sharedFiles(X_V2, BLUESKY)];
      if (old.length === 0 || others.length === 0) throw new Error(`parity-data: ${NO_DATA}`);
      return sum([
        await step('X v1.1', 'node', 'tools/parity/main.ts', ...old),
        await step('X v2 and Bluesky', 'node', 'tools/parity/main.ts', ...others),
      ]);
    },
  },
];

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { PostOrder } from '@analytica/domain';
import { createDuckDbEngine } from '@analytica/engine/duckdb';
import type { AnalysisEngine } from '@analytica/engine';
import { createSparkEngine } from '@analytica/engine/spark';
import { readSnapshot, type Snapshot } from '@analytica/lake';
import { LivyClient, SessionPool } from '@analytica/livy';
import { startStandIn } from '../livy/server.ts';
import { compare, type Difference } from './compare.ts';
import { lakeOf } from './lake.ts';
import { questionsOf, type Question } from './questions.ts';
import { drawTopics } from './topics.ts';

// Asks DuckDB and Spark the same questions of one lake, and compares all that they answer, in order and to the last digit.
const ROOT = join(import.meta.dirname, '../..');
const LEAST_TOPICS = 40;
const SHOWN = 40;
const NEVER = new AbortController().signal;
const QUIET = { progress: () => Promise.resolve(), partial: () => Promise.resolve() };
const USAGE = `npm run parity -- [FILE...] [options]
  FILE...        raw files: X v1.1, X v2, Bluesky Jetstream; without any, generated posts
  --lake FOLDER  a lake that is there already
  --hours N      of generated posts (30)
  --topics N     at least so many (40)
  --held N       matched sets of so many rows are counted in Spark's driver, larger ones by Spark (2000)
  LIVY_URL names a server; without it a stand-in is started.`;

type Say = (sentence: string) => void;

async function withServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = process.env['LIVY_URL'];
  if (given !== undefined && given !== '') return await work(given);
  const say: Say = (sentence) => console.error(sentence);
  const server = await startStandIn({ manners: '0.9', port: 0, conf: [], orphans: false, isolated: false, say });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

async function answers(engine: AnalysisEngine, snapshot: Snapshot, { spec, pages }: Question): Promise<unknown> {
  const result = await engine.run(spec, snapshot, QUIET, NEVER);
  if (!pages) return { result };
  const page = (order: PostOrder, offset: number) => engine.posts(spec, snapshot, { order, offset, limit: 25 }, NEVER);
  return { result, newest: await page('newest', 10), retweeted: await page('most-retweeted', 5) };
}

async function compareAll(snapshot: Snapshot, least: number, heldRows: number, url: string, folder: string) {
  const client = new LivyClient({ url });
  const pool = new SessionPool({
    client,
    prefix: `parity-${String(process.pid)}`,
    max: 1,
    maxStatements: 1_000,
    acquireTimeoutMs: 240_000,
    session: { driverMemory: '1g' },
  });
  const spark = createSparkEngine({ pool, heldRows });
  const duckdb = await createDuckDbEngine({ memoryLimit: '1GB', threads: 2, tempDirectory: join(folder, 'spill') });
  const total = { topics: 0, leaves: 0, differences: 0 };
  try {
    const topics = await drawTopics(snapshot, least);
    total.topics = topics.length;
    for (const question of questionsOf(snapshot, topics)) {
      const started = performance.now();
      const theirs = await answers(spark, snapshot, question);
      const ms = performance.now() - started;
      const { leaves, differences } = compare(await answers(duckdb, snapshot, question), theirs);
      total.leaves += leaves;
      report(question, leaves, differences, ms, SHOWN - total.differences);
      total.differences += differences.length;
    }
  } finally {
    await spark.close();
    await duckdb.close();
    await pool.close();
    client.close();
  }
  return total;
}

function report(
  question: Question,
  leaves: number,
  differences: readonly Difference[],
  ms: number,
  shown: number,
): void {
  const { topic, interval, includeStopWords, includeRetweetWords } = question.spec;
  console.log(
    `${topic.slice(0, 44).padEnd(44)} ${question.note.padEnd(26)} ${String(leaves).padStart(7)} figures, ` +
      `${String(differences.length).padStart(4)} differ, Spark ${(ms / 1000).toFixed(1)} s`,
  );
  for (const { path, left, right } of differences.slice(0, Math.max(0, Math.min(5, shown)))) {
    console.log(`  ${path}: DuckDB ${JSON.stringify(left)}, Spark ${JSON.stringify(right)}`);
    console.log(
      `    [${String(interval.from)}, ${String(interval.to)}) ${String(includeStopWords)} ${String(includeRetweetWords)}`,
    );
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      lake: { type: 'string' },
      hours: { type: 'string', default: '30' },
      topics: { type: 'string', default: String(LEAST_TOPICS) },
      held: { type: 'string', default: '2000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const missing = positionals.find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`There is no file ${missing}.`);
  const folder = await mkdtemp(join(tmpdir(), 'parity-'));
  try {
    let files = positionals.map((file) => resolve(file));
    if (files.length === 0 && values.lake === undefined) {
      files = [join(folder, 'generated.jsonl')];
      const generate = join(ROOT, 'tools/generate/main.ts');
      execFileSync(process.execPath, [generate, '--hours', values.hours, '--out', ...files], { stdio: 'inherit' });
    }
    const snapshot = values.lake === undefined ? await lakeOf(files, folder) : await readSnapshot(resolve(values.lake));
    const rows = snapshot.manifest.files.reduce((sum, file) => sum + file.rows, 0);
    console.log(`${String(rows)} posts in ${String(snapshot.manifest.files.length)} files`);
    const { topics, leaves, differences } = await withServer((url) =>
      compareAll(snapshot, Number(values.topics), Number(values.held), url, folder),
    );
    console.log(
      `parity: ${String(topics)} topics, ${String(leaves)} figures compared, ${String(differences)} differences`,
    );
    return differences === 0 && topics >= LEAST_TOPICS ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

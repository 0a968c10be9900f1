import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import {
  HOUR_MS,
  NORMALIZER_VERSION,
  SCHEMA_VERSION,
  SNOWFLAKE_EPOCH_MS,
  SNOWFLAKE_TIME_SHIFT,
} from '@analytica/domain';
import {
  emptyManifest,
  FACTS_COLUMN,
  factsExpression,
  POST_COLUMNS,
  type DataFile,
  type Manifest,
  type Snapshot,
} from '@analytica/lake';

/** Raise it when the generator changes, so that older cached lakes are not measured by mistake. */
const GENERATOR_VERSION = 4;
export const HOURS = 168;
const VOCABULARY = 250_000;
const ROW_GROUP_ROWS = 4_096;
/** A fixed week, so that runs are comparable. */
const FROM = Date.UTC(2026, 0, 5);

export interface BenchLake {
  readonly snapshot: Snapshot;
  readonly from: number;
  readonly to: number;
  readonly posts: number;
  readonly bytes: number;
}

const SYLLABLES =
  'ka to mi re su no la vi de po ra ne li sa mo ti ga be lu fo zi ha wa ny che dro pla stri kel von mar tis qua bri shen dol fin ger pax um'.split(
    ' ',
  );

/** Words of the Zipf ranks: 40 syllables in base 40, so that a frequent word is short and no two ranks share one. */
const MACROS = `
CREATE MACRO syllable(i) AS ([${SYLLABLES.map((s) => `'${s}'`).join(', ')}])[i + 1];
CREATE MACRO u(n, salt) AS ((hash(concat(n, '/', salt)) >> 11) / 9007199254740992.0);
CREATE MACRO zipf(n, salt, size) AS CAST(floor(pow(size, u(n, salt))) AS BIGINT);
CREATE MACRO word(r) AS concat(
  syllable(r % 40),
  CASE WHEN r >= 40 THEN syllable((r // 40) % 40) ELSE 'x' END,
  CASE WHEN r >= 1600 THEN syllable((r // 1600) % 40) ELSE '' END,
  CASE WHEN r >= 64000 THEN syllable((r // 64000) % 40) ELSE '' END);
`;

function originals(count: number): string {
  return `
CREATE TABLE originals AS
WITH base AS (
  SELECT i, zipf(i, 'author', 400000) AS a,
    CAST(${FROM} + floor(pow(u(i, 'time'), 1.0) * ${HOURS * HOUR_MS}) AS BIGINT) AS ms,
    CAST(6 + floor(u(i, 'length') * 14) AS INTEGER) AS n,
    CASE WHEN u(i, 'lang') < .5 THEN 'en' WHEN u(i, 'lang') < .7 THEN 'es' WHEN u(i, 'lang') < .85 THEN 'pt'
      WHEN u(i, 'lang') < .95 THEN 'de' ELSE 'und' END AS lang,
    CAST(floor(pow(u(i, 'tags'), 2) * 3) AS INTEGER) AS nt, CAST(floor(pow(u(i, 'at'), 2) * 2.5) AS INTEGER) AS nm,
    u(i, 'url') < .3 AS has_url
  FROM range(${count}) r(i)
), lists AS (
  SELECT *,
    list_transform(range(n), lambda k: word(zipf(i, k, ${VOCABULARY}))) AS body,
    list_transform(range(nt), lambda k: word(zipf(i, 'tag' || k, 30000))) AS tag,
    list_transform(range(nm), lambda k: 'user' || zipf(i, 'at' || k, 100000)) AS named
  FROM base
)
SELECT i, CAST((ms - ${SNOWFLAKE_EPOCH_MS}) << ${SNOWFLAKE_TIME_SHIFT} | (i & 4194303) AS VARCHAR) AS id, ms, a, lang, body, tag, named, has_url,
  concat_ws(' ', array_to_string(body, ' '), CASE WHEN nt > 0 THEN '#' || array_to_string(tag, ' #') END,
    CASE WHEN nm > 0 THEN '@' || array_to_string(named, ' @') END,
    CASE WHEN has_url THEN 'https://t.co/' || substr(md5(i::VARCHAR), 1, 10) END) AS text,
  concat(' ', concat_ws(' ', array_to_string(body, ' '), CASE WHEN nt > 0 THEN array_to_string(tag, ' ') END,
    CASE WHEN nm > 0 THEN '@' || array_to_string(named, ' @') END), ' ') AS terms,
  CASE WHEN nt > 0 THEN concat(' ', array_to_string(tag, ' '), ' ') ELSE ' ' END AS tags,
  CASE WHEN has_url THEN ['site' || zipf(i, 'site', 5000) || '.example'] ELSE [] END AS domains
FROM lists`;
}

/** Half of all posts are retweets of an earlier one; a few originals get most of them. */
function posts(total: number, originalCount: number): string {
  return `
CREATE TABLE posts AS
WITH retweets AS (
  SELECT i, CAST(floor(pow(u(i, 'of'), 3) * ${originalCount}) AS BIGINT) AS pick, zipf(i, 'rt author', 800000) AS a
  FROM range(${originalCount}, ${total}) r(i)
)
SELECT o.id, o.ms, o.a, o.lang, o.i AS o, NULL::BIGINT AS rt_ms FROM originals o
UNION ALL
SELECT CAST((ms - ${SNOWFLAKE_EPOCH_MS}) << ${SNOWFLAKE_TIME_SHIFT} | (i & 4194303) AS VARCHAR), ms, a, lang, o, o_ms FROM (
  SELECT r.i, r.a, o.lang, o.i AS o, o.ms AS o_ms,
    o.ms + CAST(floor(pow(u(r.i, 'delay'), 4) * least(${24 * HOUR_MS}, ${FROM + HOURS * HOUR_MS} - o.ms)) AS BIGINT) AS ms
  FROM retweets r JOIN originals o ON o.i = (hash(r.pick) % ${originalCount}))`;
}

const EXPRESSIONS: Readonly<Record<string, string>> = {
  id: 'p.id',
  source: `'x'`,
  created_at: 'make_timestamptz(p.ms * 1000)',
  ingested_at: 'make_timestamptz(p.ms * 1000)',
  text: 'o.text',
  text_clean: `regexp_replace(o.text, ' https://.*', '')`,
  lang: 'p.lang',
  author_id: `CAST(1000000000 + p.a * 7919 AS VARCHAR)`,
  author_username: `'user' || p.a`,
  author_followers: 'p.a % 5000',
  hashtags: 'o.tag',
  mentions: 'o.named',
  urls: `list_transform(o.domains, lambda d: 'https://' || d || '/' || substr(md5(o.i::VARCHAR), 1, 12))`,
  domains: 'o.domains',
  terms: 'o.terms',
  tags: 'o.tags',
  words: 'o.body || o.tag',
  retweet_of: 'CASE WHEN p.rt_ms IS NOT NULL THEN o.id END',
  retweet_of_author_id: `CASE WHEN p.rt_ms IS NOT NULL THEN CAST(1000000000 + o.a * 7919 AS VARCHAR) END`,
  retweet_of_author_username: `CASE WHEN p.rt_ms IS NOT NULL THEN 'user' || o.a END`,
  retweet_of_created_at: 'make_timestamptz(p.rt_ms * 1000)',
  reply_to: `CASE WHEN p.rt_ms IS NULL AND o.i % 5 = 0 THEN CAST(o.i * 1001 AS VARCHAR) END`,
  quote_of: `CASE WHEN p.rt_ms IS NULL AND o.i % 9 = 0 THEN CAST(o.i * 1003 AS VARCHAR) END`,
  retweet_count: 'o.i % 300',
  ingest_path: `'stream'`,
  normalizer: String(NORMALIZER_VERSION),
  schema_version: String(SCHEMA_VERSION),
};

function rows(): string {
  const columns = POST_COLUMNS.map(({ name, type }) => {
    const empty = type.endsWith('[]') ? '[]' : 'NULL';
    return `CAST(${EXPRESSIONS[name] ?? empty} AS ${type}) AS ${name}`;
  });
  return `CREATE TABLE lake AS SELECT p.ms, ${columns.join(', ')} FROM posts p JOIN originals o ON o.i = p.o ORDER BY p.ms, p.id`;
}

function hourSelect(hour: number): string {
  const names = POST_COLUMNS.map(({ name }) => name).join(', ');
  return `SELECT ${names}, ${factsExpression()} AS ${FACTS_COLUMN.name} FROM lake
    WHERE ms >= ${hour} AND ms < ${hour + HOUR_MS} ORDER BY ms, id`;
}

async function writeHour(connection: DuckDBConnection, root: string, hour: number, index: number): Promise<DataFile> {
  const iso = new Date(hour).toISOString();
  const path = `${iso.slice(0, 10).replaceAll('-', '/')}/${iso.slice(11, 13)}/posts-${String(index).padStart(4, '0')}.parquet`;
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await connection.run(
    `COPY (${hourSelect(hour)}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
  );
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE, min(ms)::DOUBLE, max(ms)::DOUBLE FROM lake WHERE ms >= ${hour} AND ms < ${hour + HOUR_MS}`,
  );
  const [rows, min, max] = (reader.getRows()[0] ?? []).map(Number);
  return {
    path,
    rows: rows ?? 0,
    bytes: (await stat(file)).size,
    firstSeq: index * 1_000_000,
    lastSeq: index * 1_000_000 + (rows ?? 0) - 1,
    hour,
    minCreatedAt: min ?? hour,
    maxCreatedAt: max ?? hour,
    importName: null,
  };
}

async function generate(root: string, total: number): Promise<Manifest> {
  const work = `${root}.partial`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const instance = await DuckDBInstance.create(join(work, 'work.duckdb'));
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'; SET preserve_insertion_order = false; ${MACROS}`);
  const originalCount = Math.round(total / 2);
  await connection.run(originals(originalCount));
  await connection.run(posts(total, originalCount));
  await connection.run(`${rows()}; DROP TABLE posts; DROP TABLE originals`);
  const files: DataFile[] = [];
  for (let index = 0; index < HOURS; index++) {
    files.push(await writeHour(connection, work, FROM + index * HOUR_MS, index));
  }
  connection.closeSync();
  instance.closeSync();
  await Promise.all(['work.duckdb', 'work.duckdb.wal'].map((name) => rm(join(work, name), { force: true })));
  const manifest: Manifest = {
    ...emptyManifest(),
    lakeId: `bench-${String(total)}`,
    committedSeq: HOURS * 1_000_000,
    watermark: FROM + HOURS * HOUR_MS,
    files,
  };
  await writeFile(join(work, 'manifest.json'), JSON.stringify(manifest));
  await rename(work, root);
  return manifest;
}

/** Makes the lake of so many posts, or finds the one that an earlier run kept. */
export async function benchLake(folder: string, total: number): Promise<BenchLake> {
  const root = join(folder, `lake-v${String(GENERATOR_VERSION)}-${String(total)}`);
  const manifestFile = join(root, 'manifest.json');
  const manifest = existsSync(manifestFile)
    ? (JSON.parse(await readFile(manifestFile, 'utf8')) as Manifest)
    : await generate(root, total);
  return {
    snapshot: { id: manifest.lakeId, root, manifest },
    from: FROM,
    to: FROM + HOURS * HOUR_MS,
    posts: manifest.files.reduce((sum, file) => sum + file.rows, 0),
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
  };
}

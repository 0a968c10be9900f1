import { blueskyDeclaration } from '../../apps/ingestor/src/sources/bluesky/declaration.ts';
import { demoDeclaration } from '../../apps/ingestor/src/sources/demo/declaration.ts';
import { replayDeclaration } from '../../apps/ingestor/src/sources/files/declaration.ts';
import type { SourceDeclaration } from '../../apps/ingestor/src/sources/source-declaration.ts';
import {
  xFilteredDeclaration,
  xSampledDeclaration,
  xSearchDeclaration,
} from '../../apps/ingestor/src/sources/x/declaration.ts';

export interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly help: string;
  /** What the setting was called in the version before. It is still read. */
  readonly formerName?: string;
}

/** The sources that can be chosen. */
export const SOURCE_DECLARATIONS: readonly SourceDeclaration[] = [
  demoDeclaration,
  replayDeclaration,
  blueskyDeclaration,
  xFilteredDeclaration,
  xSampledDeclaration,
  xSearchDeclaration,
];

/** Settings of sources that have options of their own: `--replay FILE...`, `--rebase`, `--import-name NAME`. */
const OWN_OPTIONS: ReadonlySet<string> = new Set([
  'REPLAY_FILES',
  'REPLAY_REBASE',
  'REPLAY_IMPORT_NAME',
] as const satisfies (keyof typeof replayDeclaration.settings.shape)[]);

/** One table for flags, environment, help and README: `--data-dir` and `DATA_DIR` are the same setting. */
export const SETTINGS: readonly Setting[] = [
  { name: 'PORT', fallback: '8080', help: 'dashboard and API, on one port' },
  { name: 'HOST', fallback: '127.0.0.1', help: 'address to listen on' },
  { name: 'DATA_DIR', fallback: './data', help: 'lakes, Redis data and logs' },
  { name: 'LAKE', fallback: '', help: 'the lake: a name below DATA_DIR or a path (demo for demo data, else lake)' },
  {
    name: 'REDIS_URL',
    fallback: '',
    help: 'a Redis 7 or Valkey 8, or redis+cluster://HOST:PORT,HOST:PORT; without it a private one is started',
  },
  { name: 'REDIS_PREFIX', fallback: '', help: 'key prefix; by default made from DATA_DIR where REDIS_URL is given' },
  {
    name: 'INGEST_SOURCES',
    formerName: 'INGEST_SOURCE',
    fallback: 'demo',
    help: `${SOURCE_DECLARATIONS.map(({ name }) => name).join(', ')} or none; several with commas between them`,
  },
  ...settingsOfSources().filter(({ name }) => !OWN_OPTIONS.has(name)),
  {
    name: 'INGEST_LANGUAGES',
    fallback: '',
    help: 'languages of posts that live sources keep, such as en,it (und: language unknown); without it all',
  },
  {
    name: 'INGEST_LOG_MAX_MIB',
    fallback: '10240',
    help: 'capture waits while more than this is logged and not stored',
  },
  { name: 'LAKE_RETENTION_DAYS', fallback: '8', help: 'whole hours older than this are deleted; 0 keeps all' },
  { name: 'LAKE_FLUSH_SECONDS', fallback: '', help: 'seconds until captured posts can be found (60; demo 5)' },
  { name: 'LAKE_FLUSH_MIB', fallback: '64', help: 'or as soon as this much has been logged' },
  { name: 'WORKER_CONCURRENCY', fallback: '2', help: 'analyses at a time' },
  { name: 'DUCKDB_MEMORY_LIMIT', fallback: '', help: 'memory to read with, such as 4GB' },
  { name: 'DUCKDB_THREADS', fallback: '', help: 'threads for analyses; all cores by default' },
  {
    name: 'ENGINE',
    fallback: 'embedded',
    help: 'embedded (DuckDB), cluster (Spark), or auto: by the size of the data',
  },
  {
    name: 'ENGINE_AUTO_LIMIT',
    fallback: '4GiB',
    help: 'auto takes the cluster for more Parquet in the interval than this',
  },
  { name: 'LIVY_URL', fallback: '', help: 'the Livy server of a cluster; without it cluster and auto start one here' },
  { name: 'LIVY_AUTH', fallback: '', help: 'none, basic, bearer or header; the secret in LIVY_AUTH_SECRET, no option' },
  { name: 'LIVY_AUTH_NAME', fallback: '', help: "basic: the user; header: the header's name" },
  { name: 'LIVY_TLS_CA', fallback: '', help: 'PEM file of the private authority of LIVY_URL' },
  { name: 'LIVY_POOL_MIN', fallback: '1', help: 'Spark sessions held ready' },
  { name: 'LIVY_POOL_MAX', fallback: '2', help: 'Spark sessions at most: analyses on the cluster at a time' },
  { name: 'CLUSTER_LAKE_URI', fallback: '', help: 'where the cluster finds the lake, such as s3a://bucket/lake' },
  { name: 'LOG_LEVEL', fallback: 'info', help: 'trace, debug, info, warn or error' },
];

/** The settings of all sources; one that several of them share is there once. */
function settingsOfSources(): readonly Setting[] {
  const settings = SOURCE_DECLARATIONS.flatMap(settingsOf);
  return settings.filter(({ name }, index) => settings.findIndex((each) => each.name === name) === index);
}

/** The settings that a source declares, less its secrets: those are read from the environment alone. */
function settingsOf({ settings }: SourceDeclaration): readonly Setting[] {
  return Object.entries(settings.shape).flatMap(([name, schema]) => {
    if (schema.meta()?.['secret'] === true) return [];
    const fallback: unknown = schema.safeParse(undefined).data;
    const isText = typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean';
    return [{ name, fallback: isText ? String(fallback) : '', help: schema.description ?? '' }];
  });
}

/** `DATA_DIR` is `--data-dir`. */
export const flagOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

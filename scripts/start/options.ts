import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import { parseArgs } from 'node:util';
import type { EngineChoice } from '@analytica/domain';
import { StartError } from './preflight.ts';
import { ROOT } from './root.ts';

interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly help: string;
}

// One table for flags, environment, help and README: `--data-dir` and `DATA_DIR` are the same setting.
export const SETTINGS: readonly Setting[] = [
  { name: 'PORT', fallback: '8080', help: 'dashboard and API, on one port' },
  { name: 'HOST', fallback: '127.0.0.1', help: 'address to listen on' },
  {
    name: 'DATA_DIR',
    fallback: './data',
    help: 'lake, log, Redis data and logs; demo data lie in a folder of their own',
  },
  { name: 'REDIS_URL', fallback: '', help: 'a Redis 7 or Valkey 8 to use; without it a private one is started' },
  { name: 'REDIS_PREFIX', fallback: '', help: 'key prefix; by default made from DATA_DIR where REDIS_URL is given' },
  { name: 'INGEST_SOURCE', fallback: 'demo', help: 'demo, replay or none' },
  { name: 'DEMO_RATE', fallback: '1', help: 'multiplies the number of demo posts' },
  { name: 'DEMO_SEED', fallback: '1', help: 'another seed, another week' },
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

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly ingestSource: 'demo' | 'replay' | 'none';
  readonly replayFiles: readonly string[];
  readonly rebase: boolean;
  readonly engine: EngineChoice;
  readonly livyUrl: string;
  readonly build: boolean;
  /** JSON lines on stdout instead of sentences, for programs. */
  readonly events: boolean;
  /** The settings as the processes get them, less those that the start decides itself. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const flagOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/** The text of `--help`. */
export function usage(): string {
  const rows = SETTINGS.map(
    (s) => `  --${flagOf(s.name).padEnd(22)} ${s.help}${s.fallback === '' ? '' : ` (${s.fallback})`}`,
  );
  return [
    'npm start -- [options]',
    '',
    'Starts Twitter Analytica on this machine: capture, lake, analyses and dashboard.',
    '',
    '  --replay FILE...         read these files instead of the demo: X v1.1, X v2 or Bluesky Jetstream lines,',
    '                           plain or .gz, .bz2, .zst, recognised by content',
    '  --rebase                 with --replay: shift all times so that the last post is now',
    '  --no-build               use what was built last',
    '  --events                 print JSON lines for programs',
    '  --help                   this text',
    ...rows,
    '',
    'Each option but the first group is also an environment variable of the same name (--data-dir is DATA_DIR),',
    'read from the environment or from a file .env. Ctrl-C stops everything.',
  ].join('\n');
}

function readArguments(argv: readonly string[]) {
  const settings = Object.fromEntries(SETTINGS.map((s) => [flagOf(s.name), { type: 'string' as const }]));
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      allowNegative: true,
      options: {
        ...settings,
        replay: { type: 'string', multiple: true },
        rebase: { type: 'boolean' },
        build: { type: 'boolean', default: true },
        events: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new StartError(`${reason}. npm start -- --help lists the options.`);
  }
}

/** Flags win over the environment, the environment over `.env`, that over the defaults. */
export function parseOptions(argv: readonly string[], env: NodeJS.ProcessEnv): StartOptions | 'help' {
  const { values: raw, positionals } = readArguments(argv);
  const values: Readonly<Record<string, unknown>> = raw;
  if (values['help'] === true) return 'help';
  const dotEnv = resolve(ROOT, '.env');
  if (existsSync(dotEnv)) loadEnvFile(dotEnv);

  const setting = (name: string): string => {
    const flag = values[flagOf(name)];
    const fallback = SETTINGS.find((s) => s.name === name)?.fallback ?? '';
    return typeof flag === 'string' ? flag : (env[name] ?? fallback);
  };
  const replay = Array.isArray(values['replay']) ? [...(values['replay'] as string[]), ...positionals] : [];
  if (replay.length === 0 && positionals.length > 0) {
    throw new StartError(`"${positionals[0] ?? ''}" is not an option. To read files: npm start -- --replay FILE...`);
  }
  const source = replay.length > 0 ? 'replay' : setting('INGEST_SOURCE');
  if (source !== 'demo' && source !== 'replay' && source !== 'none') {
    throw new StartError(`INGEST_SOURCE is "${source}"; it can be demo, replay or none.`);
  }
  if (source === 'replay' && replay.length === 0)
    throw new StartError('INGEST_SOURCE=replay needs files: npm start -- --replay FILE...');
  const engine = setting('ENGINE');
  if (engine !== 'embedded' && engine !== 'cluster' && engine !== 'auto') {
    throw new StartError(`ENGINE is "${engine}"; it can be embedded, cluster or auto.`);
  }
  const port = Number(setting('PORT'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StartError(`PORT is "${setting('PORT')}"; it must be a number from 1 to 65535.`);
  // npm runs scripts in the package's folder; relative paths mean the folder where the command was typed.
  const cwd = env['INIT_CWD'] ?? process.cwd();
  // An empty setting counts as absent, wherever it comes from.
  const settings = SETTINGS.map(({ name }) => [name, setting(name) === '' ? undefined : setting(name)] as const);
  const environment = { ...env, ...Object.fromEntries(settings) };
  return {
    port,
    host: setting('HOST'),
    dataDir: resolve(
      values['data-dir'] === undefined && env['DATA_DIR'] === undefined ? ROOT : cwd,
      setting('DATA_DIR'),
    ),
    redisUrl: setting('REDIS_URL'),
    redisPrefix: setting('REDIS_PREFIX'),
    ingestSource: source,
    replayFiles: replay.map((file) => resolve(cwd, file)),
    rebase: values['rebase'] === true,
    engine,
    livyUrl: setting('LIVY_URL'),
    build: values['build'] !== false,
    events: values['events'] === true,
    environment,
  };
}

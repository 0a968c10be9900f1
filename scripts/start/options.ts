import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import { parseArgs } from 'node:util';
import type { EngineChoice } from '@analytica/domain';
import { chooseSources } from '../../apps/ingestor/src/sources/choose-sources.ts';
import { replayDeclaration } from '../../apps/ingestor/src/sources/files/declaration.ts';
import type { SourceDeclaration } from '../../apps/ingestor/src/sources/source-declaration.ts';
import { defaultLake } from '../../libs/lake/src/catalog/default-lake.ts';
import { StartError } from './preflight.ts';
import { ROOT } from './root.ts';
import { flagOf, SETTINGS, SOURCE_DECLARATIONS } from './settings.ts';

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  /** What is captured; empty for nothing. */
  readonly sources: readonly SourceDeclaration[];
  /** A name below `dataDir`, or an absolute path. */
  readonly lake: string;
  readonly replayFiles: readonly string[];
  readonly rebase: boolean;
  /** What the import is called that the files become; the empty text: by the files. */
  readonly importName: string;
  readonly engine: EngineChoice;
  readonly livyUrl: string;
  readonly build: boolean;
  /** JSON lines on stdout instead of sentences, for programs. */
  readonly events: boolean;
  /** The settings as the processes get them, less those that the start decides itself. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

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
    '  --import-name NAME       with --replay: what the import is called that the files become; by default it is made',
    '                           from their names. It is kept until it is removed: npm run lake -- remove NAME',
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
  const names = SETTINGS.flatMap(({ name, formerName }) => (formerName === undefined ? [name] : [name, formerName]));
  const settings = Object.fromEntries(names.map((name) => [flagOf(name), { type: 'string' as const }]));
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      allowNegative: true,
      options: {
        ...settings,
        replay: { type: 'string', multiple: true },
        rebase: { type: 'boolean' },
        'import-name': { type: 'string' },
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

  /** The value, and the name under which it was given. */
  const given = (name: string): readonly [value: string, name: string] => {
    const { fallback = '', formerName } = SETTINGS.find((s) => s.name === name) ?? {};
    const names = formerName === undefined ? [name] : [name, formerName];
    for (const each of names) {
      const flag = values[flagOf(each)];
      if (typeof flag === 'string') return [flag, each];
    }
    const set = names.find((each) => env[each] !== undefined && env[each] !== '');
    if (set !== undefined) return [env[set] ?? '', set];
    return [fallback, name];
  };
  const setting = (name: string): string => given(name)[0];
  const replay = Array.isArray(values['replay']) ? [...(values['replay'] as string[]), ...positionals] : [];
  if (replay.length === 0 && positionals.length > 0) {
    throw new StartError(`"${positionals[0] ?? ''}" is not an option. To read files: npm start -- --replay FILE...`);
  }
  const sources = readSources(given('INGEST_SOURCES'), replay.length > 0);
  const importName = readImportName(values['import-name'], replay.length > 0);
  const engine = setting('ENGINE');
  if (engine !== 'embedded' && engine !== 'cluster' && engine !== 'auto') {
    throw new StartError(`ENGINE is "${engine}"; it can be embedded, cluster or auto.`);
  }
  const port = Number(setting('PORT'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StartError(`PORT is "${setting('PORT')}"; it must be a number from 1 to 65535.`);
  // npm runs scripts in the package's folder; relative paths mean the folder where the command was typed.
  const cwd = env['INIT_CWD'] ?? process.cwd();
  const lake = readLake(setting('LAKE'), sources, cwd);
  // An empty setting counts as absent, wherever it comes from.
  const environment: Record<string, string | undefined> = { ...env };
  for (const { name, formerName } of SETTINGS) {
    if (formerName !== undefined) environment[formerName] = undefined;
    environment[name] = setting(name) === '' ? undefined : setting(name);
  }
  Object.assign(environment, {
    INGEST_SOURCES: sources.length === 0 ? 'none' : sources.map(({ name }) => name).join(','),
    LAKE: lake,
  });
  return {
    port,
    host: setting('HOST'),
    dataDir: resolve(
      values['data-dir'] === undefined && env['DATA_DIR'] === undefined ? ROOT : cwd,
      setting('DATA_DIR'),
    ),
    redisUrl: setting('REDIS_URL'),
    redisPrefix: setting('REDIS_PREFIX'),
    sources,
    lake,
    replayFiles: replay.map((file) => resolve(cwd, file)),
    rebase: values['rebase'] === true,
    importName: importName ?? env['REPLAY_IMPORT_NAME'] ?? '',
    engine,
    livyUrl: setting('LIVY_URL'),
    build: values['build'] !== false,
    events: values['events'] === true,
    environment,
  };
}

function readSources([list, variable]: readonly [string, string], hasFiles: boolean): readonly SourceDeclaration[] {
  const names = list.split(',').map((name) => name.trim());
  // Files to replay take the place of other sources that nobody asked for together with them.
  const wanted = hasFiles && !names.includes('replay') ? 'replay' : list;
  const choice = chooseSources(SOURCE_DECLARATIONS, wanted === '' ? 'demo' : wanted, variable);
  if (!choice.ok) throw new StartError(choice.problem);
  if (!hasFiles && choice.sources.some(({ name }) => name === 'replay')) {
    throw new StartError(`${variable}=${list} needs files: npm start -- --replay FILE...`);
  }
  return choice.sources;
}

function readImportName(value: unknown, hasFiles: boolean): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (!hasFiles) {
    throw new StartError('--import-name names what --replay reads: npm start -- --replay FILE... --import-name NAME');
  }
  const { error } = replayDeclaration.settings.shape.REPLAY_IMPORT_NAME.safeParse(value);
  if (error === undefined) return value;
  throw new StartError(`--import-name is "${value}": ${error.issues[0]?.message ?? 'it cannot be used'}.`);
}

/** Where LAKE says nothing, demo data have a lake of their own. */
function readLake(value: string, sources: readonly SourceDeclaration[], cwd: string): string {
  if (value === '') return defaultLake(sources[0]?.kind ?? 'real');
  const isPath = /[/\\]/.test(value) && !value.includes('://');
  return isPath ? resolve(cwd, value) : value;
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '@analytica/domain';
import { lakeLocation, type LakeLocation } from '@analytica/lake';
import type { CommandEnvironment } from './config.js';
import type { LakeCommand } from './lake-command.js';

/** What was typed, understood. */
export interface LakeInvocation {
  readonly command: LakeCommand;
  readonly location: LakeLocation;
  readonly arguments: readonly string[];
  /** Absolute path. */
  readonly idsFile: string | null;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const DEFAULT_DATA_DIR = 'data';
/** The names that the start gives its lakes. */
const DEFAULT_LAKES = ['demo', 'lake'] as const;
const MANIFEST = 'manifest.json';

/** The text of `--help`. */
export function lakeUsage(commands: readonly LakeCommand[]): string {
  const rows = commands.map((command) => {
    const options = `${command.acceptsDryRun ? ' [--dry-run]' : ''}${command.acceptsIds === true ? ' [--ids FILE]' : ''}`;
    return `  ${[command.name, ...command.arguments].join(' ').padEnd(24)} ${command.summary}${options}`;
  });
  return [
    'npm run lake -- COMMAND [options]',
    '',
    ...rows,
    '',
    'Options:',
    `  --data-dir DIR           folder of the lakes (DATA_DIR, or ./${DEFAULT_DATA_DIR})`,
    '  --lake NAME              the lake: a name in that folder, or a path (LAKE; or the only one that is there)',
    '  --dry-run                say what would be done, and change nothing',
    '  --ids FILE               where these are left: ids of posts or authors, at-URIs, one a line',
    '  --json                   the result as JSON; use npm run --silent',
    '  --help                   this text',
    '',
    'Exit codes: 0 all is well, 1 damage was found, 2 the command cannot be carried out.',
  ].join('\n');
}

/**
 * Understands the arguments of `npm run lake`.
 * @param environment - what holds where an option is absent.
 * @throws AppError `CONFIG_INVALID` with one sentence that says what to type instead.
 */
export function parseLakeArguments(
  argv: readonly string[],
  environment: CommandEnvironment,
  commands: readonly LakeCommand[],
): LakeInvocation | 'help' {
  const { values, positionals } = read(argv);
  if (values.help === true) return 'help';
  const [name, ...given] = positionals;
  if (name === undefined) throw invalid('No command is given');
  const command = commands.find((each) => each.name === name);
  if (command === undefined) throw invalid(`There is no command "${name}"`);
  if (given.length !== command.arguments.length) {
    throw invalid(`The command is "${[name, ...command.arguments].join(' ')}"`);
  }
  if (values['dry-run'] === true && !command.acceptsDryRun) throw invalid(`"${name}" has no --dry-run`);
  if (values.ids !== undefined && command.acceptsIds !== true) throw invalid(`"${name}" has no --ids`);
  return {
    command,
    idsFile: values.ids === undefined ? null : resolve(environment.typedIn, values.ids),
    location: locate(values['data-dir'], values.lake, environment),
    arguments: given,
    dryRun: values['dry-run'] === true,
    json: values.json === true,
  };
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        'data-dir': { type: 'string' },
        lake: { type: 'string' },
        'dry-run': { type: 'boolean' },
        ids: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw invalid(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

function locate(dataDir: string | undefined, lake: string | undefined, environment: CommandEnvironment): LakeLocation {
  const given = dataDir ?? environment.dataDir;
  const folder = given === undefined ? resolve(DEFAULT_DATA_DIR) : resolve(environment.typedIn, given);
  const name = lake ?? environment.lake;
  const location = name === undefined ? onlyLake(folder) : lakeLocation(folder, lakePath(name, environment.typedIn));
  if (!existsSync(location.root)) throw invalid(`There is no lake in ${location.root}`);
  return location;
}

/** A relative path is one from the folder where the command was typed. */
function lakePath(lake: string, typedIn: string): string {
  return /^\.{1,2}[/\\]/.test(lake) ? resolve(typedIn, lake) : lake;
}

function onlyLake(folder: string): LakeLocation {
  const found = DEFAULT_LAKES.filter((name) => existsSync(join(folder, name, MANIFEST)));
  const [first, second] = found.length === 0 ? DEFAULT_LAKES.filter((name) => existsSync(join(folder, name))) : found;
  if (first === undefined) throw invalid(`There is no lake in ${folder}: say where it is by --data-dir and --lake`);
  if (second !== undefined)
    throw invalid(`There are two lakes in ${folder}: choose by --lake ${first} or --lake ${second}`);
  return lakeLocation(folder, first);
}

function invalid(reason: string): AppError {
  return new AppError('CONFIG_INVALID', `${reason}. npm run lake -- --help lists the commands.`);
}

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '@analytica/domain';
import { searchProblem, searchShortfall } from '../../sources/x/search-query.js';
import type { RulesAnswer, XApi, XRule, XRuleText } from '../../sources/x/x-api.js';
import { counted, table } from '../table.js';
import { changeRules, type Unfinished } from './change-rules.js';
import { leavingOf, planRules } from './plan-rules.js';
import { readRuleFile } from './rule-file.js';

export const RULES_USAGE = [
  'npm run rules -- COMMAND',
  '',
  '  list          the rules that the filtered stream of X selects posts by',
  '  set FILE      makes them those of FILE, while the stream goes on; X checks all of them before anything is changed',
  '  test FILE     has X check the rules of FILE, and changes nothing',
  '  test          says of the rules that are set which of them search can refill',
  '',
  'FILE holds one rule a line, or JSON: [{"value": "coffee lang:en", "tag": "coffee"}].',
  'The token comes from X_BEARER_TOKEN or X_BEARER_TOKEN_FILE, in the environment or in .env.',
  '',
  'Exit codes: 0 all is well, 1 X does not take a rule, 2 the command cannot be carried out.',
].join('\n');

export type RulesCommand =
  | { readonly name: 'list' }
  | { readonly name: 'set'; readonly file: string }
  | { readonly name: 'test'; readonly file: string | null };

export interface RulesResult {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
}

/**
 * Understands the arguments of `npm run rules`.
 * @param typedIn - the folder that a relative path is meant from.
 * @throws AppError `CONFIG_INVALID` with one sentence that says what to type instead.
 */
export function parseRulesArguments(argv: readonly string[], typedIn: string): RulesCommand | 'help' {
  const { values, positionals } = read(argv);
  if (values.help === true) return 'help';
  const [name, file, ...more] = positionals;
  if (name === undefined) throw invalid('No command is given');
  if (name !== 'list' && name !== 'set' && name !== 'test') throw invalid(`There is no command "${name}"`);
  if (more.length > 0 || (name === 'list' && file !== undefined)) throw invalid(`"${name}" takes no more arguments`);
  if (name === 'list') return { name };
  if (name === 'test') return { name, file: file === undefined ? null : resolve(typedIn, file) };
  if (file === undefined) throw invalid('The command is "set FILE"');
  return { name, file: resolve(typedIn, file) };
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    throw invalid(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

function invalid(reason: string): AppError {
  return new AppError('CONFIG_INVALID', `${reason}. npm run rules -- --help lists the commands.`);
}

/**
 * Carries out a command.
 * @param retriesMs - waits before rules that had to go for their new tag are added once more.
 * @throws AppError for what a person has to mend first, X's own words included.
 */
export async function runRules(command: RulesCommand, api: XApi, retriesMs?: readonly number[]): Promise<RulesResult> {
  switch (command.name) {
    case 'list':
      return list(await api.rules());
    case 'set':
      return set(await readRuleFile(command.file), api, retriesMs);
    case 'test':
      return command.file === null ? testSet(await api.rules()) : test(await readRuleFile(command.file), api);
  }
}

function list(rules: readonly XRule[]): RulesResult {
  if (rules.length === 0)
    return done('There are no rules: the filtered stream gives nothing. npm run rules -- set FILE');
  return done(
    ...table(
      ['Rule', 'Tag', 'Id'],
      rules.map(({ value, tag, id }) => [value, tag ?? '', id]),
    ),
    '',
    counted(rules.length, 'rule'),
  );
}

async function set(wanted: readonly XRuleText[], api: XApi, retriesMs?: readonly number[]): Promise<RulesResult> {
  const plan = planRules(await api.rules(), wanted);
  const { add, delete: removed, retag, keep } = plan;
  const trials = [await api.addRules(add, true), await api.deleteRules(leavingOf(plan), true)];
  const refused = trials.flatMap((answer) => answer.refused);
  if (refused.length > 0) return notTaken(refused, 'nothing was changed');
  const unfinished = await changeRules(plan, wanted, api, retriesMs);
  if (unfinished !== null) return half(unfinished);
  const rows = [
    ...add.map((rule) => ['added', rule.value, rule.tag ?? '']),
    ...retag.map(({ after }) => ['new tag', after.value, after.tag ?? '']),
    ...removed.map((rule) => ['deleted', rule.value, rule.tag ?? '']),
    ...keep.map((rule) => ['kept', rule.value, rule.tag ?? '']),
  ];
  const changes = add.length + retag.length + removed.length;
  return done(
    ...table(['Change', 'Rule', 'Tag'], rows),
    '',
    changes === 0
      ? 'X has these rules already.'
      : `${counted(changes, 'change')}. The stream goes on; X needs up to 20 seconds to follow.`,
  );
}

async function test(wanted: readonly XRuleText[], api: XApi): Promise<RulesResult> {
  const { add, retag, keep } = planRules(await api.rules(), wanted);
  const { refused } = await api.addRules(add, true);
  if (refused.length > 0) return notTaken(refused, 'nothing was changed');
  const rows = [
    ...add.map((rule) => [rule.value, rule.tag ?? '', 'takes it']),
    ...[...keep, ...retag.map(({ after }) => after)].map((rule) => [rule.value, rule.tag ?? '', 'has it already']),
  ];
  return done(
    ...table(['Rule', 'Tag', 'X'], rows),
    '',
    `X takes ${wanted.length === 1 ? 'this rule' : `these ${String(wanted.length)} rules`}. Nothing was changed.`,
  );
}

function testSet(rules: readonly XRule[]): RulesResult {
  if (rules.length === 0) return list(rules);
  const rows = rules.map((rule) => {
    const reason = searchProblem(rule);
    const shortfall = searchShortfall(rule);
    return [
      rule.value,
      rule.tag ?? '',
      reason === null ? (shortfall === null ? 'whole' : `in part: ${shortfall}`) : `not: ${reason}`,
    ];
  });
  return done(...table(['Rule', 'Tag', 'Gaps can be refilled'], rows));
}

/** What stands after a change that stopped midway: the stream gives nothing for a rule that is missing. */
function half({ refused, failure, missing }: Unfinished): RulesResult {
  const said =
    failure === null
      ? notTaken(refused, 'some rules were changed').lines
      : [`${failure.message} Some rules were changed.`];
  const state =
    missing === null
      ? ['Which rules X has now is not known: npm run rules -- list shows them.']
      : missing.length === 0
        ? ['X has all the wanted rules, and some others beside them.']
        : [
            `X does not have ${missing.length === 1 ? 'this rule' : `these ${String(missing.length)} rules`} now:`,
            ...table(
              ['Rule', 'Tag'],
              missing.map(({ value, tag }) => [value, tag ?? '']),
            ),
          ];
  return { lines: [...said, '', ...state, 'npm run rules -- set FILE goes on from here.'], exitCode: 1 };
}

function notTaken(refused: RulesAnswer['refused'], state: string): RulesResult {
  const rows = refused.map(({ value, reason }) => [value ?? '', reason]);
  const lines = [
    `X does not take ${counted(refused.length, 'rule')}; ${state}.`,
    '',
    ...table(['Rule', 'What X says'], rows),
  ];
  return { lines, exitCode: 1 };
}

function done(...lines: readonly string[]): RulesResult {
  return { lines, exitCode: 0 };
}

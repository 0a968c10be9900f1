import { AppError } from '@analytica/domain';
import { openAccount } from '../../sources/x/account.js';
import { XApi } from '../../sources/x/x-api.js';
import { readAccountEnvironment, readCommandEnvironment } from '../config.js';
import { parseRulesArguments, RULES_USAGE, runRules } from './rules-command.js';

/** The rules of the filtered stream: `npm run rules -- COMMAND`. @returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const command = parseRulesArguments(argv, readCommandEnvironment().typedIn);
  if (command === 'help') {
    console.log(RULES_USAGE);
    return 0;
  }
  const api = new XApi(openAccount('npm run rules', readAccountEnvironment()));
  try {
    const { lines, exitCode } = await runRules(command, api);
    console.log(lines.join('\n'));
    return exitCode;
  } finally {
    api.close();
  }
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof AppError ? error.message : error);
    process.exitCode = 2;
  },
);

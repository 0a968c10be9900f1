import { AppError } from '@analytica/domain';
import { lakeUsage, parseLakeArguments } from './arguments.js';
import { LAKE_COMMANDS } from './commands.js';
import { readCommandEnvironment } from './config.js';
import { ProgressLine } from './progress-line.js';

/** Carries out one command on a lake: `npm run lake -- COMMAND`. @returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const invocation = parseLakeArguments(argv, readCommandEnvironment(), LAKE_COMMANDS);
  if (invocation === 'help') {
    console.log(lakeUsage(LAKE_COMMANDS));
    return 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const { command, location, idsFile, dryRun, json } = invocation;
  const progress = new ProgressLine(process.stderr);
  try {
    const result = await command.run({
      location,
      arguments: invocation.arguments,
      idsFile,
      dryRun,
      report: (done) => progress.show(done),
      signal: stop.signal,
    });
    progress.clear();
    console.log(json ? JSON.stringify(result.json, null, 2) : result.lines.join('\n'));
    return result.exitCode;
  } finally {
    progress.clear();
  }
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof AppError ? error.message : error);
    process.exitCode = 2;
  },
);

import type { LakeCommand, LakeCommandResult } from '../../src/commands/lake-command.js';

/** Runs a command of `npm run lake` on the lake in `root`. @param arguments_ - what follows its name. */
export function runCommand(
  root: string,
  command: LakeCommand,
  dryRun = false,
  arguments_: readonly string[] = [],
  idsFile: string | null = null,
): Promise<LakeCommandResult> {
  return command.run({
    location: { root, pins: `${root}.pins` },
    arguments: arguments_,
    idsFile,
    dryRun,
    report: () => undefined,
    signal: new AbortController().signal,
  });
}

import type { LakeLocation } from '@analytica/lake';

/** What a command of `npm run lake` is given. */
export interface LakeCommandContext {
  readonly location: LakeLocation;
  /** Values of the command's own arguments, in order: as many as `arguments` names. */
  readonly arguments: readonly string[];
  /** The file that `--ids` names, absolute; null without. */
  readonly idsFile: string | null;
  /** Whether nothing may be changed. True only where the command accepts it. */
  readonly dryRun: boolean;
  /** Says on stderr how far a long piece of work is. */
  readonly report: (progress: LakeProgress) => void;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

export interface LakeProgress {
  /** What is being done, such as `Reading files`. */
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

export interface LakeCommandResult {
  /** For people, one line each. */
  readonly lines: readonly string[];
  /** For programs (`--json`): the same facts. JSON values only. */
  readonly json: unknown;
  /** 0: all is well. 1: damage was found. Errors have codes of their own. */
  readonly exitCode: 0 | 1;
}

/** One command of `npm run lake`. A new one is a file beside this one and an entry of `LAKE_COMMANDS`. */
export interface LakeCommand {
  readonly name: string;
  /** Names of its arguments as `--help` shows them; all are required. */
  readonly arguments: readonly string[];
  /** Whether it takes `--dry-run`. */
  readonly acceptsDryRun: boolean;
  /** Whether it takes `--ids FILE`. */
  readonly acceptsIds?: boolean;
  /** One line for `--help`. */
  readonly summary: string;
  /** @throws AppError for what a person has to mend first. */
  run(context: LakeCommandContext): Promise<LakeCommandResult>;
}

import type { LakeCommand } from './lake-command.js';

/** The commands of `npm run lake`, in the order of `--help`. */
export const LAKE_COMMANDS: readonly LakeCommand[] = [];

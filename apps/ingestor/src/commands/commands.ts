import { eraseCommand } from './erase.js';
import { importsCommand } from './imports.js';
import type { LakeCommand } from './lake-command.js';
import { removeImportCommand } from './remove-import.js';
import { repairCommand } from './repair.js';
import { verifyCommand } from './verify.js';

/** The commands of `npm run lake`, in the order of `--help`. */
export const LAKE_COMMANDS: readonly LakeCommand[] = [
  verifyCommand,
  repairCommand,
  importsCommand,
  removeImportCommand,
  eraseCommand,
];

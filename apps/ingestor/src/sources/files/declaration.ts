import { z } from 'zod';
import type { SourceDeclaration } from '../source-declaration.js';

export const replayDeclaration = {
  name: 'replay',
  summary: 'files',
  kind: 'real',
  flushSeconds: 60,
  settings: z.object({
    REPLAY_FILES: z.string().default('').describe('files to read: a JSON array of paths, or one path a line'),
    REPLAY_IMPORT_NAME: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9._-]{0,63}$/,
        'give up to 64 small letters, digits and . _ -, the first a letter or a digit',
      )
      .optional()
      .describe('name of the import; made from the files by default'),
    REPLAY_REBASE: z.stringbool().default(false).describe('shift all times so that the last post is now'),
  }),
} as const satisfies SourceDeclaration;

import { join } from 'node:path';
import { DEAD_LETTERS_FOLDER } from '@analytica/lake';
import { DeadLetterFile } from '../dead-letters/dead-letter-file.js';
import type { LakeCommand } from './lake-command.js';
import { counted } from './table.js';
import { eraseOriginals, withLakeWriter } from './with-lake-writer.js';

/** `npm run lake -- erase`: what a running ingestor does every 12 hours (counting.md, rule 28), at once. */
export const eraseCommand: LakeCommand = {
  name: 'erase',
  arguments: [],
  acceptsDryRun: false,
  summary: 'takes deleted posts out of every file now, instead of within 24 hours',
  run: ({ location, signal }) =>
    withLakeWriter(location, async (parts) => {
      const { lake } = parts;
      const letters = new DeadLetterFile(join(location.root, DEAD_LETTERS_FOLDER));
      let deadLetters = 0;
      const { files, posts, places } = await lake.erasure.pass(Date.now(), signal, async (find) => {
        deadLetters = await letters.erase(find, signal);
      });
      await eraseOriginals(parts);
      return {
        lines: [
          `${counted(posts, 'post')} and ${counted(places, 'place')} were taken out of ${counted(files, 'file')}, ` +
            `and the bytes out of ${counted(deadLetters, 'dead letter')}.`,
          ...(files === 0 ? [] : ['The files before are deleted 15 minutes after the next start.']),
        ],
        json: { files, posts, places, deadLetters },
        exitCode: 0,
      };
    }),
};

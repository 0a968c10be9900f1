import { createHash } from 'node:crypto';
import { basename } from 'node:path';

const MAX_STEM = 40;
const COMPRESSED = /\.(?:gz|bz2|zst)$/;
const FORMAT = /\.(?:jsonl|ndjson|json|txt)$/;

/**
 * What an import is called that was given no name: by its first file, with a fingerprint of all paths. The same files have the
 * same name at every start, also once they have grown, so that only what is new in them is added to the import.
 * @param paths - absolute, at least one.
 * @returns a name by `IMPORT_NAME` of the lake, such as `tweets-2019-1a2b3c4d`.
 */
export function importNameOf(paths: readonly string[]): string {
  const stem = basename(paths[0] ?? '')
    .toLowerCase()
    .replace(COMPRESSED, '')
    .replace(FORMAT, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[._-]+|[._-]+$/g, '')
    .slice(0, MAX_STEM);
  const fingerprint = createHash('sha256').update(JSON.stringify(paths)).digest('hex').slice(0, 8);
  return `${stem === '' ? 'replay' : stem}-${fingerprint}`;
}

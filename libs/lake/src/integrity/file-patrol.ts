import { checkFile, type FileCondition, glanceAtFile, type RunQuery } from './file-condition.js';
import type { ListedFile } from '../catalog/manifest.js';

/** A file, and what a look at it says. */
export interface FoundFile {
  readonly file: ListedFile;
  readonly condition: FileCondition;
}

/** Files that a pass looks at, and bytes that it reads of them: little beside what capture reads and writes. */
const GLANCES = 8;
const READ_BYTES = 16 * 1024 * 1024;

/** Looks at all listed files again and again, a few a pass: small ones as a whole, large ones whole one at a time. */
export class FilePatrol {
  readonly #root: string;
  #last = '';

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Looks at the next few files.
   * @param files - all files that are listed now.
   * @param run - a DuckDB that nothing else depends on; asked only for files without a checksum.
   */
  async pass(files: readonly ListedFile[], run: RunQuery): Promise<FoundFile[]> {
    const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const start = sorted.findIndex(({ path }) => path > this.#last);
    const next = start === -1 ? sorted.slice(0, GLANCES) : sorted.slice(start, start + GLANCES);
    const found: FoundFile[] = [];
    let bytes = 0;
    for (const file of next) {
      const isFirst = found.length === 0;
      bytes += file.bytes;
      if (!isFirst && bytes > READ_BYTES) break;
      found.push({ file, condition: await checkFile(this.#root, file, run) });
      this.#last = file.path;
    }
    return found;
  }

  /** A cheap look at all files, for a start. */
  async glance(files: readonly ListedFile[]): Promise<FoundFile[]> {
    const found: FoundFile[] = [];
    for (let at = 0; at < files.length; at += GLANCES) {
      const some = files.slice(at, at + GLANCES);
      found.push(
        ...(await Promise.all(some.map(async (file) => ({ file, condition: await glanceAtFile(this.#root, file) })))),
      );
    }
    return found;
  }
}

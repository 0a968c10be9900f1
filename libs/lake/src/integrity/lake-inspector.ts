import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SPILL_FOLDER } from '../catalog/layout.js';
import type { DataFile, ListedFile, Manifest } from '../catalog/manifest.js';
import { LakeDatabase } from '../parquet/lake-database.js';
import { checkFile, type FileCondition, isDamage, type RunQuery } from './file-condition.js';
import { FilePatrol, type FoundFile } from './file-patrol.js';
import { identitiesOf, type IdentityPage } from './identities.js';
import type { DamagedFile } from './set-aside.js';

const MEMORY_MIB = 128;
/** A disk that does not answer, or a process that has too many files open, may be better in a moment. */
const ATTEMPTS = 3;
const AGAIN_MS = 1000;

/** Reads the listed files of a lake for its writer, and sets aside those that are gone or damaged. */
export class LakeInspector {
  readonly #root: string;
  readonly #current: () => Manifest;
  readonly #setAside: (damaged: readonly DamagedFile[]) => Promise<void>;
  readonly #patrol: FilePatrol;

  /**
   * @param current - the manifest as it is when asked.
   * @param setAside - takes files off its lists.
   */
  constructor(root: string, current: () => Manifest, setAside: (damaged: readonly DamagedFile[]) => Promise<void>) {
    this.#root = root;
    this.#current = current;
    this.#setAside = setAside;
    this.#patrol = new FilePatrol(root);
  }

  /**
   * Every listed post's identity, in pages of one file each. A file that is gone or damaged is set aside, and none of its posts given.
   * @param skipped - is told of a file that cannot be read at the moment, though nothing says that it is damaged.
   * @throws what DuckDB says of a file that is whole.
   */
  async *identities(skipped: (file: DataFile, condition: FileCondition) => void): AsyncGenerator<IdentityPage> {
    const database = await this.#open('identities');
    try {
      for (const file of this.#current().files) yield* this.#identitiesOf(database, file, skipped);
    } finally {
      database.close();
    }
  }

  async *#identitiesOf(
    database: LakeDatabase,
    file: DataFile,
    skipped: (file: DataFile, condition: FileCondition) => void,
  ): AsyncGenerator<IdentityPage> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        yield* await identitiesOf(database, this.#root, file);
        return;
      } catch (error) {
        const condition = await checkFile(this.#root, file, (sql) => database.connection.run(sql));
        if (isDamage(condition)) {
          await this.#setAside([{ path: file.path, damage: condition }]);
          return;
        }
        if (condition === 'not-permitted' || attempt === ATTEMPTS) {
          if (condition === 'whole') throw error;
          skipped(file, condition);
          return;
        }
        await sleep(AGAIN_MS);
      }
    }
  }

  /**
   * Looks at some of the listed files, the next ones at each call.
   * @returns what the look at each of them says; the damaged ones are set aside.
   */
  async patrol(): Promise<readonly FoundFile[]> {
    const found = await this.#reading('patrol', (run) => this.#patrol.pass(allFiles(this.#current()), run));
    await this.#setAsideDamaged(found);
    return found;
  }

  /** Takes a cheap look at every listed file. */
  async glance(): Promise<void> {
    await this.#setAsideDamaged(await this.#patrol.glance(allFiles(this.#current())));
  }

  /** Reads some files as a whole. @returns whether any was gone or damaged. */
  async check(files: readonly ListedFile[]): Promise<boolean> {
    const found = await this.#reading('check', async (run) => {
      const all: FoundFile[] = [];
      for (const file of files) all.push({ file, condition: await checkFile(this.#root, file, run) });
      return all;
    });
    return (await this.#setAsideDamaged(found)) > 0;
  }

  async #setAsideDamaged(found: readonly FoundFile[]): Promise<number> {
    const damaged = found.flatMap(({ file: { path }, condition }) =>
      isDamage(condition) ? [{ path, damage: condition }] : [],
    );
    if (damaged.length > 0) await this.#setAside(damaged);
    return damaged.length;
  }

  /** Lets work read files of the lake; there is a DuckDB from its first query on. */
  async #reading<T>(name: string, work: (run: RunQuery) => Promise<T>): Promise<T> {
    let database: LakeDatabase | undefined;
    try {
      return await work(async (sql) => (database ??= await this.#open(name)).connection.run(sql));
    } finally {
      database?.close();
    }
  }

  /** A DuckDB that nothing else depends on: whatever a damaged file does to it, capture goes on. */
  #open(name: string): Promise<LakeDatabase> {
    const temporaryFolder = join(this.#root, SPILL_FOLDER, name);
    return LakeDatabase.open({ memoryMiB: MEMORY_MIB, threads: 1, temporaryFolder });
  }
}

function allFiles({ files, tombstones }: Manifest): readonly ListedFile[] {
  return [...files, ...tombstones];
}

import { join } from 'node:path';
import { SPILL_FOLDER } from '../catalog/layout.js';
import type { ManifestWriter } from '../catalog/manifest-writer.js';
import type { DataFile } from '../catalog/manifest.js';
import type { UnlistedFiles } from '../catalog/unlisted-files.js';
import type { LakeInspector } from '../integrity/lake-inspector.js';
import type { LakeStore } from '../store/lake-store.js';
import { type Erasure, Eraser, type FindErased, NOTHING_ERASED } from './eraser.js';
import type { ErasureRecord } from './erasure-record.js';

export interface ErasurePassesParts {
  /** Absolute path of the lake. */
  readonly root: string;
  readonly store: LakeStore;
  readonly list: ManifestWriter;
  readonly unlistedFiles: UnlistedFiles;
  readonly inspector: LakeInspector;
  readonly record: ErasureRecord;
}

/** Takes out of a lake's files what was deleted, from time to time (rule 28). */
export class ErasurePasses {
  readonly #parts: ErasurePassesParts;
  readonly #eraser: Eraser;

  constructor(parts: ErasurePassesParts) {
    this.#parts = parts;
    this.#eraser = new Eraser({
      store: parts.store,
      spillFolder: join(parts.root, SPILL_FOLDER, 'erase'),
      inspector: parts.inspector,
      replace: (file, path, write) => this.#replace(file, path, write),
    });
  }

  /**
   * Makes a pass where one is due: ten minutes after the first delete, then every 12 hours. Files that are replaced are deleted by a later `sweep`.
   * @param now - the clock, epoch ms.
   * @param elsewhere - takes it out of other files first; when it throws, the lake's files stay.
   * @throws whatever the disk throws, AggregateError of files that could not be rewritten; it is tried again an hour later.
   */
  async passIfDue(now: number, signal: AbortSignal, elsewhere: (find: FindErased) => Promise<void>): Promise<Erasure> {
    const { list, record } = this.#parts;
    if (list.manifest.tombstones.length === 0 || !(await record.isDue(now))) return NOTHING_ERASED;
    return this.pass(now, signal, elsewhere);
  }

  /** As `passIfDue`, whether it is due or not. */
  async pass(now: number, signal: AbortSignal, elsewhere: (find: FindErased) => Promise<void>): Promise<Erasure> {
    const { list, record } = this.#parts;
    try {
      const erasure = await this.#eraser.erase(list.manifest, signal, elsewhere);
      if (!signal.aborted) await record.passed(now);
      return erasure;
    } catch (error) {
      record.failed(now);
      throw error;
    }
  }

  async #replace(file: DataFile, path: string, write: () => Promise<DataFile | null>): Promise<void> {
    const { list, unlistedFiles } = this.#parts;
    await unlistedFiles.protect([path], async () => {
      await list.requireOnlyWriter();
      const written = await write();
      const isListed = (): boolean => list.manifest.files.some((each) => each.path === file.path);
      let unlisted = path;
      await list.change((manifest) => {
        // Its import may have been removed meanwhile, or the file was set aside.
        if (!isListed()) return manifest;
        unlisted = file.path;
        const others = manifest.files.filter((each) => each.path !== file.path);
        return { ...manifest, files: written === null ? others : [...others, written] };
      });
      unlistedFiles.add([unlisted]);
    });
  }
}

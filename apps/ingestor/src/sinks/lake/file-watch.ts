import { type FileCondition, isDamage, type LakeWriter, type ListedFile } from '@analytica/lake';
import { notReadableNotice, setAsideNotice } from '../../status/unreadable-files.js';

/** Looks at the lake's files at the start and now and then, and says what cannot be read. Capture does not wait for it. */
export class FileWatch {
  readonly #lake: LakeWriter;
  readonly #notice: (part: string, sentence: string | null) => void;
  readonly #notReadable = new Map<string, ListedFile>();

  /** @param notice - gets one sentence about a part of this, or null once it is well. */
  constructor(lake: LakeWriter, notice: (part: string, sentence: string | null) => void) {
    this.#lake = lake;
    this.#notice = notice;
  }

  /** A file that could not be read at the start, though nothing says that it is damaged. */
  skipped(file: ListedFile): void {
    this.#notReadable.set(file.path, file);
  }

  /** A cheap look at every file. */
  async glance(): Promise<void> {
    await this.#lake.inspector.glance();
    this.#report();
  }

  /** A look at the next few files. @returns how many were set aside. */
  async pass(): Promise<number> {
    const found = await this.#lake.inspector.patrol();
    for (const { file, condition } of found) this.#note(file, condition);
    this.#report();
    return found.filter(({ condition }) => isDamage(condition)).length;
  }

  #note(file: ListedFile, condition: FileCondition): void {
    if (condition === 'not-permitted') this.#notReadable.set(file.path, file);
    else this.#notReadable.delete(file.path);
  }

  #report(): void {
    this.#notice('set aside', setAsideNotice(this.#lake.manifest));
    this.#notice('not readable', notReadableNotice([...this.#notReadable.values()]));
  }
}

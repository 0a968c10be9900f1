import { QueuedSink } from '../sinks/queued-sink.js';
import type { OriginalsFiles } from './originals-files.js';

/** Keeps a segment of the log until the recent originals in it are safe in files of their own. */
export class OriginalsSink extends QueuedSink {
  readonly name = 'recent originals';
  readonly #files: OriginalsFiles;

  /** @param root - of the lake. */
  constructor(files: OriginalsFiles, root: string, report: (problem: string | null) => void, signal: AbortSignal) {
    super({ deliver: ({ lastSeq }) => files.save(lastSeq), root, report, signal });
    this.#files = files;
  }

  get committedSeq(): number {
    return this.#files.savedSequence;
  }
}

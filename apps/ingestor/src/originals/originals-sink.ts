import type { SealedSegment } from '../log/ingest-log.js';
import type { PostSink, SinkStatus } from '../sinks/post-sink.js';
import { retryStorage } from '../sinks/retry-storage.js';
import { SegmentQueue } from '../sinks/segment-queue.js';
import type { OriginalsFiles } from './originals-files.js';

/** Segments that may wait before capture does. */
const MAX_WAITING = 4;

/** Keeps a segment of the log until the recent originals in it are safe in files of their own. */
export class OriginalsSink implements PostSink {
  readonly name = 'recent originals';
  readonly #files: OriginalsFiles;
  readonly #queue: SegmentQueue;
  #problem: string | null = null;

  /**
   * @param root - of the lake, for what is said about its disk.
   * @param report - gets one sentence while the disk takes nothing, and null once it does.
   * @param signal - gives up waiting for a full disk; segments that are left stay in the log.
   */
  constructor(files: OriginalsFiles, root: string, report: (problem: string | null) => void, signal: AbortSignal) {
    this.#files = files;
    const note = (problem: string | null): void => {
      this.#problem = problem;
      report(problem);
    };
    this.#queue = new SegmentQueue(({ lastSeq }) => retryStorage(() => files.save(lastSeq), root, note, signal));
  }

  get committedSeq(): number {
    return this.#files.savedSequence;
  }

  add(segment: SealedSegment): Promise<void> {
    return this.#queue.add(segment, 0);
  }

  room(): Promise<void> {
    return this.#queue.atMost(MAX_WAITING - 1);
  }

  drain(): Promise<void> {
    return this.#queue.atMost(0);
  }

  status(): SinkStatus {
    return { waiting: this.#queue.length, problem: this.#problem };
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

import type { SealedSegment } from '../log/ingest-log.js';
import type { PostSink, SinkStatus } from './post-sink.js';
import { retryStorage } from './retry-storage.js';
import { SegmentQueue } from './segment-queue.js';

/** Segments that may wait for a sink before capture does. */
const MAX_WAITING = 4;

export interface QueuedSinkOptions {
  /** Makes a segment safe; called for one after the other, and again while the disk is full. */
  readonly deliver: (segment: SealedSegment, watermark: number) => Promise<void>;
  /** What is written to, for what is said about its disk. */
  readonly root: string;
  /** Gets one sentence while the disk takes nothing, and null once it does. */
  readonly report: (problem: string | null) => void;
  /** Gives up waiting for a full disk; segments that are left stay in the log. */
  readonly signal: AbortSignal;
}

/** A sink on a disk that takes one segment after the other, waits for a full disk, and holds capture up when it falls behind. */
export abstract class QueuedSink implements PostSink {
  abstract readonly name: string;
  readonly #queue: SegmentQueue;
  #problem: string | null = null;

  constructor({ deliver, root, report, signal }: QueuedSinkOptions) {
    const note = (problem: string | null): void => {
      this.#problem = problem;
      report(problem);
    };
    this.#queue = new SegmentQueue((segment, watermark) =>
      retryStorage(() => deliver(segment, watermark), root, note, signal),
    );
  }

  abstract get committedSeq(): number;

  /** Whether all segments are safe in the sink. */
  get isIdle(): boolean {
    return this.#queue.length === 0;
  }

  add(segment: SealedSegment, watermark: number): Promise<void> {
    return this.#queue.add(segment, watermark);
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

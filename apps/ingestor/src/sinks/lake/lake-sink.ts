import type { LakeWriter } from '@analytica/lake';
import type { SealedSegment } from '../../log/ingest-log.js';
import type { PostSink, SinkStatus } from '../post-sink.js';
import { retryStorage } from '../retry-storage.js';
import { SegmentQueue } from '../segment-queue.js';

/** Segments that may wait for the lake before capture does. */
const MAX_WAITING = 4;

/** Brings closed segments into the lake, in order. Its checkpoint is the manifest's `committedSeq`. */
export class LakeSink implements PostSink {
  readonly name = 'lake';
  readonly #lake: LakeWriter;
  readonly #queue: SegmentQueue;
  #problem: string | null = null;

  /**
   * @param report - gets one sentence while the lake's disk takes nothing, and null once it does.
   * @param signal - gives up waiting for a full disk; segments that are left stay in the log.
   */
  constructor(lake: LakeWriter, report: (problem: string | null) => void, signal: AbortSignal) {
    this.#lake = lake;
    const note = (problem: string | null): void => {
      this.#problem = problem;
      report(problem);
    };
    this.#queue = new SegmentQueue((segment, watermark) =>
      retryStorage(() => lake.commitSegment(segment, watermark), lake.root, note, signal),
    );
  }

  get committedSeq(): number {
    return this.#lake.manifest.committedSeq;
  }

  /** Whether all segments are in the lake. */
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

import type { SealedSegment } from '../log/ingest-log.js';

export interface SinkStatus {
  /** Segments that are not safe in the sink yet. */
  readonly waiting: number;
  /** One sentence while the sink does not work, else null. */
  readonly problem: string | null;
}

/** Where captured posts go. A sink keeps its own checkpoint; the log keeps a segment until every sink has it. */
export interface PostSink {
  readonly name: string;
  /**
   * The last sequence of the log up to which everything is safe in the sink. The sink keeps it where a crash does not reach it, and
   * takes segments up to it for done.
   */
  readonly committedSeq: number;
  /**
   * Takes the segment that follows the one before. It returns at once and works in the background.
   * @param watermark - arrival time (epoch ms) up to which everything is in the sink once this segment is.
   * @returns resolves once the segment is safe in the sink; rejects with what went wrong for good.
   */
  add(segment: SealedSegment, watermark: number): Promise<void>;
  /** Waits until the sink is ready for more. A sink that may fall behind without end never waits: the log grows instead. */
  room(): Promise<void>;
  /** Waits until all segments are safe in the sink. @throws what went wrong with one. */
  drain(): Promise<void>;
  status(): SinkStatus;
  /** Stops the work. What is left stays in the log, and is given again at the next start. */
  close(): Promise<void>;
}

/** Opens a sink for the posts of the lake in `root`. */
export type OpenSink = (root: string) => Promise<PostSink>;

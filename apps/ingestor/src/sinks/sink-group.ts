import { rm } from 'node:fs/promises';
import type { SealedSegment } from '../log/ingest-log.js';
import type { PostSink } from './post-sink.js';

/** All sinks as one: each gets every segment that it lacks, and the log keeps a segment until every sink has it. */
export class SinkGroup {
  readonly #sinks: readonly PostSink[];
  /** What deletes each segment that the log keeps, once every sink has it. */
  readonly #kept = new Map<SealedSegment, Promise<void>>();
  #error: Error | null = null;

  constructor(sinks: readonly PostSink[]) {
    this.#sinks = sinks;
  }

  /** Hands a segment to the sinks. @param watermark - as `PostSink.add` has it. */
  add(segment: SealedSegment, watermark: number): void {
    const lacking = this.#sinks.filter((sink) => sink.committedSeq < segment.lastSeq);
    const release = Promise.all(lacking.map((sink) => sink.add(segment, watermark)))
      .then(() => rm(segment.path, { force: true }))
      .catch((error: unknown) => (this.#error ??= error instanceof Error ? error : new Error(String(error))))
      .then(() => void this.#kept.delete(segment));
    this.#kept.set(segment, release);
  }

  /** What the segments take up that the log keeps. */
  get keptBytes(): number {
    return [...this.#kept.keys()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Waits until the log keeps one segment less; not at all where it keeps none. @throws what went wrong with one. */
  async oneReleased(): Promise<void> {
    if (this.#kept.size > 0) await Promise.race(this.#kept.values());
    this.check();
  }

  /** @throws what went wrong with a segment, if anything did. */
  check(): void {
    if (this.#error !== null) throw this.#error;
  }

  /** Waits until every sink is ready for more. @throws what went wrong with an earlier segment. */
  async room(): Promise<void> {
    this.check();
    await Promise.all(this.#sinks.map((sink) => sink.room()));
  }

  /** Stops all sinks. What one of them lacks stays in the log. */
  async close(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => sink.close()));
    const safe = Math.min(...this.#sinks.map((sink) => sink.committedSeq));
    const released = [...this.#kept].filter(([segment]) => segment.lastSeq <= safe);
    await Promise.all(released.map(([, release]) => release));
  }
}

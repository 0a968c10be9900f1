import type { IngestLog } from '../log/ingest-log.js';
import type { SinkGroup } from '../sinks/sink-group.js';
import { untilAborted } from './until-aborted.js';

const MIB = 1024 * 1024;

export interface LogLimitParts {
  readonly log: Pick<IngestLog, 'openSegment'>;
  readonly sinks: Pick<SinkGroup, 'keptBytes' | 'oneReleased'>;
  readonly maxBytes: number;
  /** Gets one sentence while capture waits, and null once it goes on. */
  readonly report: (problem: string | null) => void;
}

/** How large the log may grow while a sink takes nothing: beyond it, nothing more is read, and nothing is dropped. */
export class LogLimit {
  readonly maxBytes: number;
  readonly #parts: LogLimitParts;

  constructor(parts: LogLimitParts) {
    this.maxBytes = parts.maxBytes;
    this.#parts = parts;
  }

  /** What the log takes up on the disk. */
  get bytes(): number {
    const { log, sinks } = this.#parts;
    return log.openSegment.bytes + sinks.keptBytes;
  }

  /**
   * Waits while the log is full, or until `signal` aborts.
   * @param seal - hands the open segment to the sinks, without which they could not make room.
   * @throws what went wrong with a segment for good.
   */
  async wait(seal: () => Promise<void>, signal: AbortSignal): Promise<void> {
    if (this.bytes < this.maxBytes) return;
    const { sinks, report } = this.#parts;
    report(this.#sentence());
    await seal();
    while (this.bytes >= this.maxBytes && sinks.keptBytes > 0 && !signal.aborted) {
      await untilAborted(sinks.oneReleased(), signal);
    }
    if (!signal.aborted) report(null);
  }

  #sentence(): string {
    const limit = String(Math.round(this.maxBytes / MIB));
    return (
      `Capture waits. The log holds ${limit} MiB that are not stored yet, as much as INGEST_LOG_MAX_MIB allows; ` +
      'it goes on by itself once they are stored.'
    );
  }
}

import type { LakeWriter } from '@analytica/lake';
import { QueuedSink } from '../queued-sink.js';

/** Brings closed segments into the lake, in order. Its checkpoint is the manifest's `committedSeq`. */
export class LakeSink extends QueuedSink {
  readonly name = 'lake';
  readonly #lake: LakeWriter;

  constructor(lake: LakeWriter, report: (problem: string | null) => void, signal: AbortSignal) {
    const deliver = lake.commitSegment.bind(lake);
    super({ deliver, root: lake.root, report, signal });
    this.#lake = lake;
  }

  get committedSeq(): number {
    return this.#lake.manifest.committedSeq;
  }
}

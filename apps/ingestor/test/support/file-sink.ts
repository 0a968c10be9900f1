import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceFile } from '@analytica/lake';
import type { SealedSegment } from '../../src/log/ingest-log.js';
import type { PostSink, SinkStatus } from '../../src/sinks/post-sink.js';
import { SegmentQueue } from '../../src/sinks/segment-queue.js';

const CHECKPOINT = 'checkpoint';

/** A slow sink: it copies each segment to a file of its own, and keeps its checkpoint beside them. It never holds capture up. */
export class FileSink implements PostSink {
  readonly name = 'files';
  readonly #queue: SegmentQueue;
  #committedSeq: number;

  private constructor(folder: string, delayMs: number, committedSeq: number) {
    this.#committedSeq = committedSeq;
    this.#queue = new SegmentQueue(async (segment) => {
      await sleep(delayMs);
      await writeFile(
        join(folder, `${String(segment.firstSeq)}-${String(segment.lastSeq)}`),
        await readFile(segment.path),
      );
      await replaceFile(join(folder, CHECKPOINT), String(segment.lastSeq));
      this.#committedSeq = segment.lastSeq;
    });
  }

  static async open(folder: string, delayMs: number): Promise<FileSink> {
    await mkdir(folder, { recursive: true });
    const checkpoint = await readFile(join(folder, CHECKPOINT), 'utf8').catch(() => '0');
    return new FileSink(folder, delayMs, Number(checkpoint));
  }

  get committedSeq(): number {
    return this.#committedSeq;
  }

  add(segment: SealedSegment): Promise<void> {
    return this.#queue.add(segment, 0);
  }

  room(): Promise<void> {
    return Promise.resolve();
  }

  drain(): Promise<void> {
    return this.#queue.atMost(0);
  }

  status(): SinkStatus {
    return { waiting: this.#queue.length, problem: null };
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { LineSplitter } from '../line-splitter.js';
import type { Disconnection } from './disconnection.js';

/** What was read, or that no more will come. */
export interface StreamRead {
  /** Whole lines as bytes; none for a keep-alive. The last ones of a stream may end in a torn line. */
  readonly lines: readonly Buffer[];
  /** When the bytes came, by the arrival clock; of an end, when the last byte did. */
  readonly at: number;
  /** Whether all that X had sent by then is among what was read. */
  readonly isCaughtUp: boolean;
  readonly end: Disconnection | null;
}

export interface StreamReaderOptions {
  readonly stallMs: number;
  readonly behindMs: number;
  /** The arrival clock, epoch ms. */
  readonly now: () => number;
}

/** Reads the bytes of a stream as lines. A line is never decoded here: a chunk may end inside a character. */
export class StreamReader {
  readonly #stream: Readable;
  readonly #options: StreamReaderOptions;
  readonly #splitter = new LineSplitter();
  #changed = Promise.withResolvers<undefined>();
  #isOver = false;
  #error: Error | null = null;
  #lastByteAt: number;
  /** The same by a clock that never jumps. */
  #lastByte = performance.now();
  #returnedAt = performance.now();
  #isBehind = false;

  constructor(stream: Readable, options: StreamReaderOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#lastByteAt = options.now();
    const notify = (): void => {
      const changed = this.#changed;
      this.#changed = Promise.withResolvers();
      changed.resolve(undefined);
    };
    const over = (error: Error | null): void => {
      this.#error ??= error;
      this.#isOver = true;
      notify();
    };
    stream.on('readable', notify);
    stream.on('end', () => over(null));
    stream.on('close', () => over(null));
    stream.on('error', over);
  }

  /** The next bytes, or the end. */
  async read(): Promise<StreamRead> {
    const { behindMs, now } = this.#options;
    if (performance.now() - this.#returnedAt > behindMs) this.#isBehind = true;
    try {
      for (;;) {
        const changed = this.#changed.promise;
        const chunk = this.#stream.read() as Buffer | null;
        if (chunk !== null) {
          this.#lastByteAt = now();
          this.#lastByte = performance.now();
          const lines = this.#splitter.push(chunk);
          // A part of a line says nothing yet.
          if (lines.length > 0 || !this.#splitter.isMidLine) return this.#result(lines, null);
        } else if (this.#isOver) {
          return this.#ended({ type: 'network', detail: this.#error?.message ?? 'the connection was closed' });
        } else if (!(await this.#changes(changed))) {
          const seconds = Math.round(this.#options.stallMs / 1000);
          return this.#ended({ type: 'stalled', detail: `nothing came for ${String(seconds)} s` });
        } else {
          // It had to be waited for: whatever came while nobody read has been read.
          this.#isBehind = false;
        }
      }
    } finally {
      this.#returnedAt = performance.now();
    }
  }

  close(): void {
    this.#stream.destroy();
  }

  #ended(end: Disconnection): StreamRead {
    const torn = this.#splitter.end();
    return this.#result(torn === null ? [] : [torn], end);
  }

  #result(lines: readonly Buffer[], end: Disconnection | null): StreamRead {
    return { lines, at: this.#lastByteAt, isCaughtUp: !this.#isBehind, end };
  }

  /** Waits for a change. @returns false where the time was up first. */
  async #changes(changed: Promise<undefined>): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<false>((resolve) => {
      const left = this.#lastByte + this.#options.stallMs - performance.now();
      timer = setTimeout(() => resolve(false), Math.max(0, left));
    });
    const isChanged = await Promise.race([changed.then(() => true), timeout]);
    clearTimeout(timer);
    if (isChanged) return true;
    // Where this process itself stood still, the bytes may be there.
    await setImmediate();
    return this.#stream.readableLength > 0 || this.#isOver;
  }
}

import type { LakeProgress } from './lake-command.js';

const MOST_OFTEN_MS = 200;
const IN_A_LOG_MS = 5000;

/** Shows progress on a stream: one line that changes on a terminal, a line now and then elsewhere. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #shown = -Infinity;
  #width = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show({ step, done, total }: LakeProgress): void {
    const now = performance.now();
    if (now - this.#shown < (this.#stream.isTTY ? MOST_OFTEN_MS : IN_A_LOG_MS)) return;
    this.#shown = now;
    const text = `${step}: ${String(done)} of ${String(total)}`;
    this.#stream.write(this.#stream.isTTY ? `\r${text.padEnd(this.#width)}` : `${text}\n`);
    this.#width = text.length;
  }

  /** Makes room for other output. */
  clear(): void {
    if (this.#width > 0 && this.#stream.isTTY) this.#stream.write(`\r${' '.repeat(this.#width)}\r`);
    this.#width = 0;
  }
}

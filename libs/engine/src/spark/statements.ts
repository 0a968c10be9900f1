import { randomBytes } from 'node:crypto';
import type { LeasedSession } from '@analytica/livy';
import { isMissing, pieceOf, type SparkProgram, type SparkTemplates } from '@analytica/spark-templates';

export interface StatementOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number | undefined;
  /** 0 to 1. */
  readonly onProgress?: (progress: number) => void;
}

/** The statements of one run on a leased session. What the session keeps of the run is freed by `close`. */
export class Statements {
  readonly run = randomBytes(8).toString('hex');
  readonly #session: LeasedSession;
  readonly #templates: SparkTemplates;
  #keeps = false;

  constructor(session: LeasedSession, templates: SparkTemplates) {
    this.#session = session;
    this.#templates = templates;
  }

  /** Runs a program and returns its reply, however many statements that takes. */
  async reply(program: SparkProgram, options: StatementOptions): Promise<readonly string[]> {
    const pieces: string[] = [];
    this.#keeps = true;
    let { piece, more } = pieceOf(await this.#result(program, options));
    for (; more; { piece, more } = pieceOf(await this.#result(this.#templates.more(this.run), options))) {
      pieces.push(piece);
    }
    return [...pieces, piece];
  }

  /** To be called after the last reply: the session then keeps nothing of the run. */
  finished(): void {
    this.#keeps = false;
  }

  /** Frees what the session keeps of the run. A session that cannot do so now does so at its next use. */
  async close(): Promise<void> {
    if (!this.#keeps) return;
    this.#keeps = false;
    const { program, params } = this.#templates.drop(this.run);
    await this.#session.run(program, params, { timeoutMs: 10_000 }).catch(() => undefined);
  }

  async #result({ program, params }: SparkProgram, options: StatementOptions): Promise<unknown> {
    const { signal, timeoutMs, onProgress } = options;
    const within = { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    const ask = async (): Promise<unknown> =>
      (await this.#session.run(program, params, { ...within, ...(onProgress ? { onProgress } : {}) })).result;
    const result = await ask();
    if (!isMissing(result)) return result;
    const { install } = this.#templates;
    await this.#session.run(install.program, install.params, within);
    return await ask();
  }
}

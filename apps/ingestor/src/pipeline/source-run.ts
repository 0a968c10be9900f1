import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@analytica/domain';
import { NO_CONNECTION, type SourceState, type SourceStatus } from '@analytica/domain/contracts';
import type { Cursor, Source } from '../sources/source.js';
import { RateWindow } from '../status/rate-window.js';
import { Intake } from './intake.js';
import type { Preparer } from './preparer.js';

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

export interface SourceRunOptions {
  /** Whether a source that failed is tried again, unless a person has to mend something first. */
  readonly retries: boolean;
  /** Gets one sentence while the source does not work, and null once it does. */
  readonly report: (problem: string | null) => void;
  /** Called when there is something to take, or no more will come. */
  readonly onChange: () => void;
  /** Called when the source failed, once all that it gave is in the log. */
  readonly onFailure?: (error: unknown) => Promise<void>;
  readonly firstRetryMs?: number;
  /** Languages of captured posts that are kept; none: all. */
  readonly languages?: readonly string[];
}

/** One source while it is captured: what it gives, how it stands, and what happens when it fails. */
export class SourceRun {
  readonly source: Source;
  readonly intake: Intake;
  /** Stored posts per second. */
  readonly rates = new RateWindow();
  readonly #options: SourceRunOptions;
  #failure: Error | null = null;
  #isFinished = false;
  #from = Infinity;
  #to = -Infinity;

  constructor(source: Source, preparer: Preparer, options: SourceRunOptions) {
    this.source = source;
    this.intake = new Intake(source, preparer, options.onChange, options.languages);
    this.#options = options;
  }

  /** Why the source does not work at the moment, or never will; null while it does. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Least and greatest `created_at` seen in this run, duplicates too, epoch ms; null before the first post. */
  get span(): { readonly from: number; readonly to: number } | null {
    return this.#to < this.#from ? null : { from: this.#from, to: this.#to };
  }

  /** Whether the source captures as posts happen, and all that it gave is in the log. */
  get isCaughtUp(): boolean {
    return this.source.progress() === null && this.intake.pendingLines === 0;
  }

  /** Whether no more will come, and all that came is in the log. */
  get isOver(): boolean {
    return this.intake.isOver && this.intake.pendingLines === 0;
  }

  /**
   * Reads the source until it ends, fails for good, or `signal` aborts. Whether it failed is in `failure`.
   * @param cursor - where the source goes on, as the log has it at that moment.
   */
  async run(cursor: () => Cursor | null, signal: AbortSignal): Promise<void> {
    try {
      for (let delay = this.#firstRetryMs; !signal.aborted; delay = Math.min(2 * delay, LAST_RETRY_MS)) {
        const before = this.intake.batches;
        try {
          await this.intake.pump(cursor(), signal, () => this.#recovered());
          return;
        } catch (error) {
          this.#failed(error);
          // The cursor is the one of the last batch once that is in the log.
          await this.intake.allLogged(signal);
          await this.#options.onFailure?.(error);
          if (!this.#options.retries || isFinal(error)) return;
          if (this.intake.batches > before) delay = this.#firstRetryMs;
          await sleep(delay, undefined, { signal }).catch(() => undefined);
        }
      }
    } finally {
      this.intake.end();
    }
  }

  /** Whether the source has ended, or failed for good, and all that it gave is in the lake. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** States that all that the source gave is in the lake. */
  finished(): void {
    this.#isFinished = true;
  }

  /** Notes the times of posts that went into the log, and how many of them were stored. */
  note(span: { readonly from: number; readonly to: number } | null, stored: number): void {
    this.rates.add(stored);
    if (span === null) return;
    this.#from = Math.min(this.#from, span.from);
    this.#to = Math.max(this.#to, span.to);
  }

  status(): SourceStatus {
    const own = this.source.status();
    const failure = this.#failure === null ? [] : [this.#failure.message];
    return { ...NO_CONNECTION, ...own, state: this.#state(own.state), problems: [...failure, ...own.problems] };
  }

  #state(own: SourceState): SourceState {
    if (this.#failure !== null) return 'FAILED';
    if (this.#isFinished) return 'ENDED';
    switch (own) {
      case 'FILLING':
        return this.intake.batches === 0 ? 'STARTING' : 'FILLING';
      case 'LIVE':
        // The source may have given all of the past, while the log does not have it yet.
        return this.intake.isBackfillPending ? 'FILLING' : 'LIVE';
      case 'ENDED':
        // Until the lake has all of it.
        return 'REPLAYING';
      default:
        return own;
    }
  }

  get #firstRetryMs(): number {
    return this.#options.firstRetryMs ?? FIRST_RETRY_MS;
  }

  #failed(error: unknown): void {
    this.#failure = error instanceof Error ? error : new Error(String(error));
    this.#options.report(`${this.source.name} does not work: ${this.#failure.message}`);
  }

  #recovered(): void {
    if (this.#failure === null) return;
    this.#failure = null;
    this.#options.report(null);
  }
}

/** Whether a person has to mend something first. */
export function isFinal(error: unknown): boolean {
  return error instanceof AppError && !error.retryable;
}

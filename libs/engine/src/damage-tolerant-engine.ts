import {
  AppError,
  type AnalysisProgress,
  type AnalysisResult,
  type AnalysisSpec,
  type EngineName,
} from '@analytica/domain';
import { type Snapshot, SnapshotCheck } from '@analytica/lake';
import type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from './analysis-engine.js';

/** After so many failures on files every file is read as a whole, before the next run. */
const FAILURES_ONE_BY_ONE = 2;

/**
 * An engine that answers although files of the lake cannot be read: it leaves them out, and its results say which hours are
 * missing (counting.md, rule 26). Closing it closes the engine.
 */
export function tolerateDamage(engine: AnalysisEngine): AnalysisEngine {
  return new DamageTolerantEngine(engine);
}

class DamageTolerantEngine implements AnalysisEngine {
  readonly #engine: AnalysisEngine;
  readonly #check = new SnapshotCheck();

  constructor(engine: AnalysisEngine) {
    this.#engine = engine;
  }

  get name(): EngineName {
    return this.#engine.name;
  }

  /** @throws also AppError `NOT_FOUND` when the lake has given up files of the snapshot. */
  run(spec: AnalysisSpec, snapshot: Snapshot, sink: AnalysisSink, signal: AbortSignal): Promise<AnalysisResult> {
    const forward = new ForwardSink(sink);
    return this.#withReadable(snapshot, signal, (readable) => {
      forward.begin();
      return this.#engine.run(spec, readable, forward, signal);
    });
  }

  /** @throws also AppError `NOT_FOUND` when the lake has given up files of the snapshot. */
  posts(spec: AnalysisSpec, snapshot: Snapshot, page: PostPageRequest, signal: AbortSignal): Promise<PostPage> {
    return this.#withReadable(snapshot, signal, (readable) => this.#engine.posts(spec, readable, page, signal));
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  async #withReadable<T>(
    snapshot: Snapshot,
    signal: AbortSignal,
    work: (readable: Snapshot) => Promise<T>,
  ): Promise<T> {
    let readable = await this.#check.glance(snapshot);
    for (let failures = 1; ; failures += 1) {
      try {
        return await work(readable);
      } catch (error) {
        const suspect = suspectOf(error);
        if (suspect === null || signal.aborted) throw error;
        const { files, tombstones } = readable.manifest;
        const suspects = failures > FAILURES_ONE_BY_ONE ? [...files, ...tombstones].map(({ path }) => path) : suspect;
        const next = await this.#check.check(readable, suspects);
        if (next === readable) throw suspect.length === 0 ? error : notNow(error);
        readable = next;
      }
    }
  }
}

/** The files that a failure may be about; null for one that is about none. */
function suspectOf(error: unknown): readonly string[] | null {
  if (!(error instanceof AppError) || error.code !== 'ENGINE_FAILED' || error.retryable) return null;
  const { file } = error.details;
  return typeof file === 'string' ? [file] : [];
}

function notNow(cause: unknown): AppError {
  return new AppError('ENGINE_FAILED', 'The captured data could not be read just now: try again in a moment.', {
    retryable: true,
    cause,
  });
}

/** Passes on what a run reports; one that began again reports nothing twice. */
class ForwardSink implements AnalysisSink {
  readonly #sink: AnalysisSink;
  #furthest = -1;
  #reached = -1;

  constructor(sink: AnalysisSink) {
    this.#sink = sink;
  }

  begin(): void {
    this.#reached = -1;
  }

  async progress(progress: AnalysisProgress): Promise<void> {
    this.#reached = progress.partitionsDone;
    if (this.#reached < this.#furthest) return;
    this.#furthest = this.#reached;
    await this.#sink.progress(progress);
  }

  async partial(result: AnalysisResult): Promise<void> {
    if (this.#reached >= this.#furthest) await this.#sink.partial(result);
  }
}

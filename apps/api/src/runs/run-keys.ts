import { ENGINE_NAMES, type EngineName } from '@analytica/domain';
import { redisKeyPrefix } from '@analytica/domain/contracts';
import { ANALYSIS_STATUSES, type AnalysisStatus } from './run-records.js';

/** The names of all keys and channels of runs. All of them lie in one slot of a Redis Cluster. */
export class RunKeys {
  readonly #prefix: string;

  /** @param prefix as it is configured; it gets a hash tag where it has none. */
  constructor(prefix: string) {
    this.#prefix = redisKeyPrefix(prefix);
  }

  /** Says which run has a new event. */
  get runChannel(): string {
    return `${this.#prefix}run`;
  }

  /** Says which run no client wants any more. */
  get cancelChannel(): string {
    return `${this.#prefix}cancel`;
  }

  /** Says which page has been written. */
  get pageChannel(): string {
    return `${this.#prefix}page`;
  }

  /** A hash: the run's fixed part and its state. */
  run(runId: string): string {
    return `${this.#prefix}run:${runId}`;
  }

  /** A stream: what happened to the run. */
  events(runId: string): string {
    return `${this.#prefix}events:${runId}`;
  }

  /** A set: the analyses that are attached to the run. */
  clients(runId: string): string {
    return `${this.#prefix}clients:${runId}`;
  }

  figures(runId: string): string {
    return `${this.#prefix}figures:${runId}`;
  }

  rows(runId: string): string {
    return `${this.#prefix}rows:${runId}`;
  }

  /** @param id of a run, or of a cancelled analysis, which keeps its own copy. */
  partialFigures(id: string): string {
    return `${this.#prefix}partial:${id}`;
  }

  /** @param id of a run, or of a cancelled analysis, which keeps its own copy. */
  partialRows(id: string): string {
    return `${this.#prefix}partial-rows:${id}`;
  }

  /** A hash: what one client asked, and of which run. */
  analysis(analysisId: string): string {
    return `${this.#prefix}analysis:${analysisId}`;
  }

  /** The id of the run that answers a question. @param key of the question (rule 21). */
  runOfQuestion(key: string): string {
    return `${this.#prefix}key:${key}`;
  }

  /** A hash: the analysis that an idempotency key has led to. */
  idempotency(key: string): string {
    return `${this.#prefix}idem:${key}`;
  }

  /** A sorted set: runs of one status by the time of its last change. */
  runsWithStatus(status: AnalysisStatus): string {
    return `${this.#prefix}runs:${status}`;
  }

  /** A sorted set: runs that wait for an engine, the oldest first. */
  line(engine: EngineName): string {
    return `${this.#prefix}line:${engine}`;
  }

  snapshot(snapshotId: string): string {
    return `${this.#prefix}snapshot:${snapshotId}`;
  }

  page(pageId: string): string {
    return `${this.#prefix}page:${pageId}`;
  }

  /** The sets that runs stand in, in the order in which scripts take them. */
  sets(): readonly string[] {
    return [
      ...ANALYSIS_STATUSES.map((status) => this.runsWithStatus(status)),
      ...ENGINE_NAMES.map((engine) => this.line(engine)),
    ];
  }

  /** All keys of one run, in the order in which scripts take them. */
  ofRun(runId: string): readonly string[] {
    return [
      this.run(runId),
      this.events(runId),
      this.clients(runId),
      this.figures(runId),
      this.rows(runId),
      this.partialFigures(runId),
      this.partialRows(runId),
    ];
  }
}

import { type CaptureStatus, type Gap, SOURCE_STATES } from '@analytica/domain/contracts';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Full seconds that a rate is the mean of. */
const RATE_OF_SECONDS = 10;

type Figures = (set: (value: number, labels?: Readonly<Record<string, string>>) => void, status: CaptureStatus) => void;

/** What the ingestor counts, for Prometheus: the figures of the last status. */
export class CaptureMetrics {
  readonly registry = new Registry();
  readonly #status: () => CaptureStatus | null;
  readonly #gaps: () => readonly Gap[];

  /**
   * @param status - as it was published last; null before the first.
   * @param gaps - of all sources.
   */
  constructor(status: () => CaptureStatus | null, gaps: () => readonly Gap[]) {
    this.#status = status;
    this.#gaps = gaps;
    collectDefaultMetrics({ register: this.registry, prefix: 'analytica_ingestor_' });
    this.#accounting();
    this.#sources();
    this.#storage();
  }

  #accounting(): void {
    this.#gauge(
      'records',
      'Records since the lake began, by what became of them',
      ['outcome'],
      (set, { accounting }) => {
        const outcomes = Object.entries(accounting).filter(([outcome]) => outcome !== 'received');
        for (const [outcome, records] of outcomes) set(records, { outcome });
      },
    );
    this.#gauge('received_records', 'Records since the lake began: the sum of all outcomes', [], (set, status) => {
      set(status.accounting.received);
    });
    this.#gauge('reposts_without_original', 'Stored reposts that have no text', [], (set, status) => {
      set(status.repostsWithoutOriginal);
    });
    this.#gauge('dead_letters', 'Records that could not become posts, by reason', ['reason'], (set, status) => {
      for (const { reason, count } of status.deadLetters) set(count, { reason });
    });
  }

  #sources(): void {
    this.#gauge('source_state', '1 for the state that a source is in', ['source', 'state'], (set, { sources }) => {
      for (const { name: source, state } of sources) {
        for (const each of SOURCE_STATES) set(each === state ? 1 : 0, { source, state: each });
      }
    });
    this.#gauge('source_posts_per_second', 'Stored posts, mean of 10 s', ['source'], (set, { sources }) => {
      for (const { name: source, perSecond } of sources) {
        const seconds = perSecond.slice(-RATE_OF_SECONDS);
        set(seconds.reduce((sum, posts) => sum + posts, 0) / RATE_OF_SECONDS, { source });
      }
    });
    this.#gauge('source_lag_seconds', 'How far a source is behind what happens now', ['source'], (set, { sources }) => {
      for (const { name: source, lagMs } of sources) if (lagMs !== null) set(lagMs / 1000, { source });
    });
    this.#gauge(
      'source_last_post_seconds',
      'created_at of the newest post that came',
      ['source'],
      (set, { sources }) => {
        for (const { name: source, connection } of sources) {
          if (connection?.lastPostAt != null) set(connection.lastPostAt / 1000, { source });
        }
      },
    );
    this.#gauge('source_reconnects', 'Connections that ended since the start', ['source', 'cause'], (set, status) => {
      for (const { name: source, connection } of status.sources) {
        for (const { cause, count } of connection?.reconnects ?? []) set(count, { source, cause });
      }
    });
    this.#gauge('gaps_open', 'Gaps that go on', ['source'], (set, { sources }) => {
      for (const { name: source } of sources) {
        set(this.#gaps().filter((gap) => gap.source === source && gap.status === 'OPEN').length, { source });
      }
    });
    this.#gauge('source_paid_posts', 'Paid posts of this month', ['source'], (set, { sources }) => {
      for (const { name: source, usage } of sources) if (usage !== null) set(usage.posts, { source });
    });
  }

  #storage(): void {
    this.#gauge(
      'oldest_pending_seconds',
      'How long the oldest record waits to be logged; 0 without one',
      [],
      (set, { log }) => {
        set((log?.oldestPendingMs ?? 0) / 1000);
      },
    );
    this.#gauge('log_bytes', 'The log on the disk', [], (set, { log }) => {
      if (log !== null) set(log.bytes);
    });
    this.#gauge('log_max_bytes', 'From here on capture waits', [], (set, { log }) => {
      if (log !== null) set(log.maxBytes);
    });
    this.#gauge('lake_bytes', 'All listed files of the lake', [], (set, { lake }) => {
      if (lake !== null) set(lake.bytes);
    });
    this.#gauge('disk_free_bytes', 'Free on the disk of the lake', [], (set, { lake }) => {
      if (lake?.freeBytes != null) set(lake.freeBytes);
    });
    this.#gauge('stopped', '1 while capture stands still', [], (set, { state }) => {
      set(state === 'STOPPED' ? 1 : 0);
    });
  }

  #gauge(name: string, help: string, labelNames: string[], figures: Figures): void {
    const status = this.#status;
    new Gauge({
      name: `analytica_capture_${name}`,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        if (labelNames.length === 0) this.remove(); // what is not known is not told, not as 0 either
        const now = status();
        if (now !== null) figures((value, labels) => this.set(labels ?? {}, value), now);
      },
    });
  }
}

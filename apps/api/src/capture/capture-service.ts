import { SECOND_MS } from '@analytica/domain';
import {
  CAPTURE_STATUS_LIFETIME_SECONDS,
  captureKey,
  type CaptureStatus,
  captureStatusSchema,
} from '@analytica/domain/contracts';
import { type Manifest, presumedKind } from '@analytica/lake';
import type { Snapshots } from '../lake/snapshots.js';
import { withQueue } from '../redis/redis-connections.js';
import type { RedisClient } from '../redis/redis-client.js';
import type { Channels } from '../redis/channels.js';
import type { CaptureModel } from './capture-model.js';

const NOTHING_COUNTED = {
  ...{ received: 0, stored: 0, duplicates: 0, deletes: 0, notPosts: 0, deadLetters: 0, filtered: 0 },
  pending: 0,
};
const SILENCE_MS = CAPTURE_STATUS_LIFETIME_SECONDS * SECOND_MS;

/** The status of capture, as the ingestor publishes it. */
export class CaptureService {
  readonly #redis: RedisClient;
  readonly #channels: Channels;
  readonly #snapshots: Snapshots;
  readonly #lakeRoot: string;

  readonly #key: string;
  #subscriberCount = 0;
  #lastRead: { readonly message: string; readonly status: Promise<CaptureModel> } | null = null;

  constructor(redis: RedisClient, prefix: string, channels: Channels, snapshots: Snapshots, lakeRoot: string) {
    this.#redis = redis;
    this.#channels = channels;
    this.#snapshots = snapshots;
    this.#lakeRoot = lakeRoot;

    this.#key = captureKey(prefix);
  }

  get subscribers(): number {
    return this.#subscriberCount;
  }

  async current(): Promise<CaptureModel> {
    try {
      return (await this.#read(await withQueue(() => this.#redis.get(this.#key)))) ?? (await this.#unknown(null));
    } catch {
      return this.#unknown('The queue (Redis) cannot be reached right now. Capture goes on without it.');
    }
  }

  /** The status now, then every change; UNKNOWN once the ingestor has published nothing for a while. Never ends by itself. */
  follow(): AsyncIterableIterator<CaptureModel> {
    let latest: Promise<CaptureModel> | null = this.current();
    let over = false;
    let wake: () => void = () => undefined;
    const offer = (status: Promise<CaptureModel>): void => {
      latest = status;
      wake();
    };
    const silence = setInterval(() => {
      offer(this.current());
    }, SILENCE_MS);
    silence.unref();
    const stop = this.#channels.listen(this.#key, (message) => {
      silence.refresh();
      offer(this.#read(message).then((status) => status ?? this.current()));
    });
    this.#subscriberCount++;
    const end = (): void => {
      if (over) return;
      over = true;
      this.#subscriberCount--;
      clearInterval(silence);
      stop();
      wake();
    };
    return {
      async next() {
        for (;;) {
          if (over) return { done: true, value: undefined };
          if (latest !== null) {
            const status = latest;
            latest = null; // a slow reader gets the newest, not all
            return { done: false, value: await status };
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      return() {
        end();
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Every subscriber hears the same message: it is parsed for the first of them. */
  async #read(message: string | null): Promise<CaptureModel | null> {
    if (message === null) return null;
    if (this.#lastRead?.message !== message) this.#lastRead = { message, status: this.#parse(message) };
    return this.#lastRead.status;
  }

  async #parse(message: string): Promise<CaptureModel> {
    let parsed: CaptureStatus;
    try {
      parsed = captureStatusSchema.parse(JSON.parse(message));
    } catch {
      return this.#unknown('The capture process speaks another version: restart it.');
    }
    const { accounting: a, recent, watermark, ...rest } = parsed;
    return {
      ...rest,
      accounting: {
        received: a.received,
        stored: a.stored,
        duplicates: a.duplicates,
        deletes: a.deletes,
        notPosts: a.not_posts,
        deadLetters: a.dead_letters,
        filtered: a.filtered,
        pending: a.pending,
      },
      recent: recent.map((post) => ({
        id: post.id,
        source: post.source,
        createdAt: post.created_at,
        text: post.text,
        authorUsername: post.author_username,
      })),
      watermark: watermark > 0 ? watermark : null,
    };
  }

  /** The status without the ingestor: what the lake holds. */
  async #unknown(problem: string | null): Promise<CaptureModel> {
    const manifest = await this.#snapshots.take().then(
      (snapshot) => snapshot.manifest,
      () => null,
    );
    const files = manifest?.files ?? [];
    return {
      state: 'UNKNOWN',
      problem,
      demo: presumedKind(this.#lakeRoot, manifest?.kind ?? null) === 'demo',
      accounting: NOTHING_COUNTED,
      repostsWithoutOriginal: 0,
      rates: [],
      recent: [],
      progress: null,
      watermark: manifest === null || manifest.watermark === 0 ? null : manifest.watermark,
      oldest: files.length === 0 ? null : Math.min(...files.map((file) => file.minCreatedAt)),
      posts: files.reduce((sum, file) => sum + file.rows, 0),
      sources: [],
      log: null,
      lake: manifest === null ? null : { bytes: lakeBytes(manifest), freeBytes: null },
      deadLetters: [],
    };
  }
}

function lakeBytes({ files, tombstones }: Manifest): number {
  return [...files, ...tombstones].reduce((sum, { bytes }) => sum + bytes, 0);
}

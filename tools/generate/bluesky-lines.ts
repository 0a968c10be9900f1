/** A small, quick generator of numbers in [0, 1): the same seed gives the same lines. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const POST = 'app.bsky.feed.post';
const REPOST = 'app.bsky.feed.repost';
const SYLLABLES = 'ka lo mi ter an so ve ri du pen sha el no qui bar ost ly gra un fe'.split(' ');
const OTHER_TEXTS = ['東京は今日も晴れです', 'مرحبا بالعالم', '오늘 날씨가 좋다', 'año nuevo', '😀🎉 👩‍👩‍👧'];
const LANGUAGES = ['en', 'en-US', 'ja', 'pt-BR', 'de', 'es'];
const START_US = Date.UTC(2026, 6, 1) * 1000;

export interface BlueskyShares {
  /** Of reposts among all lines, 0 to 1. Of deletes and updates there are few. */
  readonly reposts: number;
  /** Posts back from now among which most reposts find their original. */
  readonly reach: number;
}

/** Jetstream events as a live stream has them: posts with facets, cards and replies, updates, deletes, and reposts of recent posts. */
export class BlueskyLines {
  readonly #next: () => number;
  readonly #shares: BlueskyShares;
  readonly #words: readonly string[];
  #posts = 0;
  #lines = 0;

  constructor(seed: number, shares: BlueskyShares) {
    this.#next = random(seed);
    this.#shares = shares;
    this.#words = Array.from({ length: 20_000 }, () =>
      Array.from({ length: 1 + this.#below(4) }, () => this.#pick(SYLLABLES)).join(''),
    );
  }

  /** The next line, without newline. */
  line(): string {
    const n = this.#lines++;
    const dice = this.#next();
    if (this.#posts === 0) return this.#post(n);
    if (dice < this.#shares.reposts) return this.#repost(n);
    if (dice > 0.99) return this.#ofOld(n, 'delete');
    if (dice > 0.985) return this.#ofOld(n, 'update');
    return this.#post(n);
  }

  #post(n: number): string {
    const number = this.#posts++;
    return this.#event(n, didOf(number), 'create', POST, keyOf(number), this.#record(number));
  }

  /** Now and then of a post that is not there, or not yet. */
  #repost(n: number): string {
    const unknown = this.#next() < 0.1;
    const number = unknown ? this.#posts + this.#below(1000) : this.#recent();
    const uri = `at://${didOf(number)}/${POST}/${keyOf(number)}`;
    const record = { $type: REPOST, subject: { uri, cid: cidOf(number) }, createdAt: '2026-07-01T00:00:00.000Z' };
    return this.#event(n, didOf(this.#below(500_000)), 'create', REPOST, `r${keyOf(n)}`, record);
  }

  #ofOld(n: number, operation: 'update' | 'delete'): string {
    const number = this.#recent();
    const record = operation === 'update' ? this.#record(number) : null;
    return this.#event(n, didOf(number), operation, POST, keyOf(number), record);
  }

  #event(n: number, did: string, operation: string, collection: string, rkey: string, record: object | null): string {
    const commit = {
      rev: keyOf(n),
      operation,
      collection,
      rkey,
      ...(record === null ? {} : { record, cid: cidOf(n) }),
    };
    return JSON.stringify({ did, time_us: START_US + n * 20_000, kind: 'commit', commit });
  }

  #record(number: number): object {
    const parts = Array.from({ length: 4 + this.#below(24) }, () => this.#word());
    if (this.#below(5) === 0) parts.push(this.#pick(OTHER_TEXTS));
    let text = parts.join(' ');
    const facets: object[] = [];
    const add = (part: string, type: string, fields: object): void => {
      const byteStart = Buffer.byteLength(text) + 1;
      text += ` ${part}`;
      const features = [{ $type: `app.bsky.richtext.facet#${type}`, ...fields }];
      facets.push({ index: { byteStart, byteEnd: byteStart + Buffer.byteLength(part) }, features });
    };
    if (this.#below(4) === 0) {
      const tag = this.#word();
      add(`#${tag}`, 'tag', { tag });
    }
    if (this.#below(4) === 0) add(`@${this.#word()}.bsky.social`, 'mention', { did: didOf(this.#below(number + 1)) });
    if (this.#below(5) === 0) {
      const host = `${this.#word()}.com`;
      add(`${host}/…`, 'link', { uri: `https://www.${host}/${this.#word()}/${this.#word()}` });
    }
    const parent = { uri: `at://${didOf(0)}/${POST}/${keyOf(0)}`, cid: cidOf(0) };
    return {
      $type: POST,
      text,
      createdAt: '2026-07-01T00:00:00.000Z',
      langs: [this.#pick(LANGUAGES)],
      ...(facets.length === 0 ? {} : { facets }),
      ...(this.#below(3) === 0 ? { reply: { parent, root: parent } } : {}),
      ...(this.#below(6) === 0
        ? {
            embed: {
              $type: 'app.bsky.embed.external',
              external: { uri: `https://${this.#word()}.org/${keyOf(number)}`, title: text },
            },
          }
        : {}),
    };
  }

  #recent(): number {
    return Math.max(0, this.#posts - 1 - Math.floor(this.#shares.reach * this.#next() ** 3));
  }

  #word(): string {
    return this.#words[Math.floor(this.#words.length * this.#next() ** 4)] ?? 'word';
  }

  #below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }
}

function didOf(number: number): string {
  return `did:plc:${(number * 7919).toString(32).padStart(24, 'a')}`;
}

function keyOf(number: number): string {
  return `3m${number.toString(32).padStart(11, '2')}`;
}

function cidOf(number: number): string {
  return `bafyrei${number.toString(32).padStart(52, 'q')}`;
}

import type { JetstreamEvent } from './jetstream-event.ts';

const POSTS = 'app.bsky.feed.post';
const REPOSTS = 'app.bsky.feed.repost';
const TID_LETTERS = '234567abcdefghijklmnopqrstuvwxyz';
const CID_LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
/** Posts that a repost, a reply or a delete may be about. */
const RECENT = 1000;

const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  en: [
    'the new climate report',
    'a volcano in Iceland',
    'tonight’s football match',
    'open source software',
    'my cat 🐈',
  ],
  de: [
    'der neue Klimabericht',
    'ein Vulkan auf Island',
    'das Spiel von heute Abend',
    'freie Software',
    'die Straßenbahn',
  ],
  ja: ['新しい気候報告', '火山の噴火', '今夜のサッカーの試合', '東京の天気', '私の猫🐈'],
  es: [
    'el nuevo informe del clima',
    'un volcán en Islandia',
    'el partido de esta noche',
    'el café ☕ de la mañana',
    'la música',
  ],
};
const PHRASES: Readonly<Record<string, readonly string[]>> = {
  en: ['Everybody talks about', 'I did not expect', 'So happy about', 'Reading up on', 'What do you think of'],
  de: ['Alle reden über', 'Ich freue mich auf', 'Gestern las ich über', 'Was haltet ihr von', 'Endlich Neues über'],
  ja: ['みんなが話している', '楽しみにしている', '読んだばかりの', '気になる', 'すごいと思う'],
  es: ['Todos hablan de', 'No esperaba', 'Qué alegría', 'Estoy leyendo sobre', '¿Qué pensáis de'],
};
const TAGS = ['climate', 'Vulkan', 'fútbol', '東京', 'opensource', 'caturday'];
const ENDINGS = ['', ' 😀', ' 👩‍👩‍👧‍👦', ' 🇯🇵!', ' …', '\nhttps://example.org/news'];
const LANGUAGES = Object.keys(SUBJECTS);

export interface GeneratedShares {
  readonly reposts: number;
  readonly deletes: number;
  readonly identities: number;
  readonly accounts: number;
}

/** About what the public stream of posts and reposts carries. */
const SHARES: GeneratedShares = { reposts: 0.3, deletes: 0.03, identities: 0.005, accounts: 0.005 };

/** Events like those of the public stream, made up; the same seed gives the same ones. */
export class GeneratedEvents {
  readonly #random: () => number;
  readonly #authors: number;
  readonly #shares: GeneratedShares;
  readonly #records: readonly string[];
  readonly #recent: { readonly did: string; readonly rkey: string; readonly cid: string }[] = [];
  #count = 0;

  constructor(seed = 1, authors = 5000, shares: Partial<GeneratedShares> = {}) {
    this.#random = mulberry(seed);
    this.#authors = authors;
    this.#shares = { ...SHARES, ...shares };
    this.#records = Array.from({ length: 4000 }, () => this.#record());
  }

  /** @param timeUs - of the event, µs since 1970. */
  next(timeUs: number): JetstreamEvent {
    this.#count += 1;
    const { reposts, deletes, identities, accounts } = this.#shares;
    const did = didOf(Math.floor(this.#random() ** 2 * this.#authors));
    let dice = this.#random();
    if ((dice -= identities) < 0) {
      const body = JSON.stringify({ did, handle: handleOf(did), seq: this.#count, time: isoMs(timeUs) });
      return { did, timeUs, content: { kind: 'identity', body } };
    }
    if ((dice -= accounts) < 0) {
      const body = JSON.stringify({ active: true, did, seq: this.#count, time: isoMs(timeUs) });
      return { did, timeUs, content: { kind: 'account', body } };
    }
    const rkey = tid(timeUs, this.#count);
    const original = this.#recent[Math.floor(this.#random() * this.#recent.length)];
    if (original !== undefined && (dice -= deletes) < 0) {
      const { did: author, rkey: key } = original;
      const content = { kind: 'commit', operation: 'delete', collection: POSTS, rkey: key, rev: rkey } as const;
      return { did: author, timeUs, content };
    }
    const cid = cidOf(this.#count);
    if (original !== undefined && dice < reposts) {
      const subject = { cid: original.cid, uri: `at://${original.did}/${POSTS}/${original.rkey}` };
      const record = JSON.stringify({ $type: REPOSTS, createdAt: isoMs(timeUs), subject });
      const content = {
        kind: 'commit',
        operation: 'create',
        collection: REPOSTS,
        rkey,
        rev: rkey,
        record,
        cid,
      } as const;
      return { did, timeUs, content };
    }
    const record = this.#records[Math.floor(this.#random() * this.#records.length)] ?? '{}';
    if (this.#recent.length < RECENT) this.#recent.push({ did, rkey, cid });
    else this.#recent[this.#count % RECENT] = { did, rkey, cid };
    return {
      did,
      timeUs,
      content: { kind: 'commit', operation: 'create', collection: POSTS, rkey, rev: rkey, record, cid },
    };
  }

  #record(): string {
    const language = this.#pick(LANGUAGES);
    const tag = this.#random() < 0.3 ? this.#pick(TAGS) : null;
    const opening = `${this.#pick(PHRASES[language] ?? [])} ${this.#pick(SUBJECTS[language] ?? [])}`;
    const text = `${opening}${tag === null ? '' : ` #${tag}`}${this.#pick(ENDINGS)}`;
    const byteStart = Buffer.byteLength(opening) + 1;
    const facet = {
      features: [{ $type: 'app.bsky.richtext.facet#tag', tag }],
      index: { byteEnd: byteStart + 1 + Buffer.byteLength(tag ?? ''), byteStart },
    };
    return JSON.stringify({
      $type: POSTS,
      createdAt: '2026-01-01T00:00:00.000Z',
      ...(tag === null ? {} : { facets: [facet] }),
      langs: [language],
      text,
    });
  }

  #pick(from: readonly string[]): string {
    return from[Math.floor(this.#random() * from.length)] ?? '';
  }
}

/** The DID of the author of this number. */
export function didOf(author: number): string {
  return `did:plc:${letters(author + 1, 24, TID_LETTERS)}`;
}

/** The handle that a generated author has. */
export function handleOf(did: string): string {
  return `${did.slice(-6)}.bsky.example`;
}

/** A record key: a time in µs and a number, in letters that sort like them. */
export function tid(timeUs: number, clock: number): string {
  return letters(timeUs, 11, TID_LETTERS) + letters(clock % 1024, 2, TID_LETTERS);
}

function cidOf(count: number): string {
  return `bafyrei${letters(count * 2_654_435, 52, CID_LETTERS)}`;
}

function letters(value: number, length: number, alphabet: string): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = (alphabet[rest % 32] ?? '') + text;
  return text;
}

function isoMs(timeUs: number): string {
  return new Date(Math.floor(timeUs / 1000)).toISOString();
}

function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

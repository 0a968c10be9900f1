import { HOUR_MS } from '@analytica/domain';

/** A small, quick generator of numbers in [0, 1): the same seed gives the same lines. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const SYLLABLES = 'ka lo mi ter an so ve ri du pen sha el no qui bar ost ly gra un fe'.split(' ');
const OTHER_TEXTS = ['東京は今日も晴れです', 'مرحبا بالعالم', '오늘 날씨가 좋다', 'año nuevo en España', '😀🎉 👩‍👩‍👧'];
const BASE_ID = 1_146_000_000_000_000_000n;

/** X v1.1 tweets like those of the sample stream: user, entities, half of them retweets with their original; 2.5 to 4 KB. */
export class TweetLines {
  readonly #next = random(7);
  readonly #words: readonly string[];

  constructor() {
    this.#words = Array.from({ length: 20_000 }, () =>
      Array.from({ length: 1 + this.#below(4) }, () => this.#pick(SYLLABLES)).join(''),
    );
  }

  /** The n-th line; every line has an id of its own. */
  line(n: number): string {
    const time = Date.UTC(2026, 0, 1) + n * 20;
    const tweet = this.#tweet(n * 2, time);
    if (n % 2 === 0) return JSON.stringify(tweet);
    const original = this.#tweet(n * 2 + 1, time - 60_000 - this.#below(HOUR_MS));
    const text = `RT @${original.user.screen_name}: ${original.text}`.slice(0, 140);
    const { entities: _own, ...rest } = tweet;
    return JSON.stringify({ ...rest, text, entities: original.entities, retweeted_status: original });
  }

  #tweet(n: number, time: number) {
    const { text, entities } = this.#text();
    const id = String(BASE_ID + BigInt(n));
    return {
      created_at: twitterTime(time),
      id: Number(id),
      id_str: id,
      text,
      display_text_range: [0, text.length],
      source: '<a href="http://twitter.com/download/iphone" rel="nofollow">Twitter for iPhone</a>',
      truncated: false,
      in_reply_to_status_id: null,
      in_reply_to_status_id_str: n % 7 === 0 ? String(BASE_ID - BigInt(n + 1)) : null,
      in_reply_to_user_id: null,
      in_reply_to_user_id_str: null,
      in_reply_to_screen_name: null,
      user: this.#user(),
      geo: null,
      coordinates: null,
      place: null,
      contributors: null,
      is_quote_status: false,
      quote_count: this.#below(10),
      reply_count: this.#below(10),
      retweet_count: this.#below(1000),
      favorite_count: this.#below(1000),
      entities,
      favorited: false,
      retweeted: false,
      filter_level: 'low',
      lang: this.#pick(['en', 'en', 'en', 'es', 'ja', 'ar', 'ko', 'und']),
      timestamp_ms: String(time),
    };
  }

  #text() {
    const parts = Array.from({ length: 6 + this.#below(16) }, () => this.#word());
    if (this.#below(5) === 0) parts.push(this.#pick(OTHER_TEXTS));
    let text = parts.join(' ');
    const add = (part: string): [number, number] => {
      const from = Array.from(text).length + 1;
      text += ` ${part}`;
      return [from, from + Array.from(part).length];
    };
    const hashtags = Array.from({ length: this.#below(3) }, () => {
      const tag = this.#word();
      return { text: tag, indices: add(`#${tag}`) };
    });
    const user_mentions = Array.from({ length: this.#below(3) }, () => {
      const name = this.#word();
      return { screen_name: name, name, id: 1, id_str: '1', indices: add(`@${name}`) };
    });
    const urls = Array.from({ length: this.#below(2) }, () => {
      const path = this.#word();
      const url = `https://t.co/${path}`;
      return { url, expanded_url: `https://${this.#word()}.com/${path}`, display_url: path, indices: add(url) };
    });
    return { text, entities: { hashtags, urls, user_mentions, symbols: [] } };
  }

  #user() {
    const n = Math.floor(200_000 * this.#next() ** 3);
    const image = `http://pbs.twimg.com/profile_images/${String(BASE_ID + BigInt(n))}/abcdefgh_normal.jpg`;
    return {
      id: 10_000 + n,
      id_str: String(10_000 + n),
      name: `${this.#word()} ${this.#word()}`,
      screen_name: `user_${String(n)}`,
      location: this.#word(),
      url: null,
      description: Array.from({ length: 12 }, () => this.#word()).join(' '),
      translator_type: 'none',
      protected: false,
      verified: false,
      followers_count: this.#below(100_000),
      friends_count: this.#below(2000),
      listed_count: this.#below(100),
      favourites_count: this.#below(50_000),
      statuses_count: this.#below(90_000),
      created_at: 'Tue Mar 05 10:11:12 +0000 2013',
      utc_offset: null,
      time_zone: null,
      geo_enabled: true,
      lang: null,
      contributors_enabled: false,
      is_translator: false,
      profile_background_color: 'C0DEED',
      profile_background_image_url: 'http://abs.twimg.com/images/themes/theme1/bg.png',
      profile_background_image_url_https: 'https://abs.twimg.com/images/themes/theme1/bg.png',
      profile_background_tile: false,
      profile_link_color: '1DA1F2',
      profile_sidebar_border_color: 'C0DEED',
      profile_sidebar_fill_color: 'DDEEF6',
      profile_text_color: '333333',
      profile_use_background_image: true,
      profile_image_url: image,
      profile_image_url_https: image.replace('http:', 'https:'),
      profile_banner_url: `https://pbs.twimg.com/profile_banners/${String(10_000 + n)}/1560000000`,
      default_profile: true,
      default_profile_image: false,
      following: null,
      follow_request_sent: null,
      notifications: null,
    };
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

/** `Wed Jul 03 12:00:00 +0000 2019`. */
function twitterTime(time: number): string {
  const [weekday, day, month, year, clock] = new Date(time).toUTCString().replace(',', '').split(' ');
  return [weekday, month, day, clock, '+0000', year].join(' ');
}

import { beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from './communities.js';
import { generateLines } from './demo-source.js';
import { burstOfWindow, burstWindow, ratePerSecond } from './rate-curve.js';

const HOUR = 3_600_000;
const TO = Date.parse('2026-03-11T14:00:00.000Z');
const FROM = TO - 8 * HOUR;
const SEED = 42;

interface Indexed {
  indices: [number, number];
}
interface Entities {
  hashtags: (Indexed & { text: string })[];
  user_mentions: (Indexed & { screen_name: string })[];
  urls: (Indexed & { url: string; expanded_url: string })[];
}
interface Status {
  id_str: string;
  created_at: string;
  text: string;
  truncated: boolean;
  lang: string;
  entities: Entities;
  user: { id_str: string; screen_name: string; followers_count: number };
  place: { country_code: string } | null;
  extended_tweet?: { full_text: string; entities: Entities };
  retweeted_status?: Status;
  quoted_status?: Status;
  quoted_status_id_str?: string;
  in_reply_to_status_id_str: string | null;
  timestamp_ms?: string;
}
interface Delete {
  delete: { status: { id_str: string; user_id_str: string } };
}

const timeOf = (id: string) => Number((BigInt(id) >> 22n) + 1288834974657n);

describe('the demo stream', () => {
  let lines: string[];
  let posts: Status[];
  let deletes: Delete[];
  let statuses: Status[];

  beforeAll(() => {
    lines = [...generateLines({ seed: SEED, from: FROM, to: TO, rate: 1 })].map(String);
    const parsed = lines.map((line) => JSON.parse(line) as Status | Delete);
    posts = parsed.filter((line): line is Status => !('delete' in line));
    deletes = parsed.filter((line): line is Delete => 'delete' in line);
    statuses = posts.flatMap((post) =>
      [post, post.retweeted_status, post.quoted_status].filter((status) => status !== undefined),
    );
  });

  it('is the same for the same seed, another for another', () => {
    const again = [...generateLines({ seed: SEED, from: FROM, to: FROM + HOUR, rate: 1 })].map(String);
    expect(again).toEqual(lines.slice(0, again.length));
    const other = [...generateLines({ seed: SEED + 1, from: FROM, to: FROM + HOUR, rate: 1 })].map(String);
    const known = new Set(again);
    expect(other.some((line) => known.has(line))).toBe(false);
  });

  it('has about half retweets, and replies, quotes, places, long and late posts', () => {
    const share = (test: (post: Status) => boolean) => posts.filter(test).length / posts.length;
    expect(share((post) => post.retweeted_status !== undefined)).toBeGreaterThan(0.45);
    expect(share((post) => post.retweeted_status !== undefined)).toBeLessThan(0.55);
    expect(share((post) => post.in_reply_to_status_id_str !== null)).toBeGreaterThan(0.1);
    expect(share((post) => post.quoted_status !== undefined && post.retweeted_status === undefined)).toBeGreaterThan(
      0.03,
    );
    expect(share((post) => post.place !== null)).toBeGreaterThan(0.01);
    expect(share((post) => post.extended_tweet !== undefined)).toBeGreaterThan(0.01);
    let late = 0;
    let newest = 0;
    for (const post of posts) {
      if (timeOf(post.id_str) < newest - 3 * 60_000) late += 1;
      newest = Math.max(newest, timeOf(post.id_str));
    }
    expect(late).toBeGreaterThan(3);
    expect(late / posts.length).toBeLessThan(0.005);
  });

  it('repeats an id only in exact duplicates', () => {
    const byId = new Map<string, string>();
    let repeats = 0;
    lines.forEach((line) => {
      const id = (JSON.parse(line) as Partial<Status>).id_str;
      if (id === undefined) return;
      const known = byId.get(id);
      if (known !== undefined) {
        if (line !== known) throw new Error(`two posts have the id ${id}`);
        repeats += 1;
      }
      byId.set(id, line);
    });
    expect(repeats / posts.length).toBeGreaterThan(0.001);
    expect(repeats / posts.length).toBeLessThan(0.006);
  });

  it('puts the time into the id, and refers to the past only', () => {
    const wrong = statuses.filter((status) => {
      const time = timeOf(status.id_str);
      const earlier = [status.retweeted_status?.id_str, status.quoted_status_id_str, status.in_reply_to_status_id_str];
      return (
        Math.floor(time / 1000) * 1000 !== Date.parse(status.created_at) ||
        (status.timestamp_ms !== undefined && Number(status.timestamp_ms) !== time) ||
        earlier.some((id) => typeof id === 'string' && BigInt(id) >= BigInt(status.id_str))
      );
    });
    expect(wrong).toEqual([]);
    expect(statuses.length).toBeGreaterThan(posts.length * 1.4);
  });

  it('has entities whose indices cover what they name, in the delivered text', () => {
    const wrong: unknown[] = [];
    let seen = 0;
    const check = (text: string, entities: Entities) => {
      const points = Array.from(text);
      const named: [Indexed, string][] = [
        ...entities.hashtags.map((tag): [Indexed, string] => [tag, `#${tag.text}`]),
        ...entities.user_mentions.map((mention): [Indexed, string] => [mention, `@${mention.screen_name}`]),
        ...entities.urls.map((url): [Indexed, string] => [url, url.url]),
      ];
      for (const [{ indices }, name] of named) {
        seen += 1;
        if (points.slice(indices[0], indices[1]).join('') !== name) wrong.push({ text, indices, name });
      }
      if (/&(?!(amp|lt|gt);)|[<>]/.test(text)) wrong.push({ text });
    };
    for (const status of statuses) {
      check(status.text, status.entities);
      if (status.extended_tweet) check(status.extended_tweet.full_text, status.extended_tweet.entities);
      if (status.truncated !== (status.extended_tweet !== undefined)) wrong.push(status);
      if (Array.from(status.text).length > 140) wrong.push(status);
    }
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(statuses.length / 2);
    expect(statuses.some((status) => status.text.includes('&amp;'))).toBe(true);
    expect(statuses.some((status) => status.text.includes('&lt;'))).toBe(true);
  });

  it('deletes about one in a hundred, always what came before', () => {
    const arrived = new Map<string, string>();
    let known = 0;
    for (const line of lines) {
      const parsed = JSON.parse(line) as Status | Delete;
      if (!('delete' in parsed)) {
        arrived.set(parsed.id_str, parsed.user.id_str);
        continue;
      }
      const { id_str: id, user_id_str: author } = parsed.delete.status;
      if (timeOf(id) < FROM) continue;
      expect(arrived.get(id)).toBe(author);
      known += 1;
    }
    expect(known).toBeGreaterThan(20);
    expect(deletes.length / posts.length).toBeGreaterThan(0.005);
    expect(deletes.length / posts.length).toBeLessThan(0.02);
  });

  it('speaks every language, and keeps its authors and names apart', () => {
    const languages = new Set(posts.map((post) => post.lang));
    for (const lang of [...LANGUAGES, 'und']) expect(languages).toContain(lang);
    const ids = new Map<string, string>();
    for (const { user } of statuses) {
      if ((ids.get(user.screen_name) ?? user.id_str) !== user.id_str) throw new Error(`two are ${user.screen_name}`);
      if (!/^[a-z0-9]{1,10}_demo$/.test(user.screen_name)) throw new Error(user.screen_name);
      ids.set(user.screen_name, user.id_str);
    }
    expect(ids.size).toBeGreaterThan(3000);
  });

  it('has few popular hashtags, retweets and authors, and many rare ones', () => {
    const counted = (keys: readonly string[]) => {
      const counts = new Map<string, number>();
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      return [...counts.values()].toSorted((a, b) => b - a);
    };
    const tags = counted(posts.flatMap((post) => post.entities.hashtags.map((tag) => tag.text.toLowerCase())));
    expect(tags[0]).toBeGreaterThan(3 * (tags[19] ?? 0));
    expect(tags.length).toBeGreaterThan(200);
    const retweeted = counted(posts.flatMap((post) => post.retweeted_status?.id_str ?? []));
    expect(retweeted[0]).toBeGreaterThan(20 * (retweeted[Math.floor(retweeted.length / 2)] ?? 0));
    const authors = counted(posts.map((post) => post.user.id_str));
    expect(authors[0]).toBeGreaterThan(10 * (authors[Math.floor(authors.length / 2)] ?? 0));
  });

  it('follows the rate curve, which has no step and two or three bursts a week', () => {
    let expected = 0;
    for (let t = FROM + 30_000; t < TO; t += 60_000) expected += 60 * ratePerSecond(t, SEED, 1);
    expect(posts.length / expected).toBeGreaterThan(0.96);
    expect(posts.length / expected).toBeLessThan(1.04);
    let week = 0;
    let steepest = 0;
    let before = ratePerSecond(TO - 168 * HOUR, SEED, 1);
    for (let t = TO - 168 * HOUR; t < TO; t += 5000) {
      const rate = ratePerSecond(t, SEED, 1);
      week += 5 * rate;
      steepest = Math.max(steepest, Math.abs(rate - before));
      before = rate;
    }
    expect(steepest).toBeLessThan(0.08);
    expect(week).toBeGreaterThan(260_000);
    expect(ratePerSecond(TO, SEED, 3)).toBeCloseTo(3 * ratePerSecond(TO, SEED, 1), 9);
    for (let seed = 1; seed <= 40; seed += 1) {
      const to = TO + seed * 7 * HOUR;
      const bursts = [0, 1, 2, 3].map((back) => burstOfWindow(seed, burstWindow(to) - back));
      const ofWeek = bursts.filter(({ startsAt }) => startsAt > to - 168 * HOUR && startsAt <= to);
      expect(ofWeek.length).toBeGreaterThanOrEqual(2);
      expect(ofWeek.length).toBeLessThanOrEqual(3);
      expect(ofWeek.some(({ pick }) => pick === 0)).toBe(true);
    }
  });
});

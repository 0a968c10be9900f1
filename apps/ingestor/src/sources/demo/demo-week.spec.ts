import { beforeAll, describe, expect, it } from 'vitest';
import { generateLines } from './demo-source.js';
import { burstOfWindow, burstWindow } from './rate-curve.js';

const HOUR = 3_600_000;
const TO = Date.parse('2026-03-11T14:00:00.000Z');
const HOURS = 168;
const FROM = TO - HOURS * HOUR;
const SEED = 1;

interface Status {
  id_str: string;
  timestamp_ms?: string;
  text: string;
  retweet_count: number;
  entities: { hashtags: { text: string }[]; user_mentions: { screen_name: string }[] };
  extended_tweet?: { full_text: string; entities: Status['entities'] };
  retweeted_status?: Status;
}

interface Passed {
  times: number;
  reported: { at: number; count: number }[];
}

describe('a week of the demo', () => {
  let posts = 0;
  let retweets = 0;
  const hourly = { coffee: new Array<number>(HOURS).fill(0), nightTrains: new Array<number>(HOURS).fill(0) };
  const snow = new Array<number>(HOURS).fill(0);
  const tags = new Map<string, number>();
  const mentions = new Map<string, number>();
  const passed = new Map<string, Passed>();
  let short = 0;

  const note = (status: Status, at: number) => {
    const shown = status.retweeted_status ?? status;
    const text = (shown.extended_tweet?.full_text ?? shown.text).toLowerCase();
    const entities = shown.extended_tweet?.entities ?? shown.entities;
    const hour = Math.floor((at - FROM) / HOUR);
    const add = (row: number[]) => {
      if (hour >= 0 && hour < HOURS) row[hour] = (row[hour] ?? 0) + 1;
    };
    if (/night trains|#nighttrains/.test(text)) add(hourly.nightTrains);
    if (text.includes('#firstsnow')) add(snow);
    if (!/\bcoffee\b/.test(text)) return;
    add(hourly.coffee);
    for (const tag of entities.hashtags) tags.set(tag.text.toLowerCase(), (tags.get(tag.text.toLowerCase()) ?? 0) + 1);
    for (const { screen_name: name } of entities.user_mentions) mentions.set(name, (mentions.get(name) ?? 0) + 1);
  };

  beforeAll(() => {
    const seen = new Set<string>();
    for (const line of generateLines({ seed: SEED, from: FROM, to: TO, rate: 1 })) {
      const status = JSON.parse(line.toString()) as Status;
      if (!('id_str' in status)) continue;
      posts += 1;
      const at = Number(status.timestamp_ms);
      note(status, at);
      const original = status.retweeted_status;
      if (original === undefined) continue;
      retweets += 1;
      if (seen.has(status.id_str)) continue;
      seen.add(status.id_str);
      const known = passed.get(original.id_str) ?? { times: 0, reported: [] };
      known.times += 1;
      known.reported.push({ at, count: original.retweet_count });
      if (known.times > original.retweet_count) short += 1;
      passed.set(original.id_str, known);
    }
  }, 600_000);

  it('has more than 260,000 posts, about half of them retweets', () => {
    expect(posts).toBeGreaterThan(260_000);
    expect(retweets / posts).toBeGreaterThan(0.45);
    expect(retweets / posts).toBeLessThan(0.55);
  });

  it.each(['coffee', 'nightTrains'] as const)('shows day and night in %s, on every day', (topic) => {
    const ofDay = new Array<number>(24).fill(0);
    hourly[topic].forEach((count, hour) => (ofDay[hour % 24] = (ofDay[hour % 24] ?? 0) + count));
    const sorted = ofDay.toSorted((a, b) => a - b);
    const mean = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(mean(sorted.slice(-4)) / mean(sorted.slice(0, 4))).toBeGreaterThan(5);
    const days = Array.from({ length: 7 }, (_, day) => hourly[topic].slice(day * 24, day * 24 + 24));
    for (const day of days) {
      const ranked = day.toSorted((a, b) => a - b);
      expect(mean(ranked.slice(-4)) / Math.max(1, mean(ranked.slice(0, 4)))).toBeGreaterThan(2.5);
    }
    const daily = days.map(mean);
    expect(Math.max(...daily) / Math.min(...daily)).toBeLessThan(3.5);
  });

  it('has a steep burst that fades within hours', () => {
    const bursts = [0, 1, 2, 3].map((back) => burstOfWindow(SEED, burstWindow(TO) - back));
    const burst = bursts.find(
      ({ startsAt, pick }) => pick === 0 && startsAt > FROM + 3 * HOUR && startsAt < TO - 9 * HOUR,
    );
    const hour = Math.floor(((burst?.startsAt ?? NaN) - FROM) / HOUR);
    const before = Math.max(snow[hour - 2] ?? 0, snow[hour - 1] ?? 0, 1);
    const peak = Math.max(snow[hour] ?? 0, snow[hour + 1] ?? 0);
    expect(peak / before).toBeGreaterThan(8);
    expect(snow[hour + 3] ?? 0).toBeGreaterThan(before);
    expect(snow[hour + 7] ?? Infinity).toBeLessThan(peak / 6);
  });

  it('has hashtags and mentions that go with a topic, falling off gradually', () => {
    const ranked = (counts: Map<string, number>) => [...counts].toSorted((a, b) => b[1] - a[1]);
    const [own, ...further] = ranked(tags);
    expect(own?.[0]).toBe('coffee');
    expect(further[0]?.[1]).toBeGreaterThan((own?.[1] ?? 0) / 12);
    expect(further[7]?.[1]).toBeGreaterThan((further[0]?.[1] ?? 0) / 10);
    expect(further.length).toBeGreaterThan(18);
    const voices = ranked(mentions).map(([, count]) => count);
    expect(voices[0]).toBeGreaterThan(3 * (voices[6] ?? 0));
    expect(voices[6]).toBeGreaterThan(10);
  });

  it('reports at least as many retweets as it shows, and never fewer than before', () => {
    expect(short).toBe(0);
    expect(Math.max(...[...passed.values()].map(({ times }) => times))).toBeGreaterThan(100);
    const fallen = [...passed.values()].filter(({ reported }) => {
      const counts = reported.toSorted((a, b) => a.at - b.at).map(({ count }) => count);
      return counts.some((count, index) => count < (counts[index - 1] ?? 0));
    });
    expect(fallen).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Disconnection } from './disconnection.js';
import { ReconnectSchedule } from './reconnect-schedule.js';
import { X_TIMINGS } from './timings.js';

const NETWORK: Disconnection = { type: 'network', detail: 'ECONNREFUSED' };
const SERVER_ERROR: Disconnection = { type: 'http', status: 503, detail: 'HTTP 503' };
const PLATFORM: Disconnection = { type: 'platform', detail: 'operational reasons' };
const limited = (resetsAt: number | null): Disconnection => ({
  type: 'rate-limited',
  resetsAt,
  isUsageCap: false,
  detail: 'HTTP 429',
});
const without = (random = 0): ReconnectSchedule => new ReconnectSchedule(X_TIMINGS, () => random);
const DAY = 86_400_000;

describe('ReconnectSchedule', () => {
  it('connects at once after a connection that stood', () => {
    const schedule = without(0.99);
    expect(schedule.delayAfter(NETWORK, 60_000, 0)).toBe(0);
    expect(schedule.delayAfter(PLATFORM, 60_000, 0)).toBe(0);
    expect(schedule.delayAfter({ type: 'stalled', detail: '' }, 21_000, 0)).toBe(0);
  });

  it('waits 250 ms more after each network error, up to 16 s', () => {
    const schedule = without();
    const delays = Array.from({ length: 70 }, () => schedule.delayAfter(NETWORK, null, 0));
    expect(delays.slice(0, 4)).toEqual([250, 500, 750, 1000]);
    expect(delays[63]).toBe(16_000);
    expect(delays[69]).toBe(16_000);
  });

  it('doubles after HTTP errors, from 5 s to 320 s', () => {
    const schedule = without();
    const delays = Array.from({ length: 9 }, () => schedule.delayAfter(SERVER_ERROR, null, 0));
    expect(delays).toEqual([5, 10, 20, 40, 80, 160, 320, 320, 320].map((seconds) => seconds * 1000));
  });

  it('doubles after HTTP 429, from 60 s on, and waits for the limit to reset', () => {
    const schedule = without();
    expect(schedule.delayAfter(limited(null), null, 0)).toBe(60_000);
    expect(schedule.delayAfter(limited(500_000), null, 0)).toBe(500_000);
    expect(schedule.delayAfter(limited(500_000), null, 400_000)).toBe(240_000);
    expect(schedule.delayAfter(limited(null), null, 0)).toBe(480_000);
    expect(schedule.delayAfter(limited(null), null, 0)).toBe(900_000);
    expect(schedule.delayAfter(limited(1), null, DAY)).toBe(900_000);
  });

  it('begins anew once a connection stood', () => {
    const schedule = without();
    for (const end of [NETWORK, NETWORK, SERVER_ERROR, SERVER_ERROR, limited(null), limited(null)]) {
      schedule.delayAfter(end, null, 0);
    }
    expect(schedule.delayAfter(NETWORK, 60_000, 0)).toBe(0);
    expect(schedule.delayAfter(NETWORK, null, 0)).toBe(250);
    expect(schedule.delayAfter(SERVER_ERROR, null, 0)).toBe(5000);
    expect(schedule.delayAfter(limited(null), null, 0)).toBe(60_000);
  });

  it('adds jitter, and is never sooner than X asks for', () => {
    const plain = without(0);
    const jittered = without(0.999);
    for (const end of [NETWORK, SERVER_ERROR, limited(null), limited(700_000)]) {
      const least = plain.delayAfter(end, null, 0);
      const most = jittered.delayAfter(end, null, 0);
      expect(most).toBeGreaterThan(least);
      expect(most).toBeLessThanOrEqual(least * 1.25);
      // An hour's worth of jitter would lose an hour's posts.
      expect(most - least).toBeLessThanOrEqual(5000);
    }
  });

  it('takes connections that break at once for failed attempts, from the second on', () => {
    const schedule = without();
    const broken = Array.from({ length: 4 }, () => schedule.delayAfter(NETWORK, 10, 0));
    expect(broken).toEqual([0, 250, 500, 750]);
    expect(schedule.delayAfter(NETWORK, 60_000, 0)).toBe(0);
    const told = Array.from({ length: 4 }, () => schedule.delayAfter(PLATFORM, 10, 0));
    expect(told).toEqual([0, 5000, 10_000, 20_000]);
  });

  it('makes no more connects in 15 minutes than X allows', () => {
    const schedule = without();
    let now = DAY;
    const connects: number[] = [];
    for (let n = 0; n < 200; n += 1) {
      schedule.connecting(now);
      connects.push(now);
      now += schedule.delayAfter(NETWORK, null, now);
    }
    for (const [n, at] of connects.entries()) {
      const later = connects.slice(n).filter((each) => each < at + 900_000);
      expect(later.length).toBeLessThanOrEqual(50);
    }
  });
});

import { DAY_MS, HOUR_MS } from '@analytica/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleDataFile, exampleManifest } from '../testing.js';
import {
  type Ageing,
  AGREEMENT_MS,
  ageingOf,
  decideRetention,
  MAX_EXPIRED,
  MAX_PASS_MS,
  newestPostsOf,
  NO_RETENTION_STATE,
  type RetentionEvidence,
  type RetentionState,
} from './retention.js';

const START = Date.UTC(2026, 2, 1, 10);
const KEEP_MS = 8 * DAY_MS;
const MINUTE_MS = 60_000;

/** A lake of an hour's files each, from `-from` to `-to` hours before the start. */
function hours(from: number, to: number, keepMs = KEEP_MS): Ageing[] {
  return Array.from({ length: from - to }, (_, n) => ({
    key: `h${String(n - from)}`,
    endedAt: START + (n - from + 1) * HOUR_MS,
    keepMs,
    needsPosts: true,
  }));
}

/** Passes, one after the other, over what has not gone yet. */
class Passes {
  state: RetentionState = NO_RETENTION_STATE;
  left: readonly Ageing[];

  constructor(ageing: readonly Ageing[]) {
    this.left = ageing;
  }

  pass(evidence: Omit<RetentionEvidence, 'ageing'>): Ageing[] {
    const { state, expired } = decideRetention(this.state, { ...evidence, ageing: this.left });
    // What is kept in the lake goes through JSON.
    this.state = JSON.parse(JSON.stringify(state)) as RetentionState;
    const gone = this.left.filter(({ key }) => expired.includes(key));
    this.left = this.left.filter(({ key }) => !expired.includes(key));
    return gone;
  }
}

describe('decideRetention, whatever the clock says', () => {
  const newest = fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, START, null);
  const wrongTime = fc.oneof(
    fc.constantFrom(10 * DAY_MS, 365 * DAY_MS),
    fc.integer({ min: -1000, max: 1000 }).map((d) => d * DAY_MS),
  );
  const step = fc.record({
    elapsedMs: fc.oneof(fc.integer({ min: 0, max: 2 * MAX_PASS_MS }), fc.constant(MAX_PASS_MS)),
    wrongBy: wrongTime,
    newestPosts: newest,
  });
  /** A time in which the clock is wrong, less than two hours of running time long, and one in which it is right. */
  const episode = fc.record({
    wrongBy: wrongTime,
    newestPosts: newest,
    wrongMs: fc.oneof(fc.constant(AGREEMENT_MS - 1), fc.integer({ min: 0, max: AGREEMENT_MS - 1 })),
    rightPasses: fc.integer({ min: 1, max: 10 }),
    elapsedMs: fc.constantFrom(15_000, MINUTE_MS, MAX_PASS_MS),
    /** The process is started anew after a while. */
    awayMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: DAY_MS })),
  });

  it('takes nothing that the right clock keeps while no wrong time lasts for two hours of running time', () => {
    fc.assert(
      fc.property(fc.array(episode, { minLength: 1, maxLength: 6 }), (episodes) => {
        const passes = new Passes([...hours(200, 185), ...hours(30, 15), ...hours(-300, -305)]);
        let rightNow = START;
        const pass = (elapsedMs: number, wrongBy: number, newestPosts: number | null): void => {
          rightNow += elapsedMs;
          // What lies in the future had arrived by the start.
          for (const { endedAt } of passes.pass({ now: rightNow + wrongBy, elapsedMs, newestPosts })) {
            expect(Math.min(endedAt, START)).toBeLessThan(rightNow - KEEP_MS);
          }
        };
        for (const { wrongBy, newestPosts, wrongMs, rightPasses, elapsedMs, awayMs } of episodes) {
          pass(elapsedMs, wrongBy, newestPosts);
          let ms = 0;
          for (; ms + elapsedMs <= wrongMs; ms += elapsedMs) {
            // In the midst of it, too.
            if (ms === 0 && awayMs > 0) {
              rightNow += awayMs;
              pass(0, wrongBy, newestPosts);
            }
            pass(elapsedMs, wrongBy, newestPosts);
          }
          pass(wrongMs - ms, wrongBy, newestPosts);
          for (let n = 0; n < rightPasses; n += 1) pass(elapsedMs, 0, newestPosts);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('takes in the end all that a right clock takes, a bounded time after it was right again', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.array(fc.integer({ min: MINUTE_MS, max: MAX_PASS_MS }), { minLength: 24, maxLength: 24 }),
        (wrong, pace) => {
          const passes = new Passes(hours(400, 0));
          for (const { elapsedMs, wrongBy, newestPosts } of wrong) {
            passes.pass({ now: START + wrongBy, elapsedMs, newestPosts });
          }
          const over = passes.left.filter(({ endedAt }) => endedAt < START - KEEP_MS).length;
          const bound = AGREEMENT_MS + (over / MAX_EXPIRED + 1) * HOUR_MS + 2 * MAX_PASS_MS;
          let now = START;
          for (let n = 0; now - START < bound; n += 1) {
            const elapsedMs = pace[n % pace.length] ?? MAX_PASS_MS;
            now += elapsedMs;
            passes.pass({ now, elapsedMs, newestPosts: now - 3 * HOUR_MS });
          }
          expect(passes.left.filter(({ endedAt }) => endedAt < START - KEEP_MS)).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never takes more at once than it may, oldest first', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 200 }), (steps) => {
        const passes = new Passes(hours(500, 0));
        let runningMs = 0;
        let taken = 0;
        let last = -Infinity;
        for (const { elapsedMs } of steps) {
          runningMs += elapsedMs;
          const gone = passes.pass({ now: START, elapsedMs, newestPosts: START });
          taken += gone.length;
          for (const { endedAt } of gone) {
            expect(endedAt).toBeGreaterThan(last);
            last = endedAt;
          }
          expect(taken).toBeLessThanOrEqual(MAX_EXPIRED * (1 + runningMs / HOUR_MS));
        }
      }),
    );
  });
});

describe('decideRetention', () => {
  const old = { key: 'old', endedAt: START - 9 * DAY_MS, keepMs: KEEP_MS, needsPosts: true };
  const right = { now: START, newestPosts: START };

  /** How much running time it takes until it goes, looked at every `everyMs`. */
  function goesAfter(passes: Passes, everyMs: number, evidence: { now: number; newestPosts: number | null }): number {
    for (let ms = 0; ms <= 4 * HOUR_MS; ms += everyMs) {
      if (passes.pass({ ...evidence, elapsedMs: ms === 0 ? 0 : everyMs }).length > 0) return ms;
    }
    return Infinity;
  }

  it('waits for two hours of running time, which add up over starts', () => {
    expect(goesAfter(new Passes([old]), MINUTE_MS, right)).toBe(AGREEMENT_MS);
    const passes = new Passes([old]);
    for (let start = 0; start < 5; start += 1) {
      for (let minute = 0; minute <= 20; minute += 1) {
        expect(passes.pass({ ...right, elapsedMs: minute === 0 ? 0 : MINUTE_MS })).toEqual([]);
      }
    }
    expect(goesAfter(passes, MINUTE_MS, right)).toBe(20 * MINUTE_MS);
  });

  it('counts from when all of it had arrived', () => {
    const edge = { now: old.endedAt + KEEP_MS, newestPosts: START };
    expect(goesAfter(new Passes([old]), MINUTE_MS, edge)).toBe(Infinity);
    expect(goesAfter(new Passes([old]), MINUTE_MS, { ...edge, now: edge.now + 1 })).toBe(AGREEMENT_MS);
  });

  it('begins anew after one pass that disagrees', () => {
    const passes = new Passes([old]);
    for (let minute = 0; minute < 119; minute += 1) passes.pass({ ...right, elapsedMs: MINUTE_MS });
    passes.pass({ now: START - 2 * DAY_MS, newestPosts: START, elapsedMs: MINUTE_MS });
    expect(goesAfter(passes, MINUTE_MS, right)).toBe(AGREEMENT_MS);
  });

  it('counts five minutes at most for a process that stood still', () => {
    const passes = new Passes([old]);
    passes.pass({ ...right, elapsedMs: 0 });
    expect(passes.pass({ ...right, elapsedMs: 10 * HOUR_MS })).toEqual([]);
    expect(passes.state.past['old']?.agreedMs).toBe(MAX_PASS_MS);
  });

  it('believes a clock no further than a day beyond the posts, and not at all without any', () => {
    const ahead = START + 100 * DAY_MS;
    expect(goesAfter(new Passes([old]), MINUTE_MS, { now: ahead, newestPosts: old.endedAt + 7 * DAY_MS })).toBe(
      Infinity,
    );
    expect(goesAfter(new Passes([old]), MINUTE_MS, { now: ahead, newestPosts: null })).toBe(Infinity);
    const letters = { ...old, needsPosts: false };
    expect(goesAfter(new Passes([letters]), MINUTE_MS, { ...right, newestPosts: null })).toBe(AGREEMENT_MS);
  });

  it('keeps what lies in the future as long as anything else, in running time from when it was found', () => {
    const wrong = { key: 'wrong', endedAt: START + 50 * 365 * DAY_MS, keepMs: 2 * DAY_MS, needsPosts: true };
    const passes = new Passes([wrong]);
    let runningMs = 0;
    while (passes.left.length > 0 && runningMs < 10 * DAY_MS) {
      passes.pass({ now: START + runningMs, newestPosts: START, elapsedMs: runningMs === 0 ? 0 : MAX_PASS_MS });
      runningMs += MAX_PASS_MS;
    }
    expect(runningMs).toBeGreaterThan(2 * DAY_MS + AGREEMENT_MS);
    expect(runningMs).toBeLessThan(2 * DAY_MS + AGREEMENT_MS + 3 * MAX_PASS_MS);
  });

  it('repeats what was not done', () => {
    const passes = new Passes([old]);
    goesAfter(passes, MINUTE_MS, right);
    passes.left = [old];
    expect(passes.pass({ ...right, elapsedMs: 0 })).toEqual([old]);
  });
});

describe('ageingOf', () => {
  const hour = START;
  const captured = exampleDataFile({ hour });
  const tombstones = { ...captured, path: `tombstones/${captured.path}` };
  const keysOf = (manifest: Parameters<typeof ageingOf>[0], days = 8): string[] =>
    ageingOf(manifest, days).map(({ key }) => key);

  it('has each hour once, with tombstones for twice as long', () => {
    const manifest = exampleManifest({ files: [captured, captured], tombstones: [tombstones] });
    expect(ageingOf(manifest, 8)).toEqual([
      { key: 'posts/2026/03/01/10', endedAt: hour + HOUR_MS, keepMs: 8 * DAY_MS, needsPosts: true },
      { key: 'tombstones/2026/03/01/10', endedAt: hour + HOUR_MS, keepMs: 16 * DAY_MS, needsPosts: true },
    ]);
    expect(keysOf(manifest, 0)).toEqual([]);
  });

  it('has no import, and no tombstones while there is one, readable or not', () => {
    const imported = exampleDataFile({ hour: hour - HOUR_MS, importName: 'july' });
    const manifest = exampleManifest({ files: [captured, imported], tombstones: [tombstones] });
    expect(keysOf(manifest)).toEqual(['posts/2026/03/01/10']);
    const setAside = { ...imported, reason: 'damaged', since: hour } as const;
    expect(keysOf({ ...manifest, files: [captured], unreadable: [setAside] })).toEqual(['posts/2026/03/01/10']);
  });

  it('has what was set aside', () => {
    const reason = { reason: 'missing', since: hour } as const;
    const nobody = { minCreatedAt: null, maxCreatedAt: null };
    const unreadable = [
      { ...captured, ...reason },
      { ...tombstones, ...reason, ...nobody },
    ];
    expect(keysOf(exampleManifest({ unreadable }))).toEqual(['posts/2026/03/01/10', 'tombstones/2026/03/01/10']);
  });
});

describe('newestPostsOf', () => {
  const file = (hour: number, maxCreatedAt: number, importName: string | null = null) =>
    exampleDataFile({ hour, maxCreatedAt, importName });

  it('is the time that three arrival hours have come to, whatever two others say', () => {
    const files = [file(1, 10), file(2, 20), file(2, 25), file(3, 30)];
    expect(newestPostsOf({ files: files.slice(0, 3) })).toBeNull();
    expect(newestPostsOf({ files })).toBe(10);
    expect(newestPostsOf({ files: [...files, file(4, 9e15), file(5, 8e15)] })).toBe(30);
    expect(newestPostsOf({ files: [...files, file(4, 9e15, 'a'), file(5, 8e15, 'a')] })).toBe(10);
  });
});

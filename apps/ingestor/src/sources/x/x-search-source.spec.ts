import { AppError } from '@analytica/domain';
import { type Gap, type GapCause, sourceStatusSchema } from '@analytica/domain/contracts';
import { describe, expect, it } from 'vitest';
import { generatedPost } from '../../../test/doubles/x-api-posts.ts';
import type { XApiDouble, XApiDoubleOptions } from '../../../test/doubles/x-api.ts';
import { accountOf, capture, type Captured, openDouble } from '../../../test/support/x-stream.js';
import { normaliseLine } from '../../normalise/normalise-line.js';
import type { Source } from '../source.js';
import type { SearchTimings } from './search-timings.js';
import type { UsageLimits } from './usage.js';
import { createXSearchSource, type XSearchOptions } from './x-search-source.js';

const NOW = Date.UTC(2026, 10, 29, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;
const QUICK: Partial<SearchTimings> = {
  settleMs: -DAY,
  pageEveryMs: 0,
  countEveryMs: 0,
  lookEveryMs: 5,
  retryFirstMs: 5,
  rateFirstMs: 10,
};
const WHOLE = { value: 'everything -is:retweet', tag: 'all' };

/** Posts a minute apart up to a minute ago, one in five of them a retweet. */
async function openArchive(count: number, options: XApiDoubleOptions = {}): Promise<XApiDouble> {
  // X's own clock: search does not reach the last seconds.
  const double = await openDouble({ rules: [WHOLE], now: () => NOW + MINUTE, ...options });
  for (let n = 1; n <= count; n += 1) double.publish(generatedPost(n, NOW - n * MINUTE));
  return double;
}

/** Answers the n-th search for a later page, from 0 on, where `statuses` has a status for it. */
function failingPages(statuses: (number | undefined)[]): XApiDoubleOptions {
  return {
    answer: ({ path, query }) => {
      if (path !== '/2/tweets/search/recent' || !query.has('next_token')) return undefined;
      const status = statuses.shift();
      return status === undefined ? undefined : { status, body: { title: 'Invalid Request' } };
    },
  };
}

interface SearchOptions extends Partial<Pick<XSearchOptions, 'backfillDays' | 'refillMaxPosts'>> {
  readonly gaps?: readonly Gap[];
  readonly limits?: Partial<UsageLimits>;
  readonly told?: string[];
  readonly now?: () => number;
  readonly timings?: Partial<SearchTimings>;
}

function searchOf(double: XApiDouble, options: SearchOptions = {}): Source {
  const now = options.now ?? (() => NOW);
  const source = createXSearchSource({
    name: 'x-search',
    refills: 'x-filtered',
    state: accountOf(double, { now, limits: options.limits ?? {}, times: { rulesEveryMs: 0 } }),
    backfillDays: options.backfillDays ?? 0,
    refillMaxPosts: options.refillMaxPosts ?? null,
    now,
    timings: { ...QUICK, ...options.timings },
  });
  source.attach?.({ gaps: () => options.gaps ?? [], tell: (sentence) => options.told?.push(sentence) });
  return source;
}

const gap = (from: number, to: number | null, cause: GapCause = 'DISCONNECTED'): Gap => ({
  source: 'x-filtered',
  from,
  to,
  cause,
  status: to === null ? 'OPEN' : 'CLOSED',
  refilled: 0,
});
const postsOf = (lines: readonly Buffer[]) =>
  lines
    .flatMap((line) => normaliseLine(line, { arrivedAt: NOW, path: 'search', source: 'x', shiftMs: 0 }))
    .flatMap((each) => (each.kind === 'post' ? [each.post] : []));
const idsOf = (lines: readonly Buffer[]): string[] => postsOf(lines).map(({ id }) => id);
/** What search finds of the n-th posts from `first` to `last`. */
const wanted = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .filter((n) => n % 5 !== 0)
    .map((n) => generatedPost(n, NOW - n * MINUTE).id);
const searches = (double: XApiDouble) => double.requests.filter(({ path }) => path === '/2/tweets/search/recent');
const isBackfilled = ({ batches }: Captured): boolean =>
  String(batches.at(-1)?.cursor['search']).includes('"backfill":null');

describe('x-search: backfill', () => {
  it('reads the days before for each rule, and says first what it costs', async () => {
    const double = await openArchive(1800);
    const told: string[] = [];
    const source = searchOf(double, { backfillDays: 1, told });
    const seen = await capture(source, isBackfilled);
    expect(idsOf(seen.lines).sort()).toEqual(wanted(1, 1440).sort());
    expect(seen.batches.every(({ path }) => path === 'backfill')).toBe(true);
    expect(postsOf(seen.lines).every(({ rule_tags: tags }) => tags[0] === 'all')).toBe(true);
    expect(told).toEqual([
      'x-search reads what the rule "everything -is:retweet" matched in the last day: about 1,152 posts, about $5.76.',
    ]);
    const order = double.requests.map(({ path }) => path).filter((path) => /counts|recent/.test(path));
    expect(order.slice(0, 2)).toEqual(['/2/tweets/counts/recent', '/2/tweets/search/recent']);
    expect(order).toHaveLength(13);
    expect(sourceStatusSchema.parse(source.status())).toMatchObject({
      state: 'LIVE',
      problems: [],
      usage: { posts: 1152 },
    });
  });

  it('goes on in the middle after a restart, and reads nothing twice', async () => {
    const double = await openArchive(700);
    const before = await capture(searchOf(double, { backfillDays: 1 }), ({ batches }) => batches.length === 2);
    const cursor = before.batches.at(-1)?.cursor ?? null;
    const requests = double.requests.length;
    const after = await capture(searchOf(double, { backfillDays: 1 }), isBackfilled, cursor);
    expect(idsOf([...before.lines, ...after.lines])).toHaveLength(560);
    expect(new Set(idsOf([...before.lines, ...after.lines]))).toEqual(new Set(wanted(1, 700)));
    expect(double.requests.slice(requests).some(({ path }) => path.includes('counts'))).toBe(false);

    const done = after.batches.at(-1)?.cursor ?? null;
    double.rules.change({ add: [{ value: 'coffee -is:retweet' }] }, false);
    const told: string[] = [];
    const later = await capture(searchOf(double, { backfillDays: 1, told }), isBackfilled, done);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/the rule "coffee -is:retweet"/);
    expect(later.lines.length).toBeGreaterThan(0);
  });

  it('reads all of a week, though its beginning passes out of reach on the way', async () => {
    let elapsed = 0;
    const double = await openArchive(10_080, {
      now: () => NOW + MINUTE + elapsed,
      answer: ({ path }) => {
        if (path === '/2/tweets/search/recent') elapsed += 6_000;
        return undefined;
      },
    });
    const source = searchOf(double, { backfillDays: 7, now: () => NOW + elapsed });
    const seen = await capture(source, isBackfilled);
    expect(elapsed).toBeGreaterThan(8 * MINUTE);
    const lost = 3 + Math.ceil(elapsed / MINUTE);
    expect(new Set(idsOf(seen.lines))).toEqual(new Set([...wanted(1, 10_080 - lost), ...idsOf(seen.lines)]));
    // Where it goes on, the oldest post is read once more.
    expect(idsOf(seen.lines).length - new Set(idsOf(seen.lines)).size).toBeLessThan(10);
  });

  it('goes on at the oldest post where X knows a page no more', async () => {
    const double = await openArchive(700, failingPages([undefined, 400, undefined, 404]));
    const seen = await capture(searchOf(double, { backfillDays: 1 }), isBackfilled);
    expect([...new Set(idsOf(seen.lines))].sort()).toEqual(wanted(1, 700).sort());
    expect(idsOf(seen.lines)).toHaveLength(560 + 2);
  });

  it('does not take a rule as read that X refuses in the midst of it', async () => {
    let isRefusing = false;
    const refused = { status: 400, body: { title: 'Invalid Request', errors: [{ message: 'not now' }] } };
    const double = await openArchive(700, {
      answer: ({ path }) => (isRefusing && path === '/2/tweets/search/recent' ? refused : undefined),
    });
    const before = await capture(searchOf(double, { backfillDays: 1 }), ({ batches }) => batches.length === 2);
    const cursor = before.batches.at(-1)?.cursor ?? null;
    isRefusing = true;
    const source = searchOf(double, { backfillDays: 1 });
    const stop = new AbortController();
    const next = source
      .batches(cursor, stop.signal)
      [Symbol.asyncIterator]()
      .next()
      .catch(() => null);
    await expect.poll(() => source.status().rules?.[0]?.problem).toContain('not now');
    stop.abort();
    await next;
    isRefusing = false;
    const after = await capture(searchOf(double, { backfillDays: 1 }), isBackfilled, cursor);
    expect(new Set(idsOf([...before.lines, ...after.lines]))).toEqual(new Set(wanted(1, 700)));
  });

  it('leaves out what costs more than is left, and names what search does not understand', async () => {
    const rules = [WHOLE, { value: 'coffee bio:barista' }, { value: `coffee ${'x'.repeat(600)}` }];
    const double = await openArchive(700, { rules });
    const source = searchOf(double, { backfillDays: 1, limits: { maxPosts: 100 } });
    const stop = new AbortController();
    const next = source
      .batches(null, stop.signal)
      [Symbol.asyncIterator]()
      .next()
      .catch(() => null);
    await expect
      .poll(() => source.status().problems)
      .toContain(
        'x-search leaves out what the rule "everything -is:retweet" matched in the last day: about 560 posts, about $2.80, and 100 may still be read this month.',
      );
    expect(searches(double)).toHaveLength(0);
    expect(source.status().rules?.map(({ problem }) => problem)).toEqual([
      null,
      'x-search leaves it out: search has no operator "bio:"',
      'x-search leaves it out: it has 607 characters, and search takes 512',
    ]);
    stop.abort();
    await next;
  });
});

describe('x-search: refill', () => {
  const missed = gap(NOW - 400 * MINUTE, NOW - 100 * MINUTE);

  it('reads what the stream missed, with what may have come late, and says that all of it came', async () => {
    const double = await openArchive(700);
    const told: string[] = [];
    const source = searchOf(double, { refillMaxPosts: 1000, gaps: [missed], told });
    const seen = await capture(source, ({ coverage }) => coverage.length > 0);
    expect(idsOf(seen.lines).sort()).toEqual(wanted(101, 401).sort());
    expect(seen.batches.every(({ path }) => path === 'search')).toBe(true);
    expect(seen.coverage).toEqual([
      { type: 'refilled', source: 'x-filtered', from: missed.from, to: missed.to, posts: 240 },
    ]);
    expect(told).toEqual([
      'x-search reads what x-filtered missed from 2026-11-29 05:20:00 to 2026-11-29 10:20:00 UTC: about 241 posts, about $1.21.',
    ]);
  });

  it('reads the other rules where X does not even count for one', async () => {
    let asked = 0;
    const double = await openArchive(700, {
      rules: [{ value: 'list:1 -is:retweet' }, WHOLE],
      answer: ({ query }) => {
        if (!String(query.get('query')).startsWith('list:')) return undefined;
        asked += 1;
        return { status: 400, body: { title: 'Invalid Request', errors: [{ message: 'no such list' }] } };
      },
    });
    const source = searchOf(double, { refillMaxPosts: 1000, gaps: [missed] });
    const seen = await capture(source, ({ batches }) =>
      String(batches.at(-1)?.cursor['search']).includes('"refill":null'),
    );
    expect(idsOf(seen.lines)).toHaveLength(241);
    expect(seen.coverage).toEqual([]);
    expect(source.status().problems.at(-1)).toContain('rule "list:1 -is:retweet": X did not search for it');
    expect(asked).toBe(1);
  });

  it('goes on in the middle of a gap after a restart', async () => {
    const double = await openArchive(700);
    const options = { refillMaxPosts: 1000, gaps: [missed] };
    const before = await capture(searchOf(double, options), ({ batches }) => batches.length === 1);
    const after = await capture(
      searchOf(double, options),
      ({ coverage }) => coverage.length > 0,
      before.batches[0]?.cursor,
    );
    expect(idsOf([...before.lines, ...after.lines]).sort()).toEqual(wanted(101, 401).sort());
    expect(after.coverage).toMatchObject([{ type: 'refilled', posts: 240 }]);
    // It is not read once more, though the ledger may still show it.
    const requests = searches(double).length;
    const stop = new AbortController();
    const rest = searchOf(double, options)
      .batches(after.batches.at(-1)?.cursor ?? null, stop.signal)
      [Symbol.asyncIterator]();
    const next = rest.next().catch(() => null);
    await expect.poll(() => double.requests.filter(({ path }) => path.endsWith('/rules')).length).toBeGreaterThan(6);
    stop.abort();
    await next;
    expect(searches(double)).toHaveLength(requests);
  });

  it.each([
    [[{ value: 'everything' }], 'rule "everything": search gives no retweets for words'],
    [[WHOLE, { value: 'tea sample:10' }], 'rule "tea sample:10": search has no operator "sample:"'],
    [[WHOLE, { value: 'list:1 -is:retweet' }], 'rule "list:1 -is:retweet": X did not search for it'],
  ])('does not say that all came where search cannot say so: %j', async (rules, reason) => {
    let asked = 0;
    const double = await openArchive(700, {
      rules,
      answer: ({ path, query }) => {
        if (path !== '/2/tweets/search/recent' || !String(query.get('query')).startsWith('list:')) return undefined;
        asked += 1;
        return { status: 400, body: { title: 'Invalid Request', errors: [{ message: 'no such list' }] } };
      },
    });
    const source = searchOf(double, { refillMaxPosts: 1000, gaps: [missed] });
    const seen = await capture(source, ({ batches }) =>
      String(batches.at(-1)?.cursor['search']).includes('"refill":null'),
    );
    expect(seen.coverage).toEqual([]);
    expect(idsOf(seen.lines)).toHaveLength(241);
    expect(source.status().problems.at(-1)).toMatch(/^What x-filtered missed from .* came in part \(240 posts\): /);
    expect(source.status().problems.at(-1)).toContain(reason);
    expect(asked).toBeLessThanOrEqual(1);
  });

  it.each([
    ['costs more than is left', [missed], 100],
    ['goes on', [gap(NOW - 400 * MINUTE, null)], 1000],
    ['was chosen by a limit', [gap(NOW - 400 * MINUTE, NOW - 100 * MINUTE, 'USAGE_LIMIT')], 1000],
    ['search no longer reaches', [gap(NOW - 9 * DAY, NOW - 8 * DAY)], 1000],
    ['is of another source', [{ ...missed, source: 'x-sampled' }], 1000],
  ])('reads nothing of a gap that %s', async (_, gaps, refillMaxPosts) => {
    const double = await openArchive(700);
    const stop = new AbortController();
    const next = searchOf(double, { gaps, refillMaxPosts })
      .batches(null, stop.signal)
      [Symbol.asyncIterator]()
      .next()
      .catch(() => null);
    await expect.poll(() => double.requests.filter(({ path }) => path.endsWith('/rules')).length).toBeGreaterThan(5);
    expect(searches(double)).toHaveLength(0);
    stop.abort();
    await next;
  });

  it('asks again after errors, and stops for good where X refuses', async () => {
    const statuses = [503, 429, 502];
    const double = await openArchive(700, {
      answer: ({ path }) => {
        const status = path === '/2/tweets/search/recent' ? statuses.shift() : undefined;
        return status === undefined ? undefined : { status, body: { title: `status ${String(status)}` } };
      },
    });
    const seen = await capture(
      searchOf(double, { refillMaxPosts: 1000, gaps: [missed] }),
      ({ coverage }) => coverage.length > 0,
    );
    expect(idsOf(seen.lines)).toHaveLength(241);

    const refusing = await openArchive(1, { answer: () => ({ status: 403, body: { detail: 'not enrolled' } }) });
    const failed = capture(searchOf(refusing, { backfillDays: 1 }), () => false);
    await expect(failed).rejects.toThrow(AppError);
    await expect(failed).rejects.toThrow(
      /^X refuses x-search \(X answered with HTTP 403: not enrolled\): check the bearer token/,
    );
  });
});

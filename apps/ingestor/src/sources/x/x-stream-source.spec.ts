import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@analytica/domain';
import { sourceStatusSchema } from '@analytica/domain/contracts';
import { describe, expect, it } from 'vitest';
import { generatedPosts } from '../../../test/doubles/x-api-posts.ts';
import type { Scene } from '../../../test/doubles/x-api-stream.ts';
import {
  accountOf,
  capture,
  changesOf,
  opened,
  openDouble,
  pump,
  scene,
  textsOf,
  xStreamOf,
} from '../../../test/support/x-stream.js';
import { normaliseLine } from '../../normalise/normalise-line.js';
import type { CoverageEvent } from '../source.js';

describe('an X stream', () => {
  it.each([1, 7, 1000])('gives what X sent, in pieces of %i bytes, to the last character', async (chunkBytes) => {
    const double = await openDouble({ chunkBytes, script: [scene({ posts: 25 })] });
    const seen = await capture(xStreamOf(accountOf(double)), ({ lines }) => lines.length === 25);
    expect(textsOf(seen.lines)).toEqual(textsOf(double.sent));
    const context = { arrivedAt: Date.now(), path: 'stream', source: 'x', shiftMs: 0 } as const;
    for (const line of seen.lines) expect(normaliseLine(line, context)).toMatchObject([{ kind: 'post' }]);
    expect(seen.batches.every(({ path }) => path === 'stream')).toBe(true);
  });

  it('asks for all that a row is made of', async () => {
    const double = await openDouble({ script: [scene({ posts: 60 })] });
    const seen = await capture(xStreamOf(accountOf(double)), ({ lines }) => lines.length === 60);
    const [request] = double.streamRequests;
    expect(request?.path).toBe('/2/tweets/search/stream');
    expect(request?.query.get('expansions')).toBe(
      'author_id,geo.place_id,referenced_tweets.id,referenced_tweets.id.author_id',
    );
    for (const field of [
      'created_at',
      'entities',
      'note_tweet',
      'referenced_tweets',
      'lang',
      'geo',
      'public_metrics',
    ]) {
      expect(request?.query.get('tweet.fields')?.split(',')).toContain(field);
    }
    const context = { arrivedAt: Date.now(), path: 'stream', source: 'x', shiftMs: 0 } as const;
    const posts = seen.lines
      .flatMap((line) => normaliseLine(line, context))
      .flatMap((each) => (each.kind === 'post' ? [each.post] : []));
    expect(posts.every((post) => post.author_username !== null && post.author_followers !== null)).toBe(true);
    expect(posts.some((post) => post.retweet_of_author_username !== null)).toBe(true);
    expect(posts.some((post) => post.place_country === 'US')).toBe(true);
    expect(posts.every((post) => post.rule_tags[0] === 'all')).toBe(true);
  });

  it('connects again after 21 s of silence, and tells when the last byte came', async () => {
    const double = await openDouble({ script: [scene({ posts: 2 }, { silenceMs: 60_000 }), scene({ posts: 1 })] });
    const began = Date.now();
    const seen = await capture(xStreamOf(accountOf(double), { stallMs: 300 }), ({ lines }) => lines.length === 3);
    expect(changesOf(seen)).toEqual(['began', 'ended STALLED', 'began']);
    const ended = seen.coverage.find(({ type }) => type === 'ended');
    const again = seen.coverage.findLast(({ type }) => type === 'began');
    if (ended?.type !== 'ended' || again?.type !== 'began') throw new Error('no gap');
    expect(ended.at).toBeGreaterThanOrEqual(began);
    expect(again.at - ended.at).toBeGreaterThanOrEqual(290);
  });

  it('stays connected while only keep-alives come, and says that nothing was missed', async () => {
    const double = await openDouble({ script: [scene({ keepAlives: 12, everyMs: 50 }, { posts: 1 })] });
    const seen = await capture(xStreamOf(accountOf(double), { stallMs: 400 }), ({ lines }) => lines.length === 1);
    expect(double.streamRequests).toHaveLength(1);
    expect(changesOf(seen)).toEqual(['began']);
    expect(seen.coverage.filter(({ type }) => type === 'reached').length).toBeGreaterThanOrEqual(10);
  });

  it('connects again when X ends the connection in band; its message is no post, but counted', async () => {
    const double = await openDouble({ script: [scene({ posts: 2 }, { disconnect: 'in-band' }), scene({ posts: 1 })] });
    const source = xStreamOf(accountOf(double));
    const seen = await capture(source, ({ lines }) => lines.length === 4);
    expect(changesOf(seen)).toEqual(['began', 'ended PLATFORM_DISCONNECTED', 'began']);
    const context = { arrivedAt: Date.now(), path: 'stream', source: 'x', shiftMs: 0 } as const;
    const kinds = seen.lines.flatMap((line) => normaliseLine(line, context).map(({ kind }) => kind));
    expect(kinds).toEqual(['post', 'post', 'not-post', 'post']);
    expect(source.status().connection?.reconnects).toEqual([{ cause: 'PLATFORM_DISCONNECTED', count: 1 }]);
  });

  it.each([['reset'], ['end']] as const)('connects again after a TCP %s', async (disconnect) => {
    const double = await openDouble({
      script: [scene({ posts: 3 }, { silenceMs: 50 }, { disconnect }), scene({ posts: 2 })],
    });
    const seen = await capture(xStreamOf(accountOf(double)), ({ lines }) => lines.length === 5);
    expect(changesOf(seen)).toEqual(['began', 'ended DISCONNECTED', 'began']);
    expect(textsOf(seen.lines)).toEqual(textsOf(double.sent));
  });

  it('keeps X’s schedule over refused connections, HTTP 503 and HTTP 429', async () => {
    const reset = String(Math.ceil(Date.now() / 1000) + 1);
    const limited = (): Scene => ({
      status: 429,
      headers: { 'x-rate-limit-limit': '50', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': reset },
      body: { title: 'Too Many Requests', type: 'about:blank' },
    });
    const double = await openDouble({
      script: [
        scene({ posts: 1 }, { disconnect: 'end' }),
        ...Array.from({ length: 3 }, (): Scene => ({ refuse: 'reset' })),
        ...Array.from({ length: 3 }, (): Scene => ({ status: 503, body: { title: 'Service Unavailable' } })),
        ...Array.from({ length: 5 }, limited),
        scene({ posts: 1 }),
      ],
    });
    const seen = await capture(xStreamOf(accountOf(double)), ({ lines }) => lines.length === 2);
    const at = double.streamRequests.map((request) => request.at);
    const waits = at.slice(1).map((each, index) => each - (at[index] ?? 0));
    // At once; 2, 4, 6; 5, 10, 20; until the limit resets, then 20, 40, 80, 160. Timers may be a millisecond early.
    const least = [0, 2, 4, 6, 5, 10, 20, 0, 20, 40, 80, 160];
    expect(waits).toHaveLength(least.length);
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual((least[index] ?? 0) - 1);
    expect(changesOf(seen)).toEqual(['began', 'ended DISCONNECTED', 'ended RATE_LIMITED', 'began']);
    const ninth = double.streamRequests[8];
    const wall = Date.now() - (performance.now() - (ninth?.at ?? 0));
    expect(wall).toBeGreaterThanOrEqual(Number(reset) * 1000 - 5);
  });

  it.each([401, 403])('stops for good where X answers %i, and says what to do', async (status) => {
    const body = { title: 'Forbidden', detail: 'Your token AAAAAAAAAAAAAAAAAAAAATestBearerToken%3D is not enrolled' };
    const double = await openDouble({ script: [{ status, body }] });
    const source = xStreamOf(accountOf(double));
    const coverage: CoverageEvent[] = [];
    const error: unknown = await (async () => {
      for await (const batch of source.batches(null, new AbortController().signal))
        coverage.push(...(batch.coverage ?? []));
    })().catch((each: unknown) => each);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ retryable: false });
    expect(String(error)).toMatch(
      /X refuses x-filtered \(HTTP 40[13]: .*check the bearer token .* then start again\.$/,
    );
    expect(JSON.stringify([String(error), error, source.status()])).not.toContain(double.token);
    expect(coverage).toMatchObject([{ type: 'ended', cause: 'REFUSED' }]);
    expect(double.streamRequests).toHaveLength(1);
    expect(source.status().state).toBe('FAILED');
  });

  it('says while it has no connection why, and when it tries again', async () => {
    const double = await openDouble({ script: [{ status: 503, body: { detail: 'over capacity' } }] });
    const source = xStreamOf(accountOf(double), { httpFirstMs: 60_000 });
    const stop = new AbortController();
    const pumping = pump(source, stop.signal);
    await expect.poll(() => source.status().state).toBe('WAITING');
    const { problems, connection } = sourceStatusSchema.parse(source.status());
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^x-filtered has no connection to X: X answered with HTTP 503: over capacity; it tries again at \d\d:\d\d:\d\d UTC\.$/,
    );
    expect(connection).toMatchObject({ since: null, lastPostAt: null, host: new URL(double.url).host });
    stop.abort();
    expect(changesOf(await pumping)).toEqual(['ended DISCONNECTED']);
  });

  it('names the command where X has no rules, and asks again', async () => {
    const double = await openDouble({ script: [{ status: 409, body: { title: 'Conflict' } }, scene({ posts: 1 })] });
    const source = xStreamOf(accountOf(double), { httpFirstMs: 300 });
    const seen = capture(source, ({ lines }) => lines.length === 1);
    await expect.poll(() => source.status().problems[0] ?? '').toMatch(/no rules yet \(npm run rules -- set FILE/);
    expect((await seen).lines).toHaveLength(1);
    expect(source.status().problems).toEqual([]);
  });

  it('gives broken lines as they are, and what stands beside them', async () => {
    const huge = Buffer.alloc(11 * 1_048_576, 'x');
    const double = await openDouble({
      script: [
        scene(
          { posts: 1 },
          { send: '{"data":{"id":"1","text"\r\n' },
          { send: Buffer.from([0x7b, 0xff, 0xfe, 0x0a]) },
          { send: 'null\r\n[]\r\n"text"\r\n' },
          { send: Buffer.concat([huge, Buffer.from('\n')]) },
          { posts: 1 },
        ),
      ],
    });
    const seen = await capture(xStreamOf(accountOf(double)), ({ lines }) => lines.length === 8);
    const context = { arrivedAt: Date.now(), path: 'stream', source: 'x', shiftMs: 0 } as const;
    const kinds = seen.lines.flatMap((line) => normaliseLine(line, context).map(({ kind }) => kind));
    expect(kinds).toEqual(['post', ...Array.from({ length: 6 }, () => 'dead-letter'), 'post']);
    expect(changesOf(seen)).toEqual(['began']);
  });

  it('goes on with its cursor, and shows how it stands', async () => {
    const double = await openDouble({ posts: generatedPosts(3), script: [scene({ posts: 3 }), scene({ posts: 1 })] });
    const source = xStreamOf(accountOf(double));
    const first = await capture(source, ({ lines }) => lines.length === 3);
    const cursor = first.batches.at(-1)?.cursor ?? null;
    expect(cursor).toMatchObject({ connections: 1, lastId: expect.stringMatching(/^\d+$/) as string });
    const after = xStreamOf(accountOf(double));
    const resumed = after.batches(cursor, new AbortController().signal)[Symbol.asyncIterator]();
    expect(await resumed.next()).toMatchObject({ value: { cursor: { connections: 2 } } });
    expect(sourceStatusSchema.parse(after.status())).toMatchObject({ state: 'LIVE', problems: [] });
    expect(after.status().connection?.since).toBeGreaterThan(Date.now() - 60_000);
    expect(after.status().connection?.lastPostAt).toBeGreaterThan(Date.now() - 60_000);
    await resumed.return?.(undefined);
  });

  it('ends at once when it is told to, connected or not', async () => {
    const double = await openDouble({ script: [scene({ silenceMs: 60_000 })] });
    const stop = new AbortController();
    const batches = xStreamOf(accountOf(double)).batches(null, stop.signal)[Symbol.asyncIterator]();
    await batches.next();
    const next = batches.next();
    stop.abort();
    expect((await next).done).toBe(true);
    await expect.poll(() => double.open()).toBe(0);
  });

  it('gives up on a server that never answers, and follows no redirect', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      if (requests === 2) response.writeHead(302, { location: 'https://elsewhere.test/' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push({
      close: () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(() => resolve()));
      },
    });
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const source = xStreamOf(accountOf({ url, token: 'secret' }), { answerMs: 100, httpFirstMs: 60_000 });
    const stop = new AbortController();
    const pumping = pump(source, stop.signal);
    await expect.poll(() => source.status().problems[0] ?? '').toMatch(/HTTP 302/);
    expect(requests).toBe(2);
    stop.abort();
    expect(changesOf(await pumping)).toEqual(['ended DISCONNECTED', 'ended REFUSED']);
  });
});

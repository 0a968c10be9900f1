import { afterEach, describe, expect, it } from 'vitest';
import { HandleLookup, HANDLE_TIMES, type HandleTimes } from '../src/sources/bluesky/handle-lookup.js';
import { AppViewDouble } from './doubles/app-view.ts';
import { encodeV1, encodeV2, type JetstreamEvent } from './doubles/jetstream-event.ts';

const QUICK: HandleTimes = { ...HANDLE_TIMES, waitMs: 30_000, callMs: 1, firstRetryMs: 20, lastRetryMs: 40 };
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function appView(handles: (did: string) => string | null = nameOf): Promise<AppViewDouble> {
  const double = await AppViewDouble.start(handles);
  closing.push(() => double.close());
  return double;
}

function lookup(url: string, times: Partial<HandleTimes> = {}): HandleLookup {
  const book = new HandleLookup(url, { ...QUICK, ...times });
  closing.push(() => book.close());
  return book;
}

const nameOf = (did: string): string => `${did.slice('did:plc:'.length)}.example.com`;

function encoded(event: JetstreamEvent, protocol = encodeV1): Buffer {
  return protocol({ seq: 1, timeUs: 1, ...event }) ?? Buffer.alloc(0);
}

function post(author: string, operation: 'create' | 'delete' = 'create'): Buffer {
  const content = { kind: 'commit', collection: 'app.bsky.feed.post', rkey: 'r', rev: 'r', operation } as const;
  return encoded({ did: `did:plc:${author}`, content: { ...content, record: '{"text":""}' } });
}

function identity(author: string, handle: string | undefined, protocol = encodeV1): Buffer {
  const did = `did:plc:${author}`;
  return encoded({ did, content: { kind: 'identity', body: JSON.stringify({ did, handle }) } }, protocol);
}

describe('names of authors', () => {
  it('are looked up, once, 25 at a time, and posts wait for them', async () => {
    const double = await appView();
    const book = lookup(double.url);
    const events = Array.from({ length: 60 }, (_, n) => post(`a${n}`));
    const handles = await book.of([...events, ...events], true);
    expect(handles.size).toBe(60);
    expect(handles.get('did:plc:a7')).toBe('a7.example.com');
    expect(double.calls.map((actors) => actors.length)).toEqual([25, 25, 10]);
    expect((await book.of(events, true)).size).toBe(60);
    expect(double.calls).toHaveLength(3);
    expect(book.problem).toBeNull();
  });

  it('come from identity events too, of either version, and go with one that has none', async () => {
    const double = await appView(() => null);
    const book = lookup(double.url);
    const known = async (author: string): Promise<string | undefined> =>
      (await book.of([post(author)], true)).get(`did:plc:${author}`);
    await book.of([identity('a', 'First.Example'), identity('b', 'b.example', encodeV2)], true);
    expect([await known('a'), await known('b')]).toEqual(['first.example', 'b.example']);
    expect(double.calls).toEqual([]);
    await book.of([identity('a', undefined)], true);
    expect(await known('a')).toBeUndefined();
    expect(double.calls).toEqual([['did:plc:a']]);
    // That there is none is known now.
    expect(await known('a')).toBeUndefined();
    expect(double.calls).toHaveLength(1);
  });

  it.each(['handle.invalid', 'no dots', 'a.b"c.d', 'x'.repeat(300) + '.com', ''])(
    'are no such thing as %j',
    async (handle) => {
      const double = await appView(() => handle);
      const book = lookup(double.url);
      expect(await book.of([post('a'), identity('b', handle)], true)).toEqual(new Map());
    },
  );

  it('are not asked for where a post was deleted, or an author has no DID', async () => {
    const double = await appView();
    const book = lookup(double.url);
    const events = [
      post('a', 'delete'),
      Buffer.from('{"did":"app.bsky.feed.post"}'),
      Buffer.from('"app.bsky.feed.post"'),
    ];
    expect(await book.of(events, true)).toEqual(new Map());
    expect(double.calls).toEqual([]);
  });

  it('are waited for no longer than allowed, and there the next time', async () => {
    const double = await appView();
    double.delayMs = 100;
    const book = lookup(double.url, { waitMs: 5 });
    expect(await book.of([post('a')], true)).toEqual(new Map());
    expect(await book.of([post('a')], false)).toEqual(new Map());
    await expect.poll(async () => (await book.of([post('a')], false)).size).toBe(1);
    expect(double.calls).toHaveLength(1);
  });

  it('are not waited for where many are unknown', async () => {
    const double = await appView();
    double.delayMs = 100;
    const book = lookup(double.url);
    const events = Array.from({ length: 2000 }, (_, n) => post(`a${n}`));
    expect(await book.of(events, true)).toEqual(new Map());
    // What waits to be asked is bounded.
    await expect.poll(() => double.calls.flat().length).toBe(1000);
  });

  it.each([
    ['an error', { status: 500 }, 'HTTP 500'],
    ['no JSON', { status: 200, body: '<html>' }, 'its answer is no JSON'],
    ['another shape', { status: 200, body: '{"profiles":[{"did":5}]}' }, 'its answer has another shape'],
    ['too much', { status: 200, body: 'x'.repeat(3 * 1024 * 1024) }, 'its answer is too long'],
  ])('that get %s are asked for again later, while posts go without', async (_, failure, reason) => {
    const double = await appView();
    double.fail(failure, failure);
    const book = lookup(double.url);
    expect(await book.of([post('a')], true)).toEqual(new Map());
    expect(book.problem).toContain(`cannot be looked up at ${new URL(double.url).host}: ${reason}. Posts`);
    await expect.poll(async () => (await book.of([post('a')], true)).size).toBe(1);
    expect(book.problem).toBeNull();
    expect(double.calls).toHaveLength(3);
  });

  it('are asked for when the server said so, and not before', async () => {
    const double = await appView();
    double.fail({ status: 429, headers: { 'retry-after': '1' } });
    const book = lookup(double.url);
    const began = performance.now();
    await book.of([post('a')], true);
    await expect.poll(async () => (await book.of([post('a')], true)).size).toBe(1);
    expect(performance.now() - began).toBeGreaterThanOrEqual(1000);
  });

  it('keep nobody waiting once nothing is looked up any more', async () => {
    const double = await appView();
    double.delayMs = 60_000;
    const book = lookup(double.url);
    const waiting = book.of([post('a')], true);
    await expect.poll(() => double.calls.length).toBe(1);
    book.close();
    expect(await waiting).toEqual(new Map());
  });
});

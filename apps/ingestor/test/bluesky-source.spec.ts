import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type BlueskyTimes, blueskyTimes, createBlueskySource } from '../src/sources/bluesky/bluesky-source.js';
import { parseEndpoints } from '../src/sources/bluesky/endpoint.js';
import type { Cursor, Source } from '../src/sources/source.js';
import type { JetstreamEvent } from './doubles/jetstream-event.ts';
import { GeneratedEvents } from './doubles/jetstream-events.ts';
import { JetstreamDouble, type JetstreamDoubleOptions } from './doubles/jetstream.ts';
import { Collected } from './support/collected.js';

const QUICK: BlueskyTimes = {
  ...{ ...blueskyTimes(60_000), batchMs: 5, idleMs: 20, workedMs: 0, firstMs: 10, lastMs: 40, refusedMs: 60 },
};
const MINUTE_MS = 60_000;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startDouble(options?: JetstreamDoubleOptions): Promise<JetstreamDouble> {
  const double = await JetstreamDouble.start(options);
  closing.push(() => double.close());
  return double;
}

function sourceOf(urls: readonly string[], times: Partial<BlueskyTimes> = {}, now = Date.now): Source {
  const endpoints = parseEndpoints(urls.join(','));
  return createBlueskySource({ endpoints, now, times: { ...QUICK, ...times }, random: () => 0 });
}

function collect(source: Source, resume: Cursor | null = null): Collected {
  const collected = new Collected(source, resume);
  closing.push(() => collected.stop());
  return collected;
}

/** Waits until the source is connected and would get what is published now. */
async function connected(double: JetstreamDouble, connections = 1): Promise<void> {
  await expect.poll(() => double.connections).toBe(connections);
}

let serial = 0;
/** A post whose text is this. */
function post(text: string, timeUs = Date.now() * 1000): JetstreamEvent {
  serial += 1;
  const rkey = `post${serial}`;
  const record = JSON.stringify({ $type: 'app.bsky.feed.post', text, langs: ['en'] });
  const content = { kind: 'commit', collection: 'app.bsky.feed.post', rkey, operation: 'create', rev: rkey } as const;
  return { did: 'did:plc:author', timeUs, content: { ...content, record, cid: `cid${serial}` } };
}

const posts = (count: number, name: string): JetstreamEvent[] =>
  Array.from({ length: count }, (_, n) => post(`${name} ${n}`));

/** The texts of all posts, in the order in which they came. */
function textsOf({ lines }: Collected): string[] {
  return lines.flatMap((line) => {
    const event = JSON.parse(line) as { commit?: { record?: Post }; payload?: { record?: Post } };
    const text = (event.commit ?? event.payload)?.record?.text;
    return text === undefined ? [] : [text];
  });
}
type Post = { readonly text?: string };
const textsIn = (events: readonly JetstreamEvent[]): string[] =>
  events.map(({ content }) => {
    const record = content.kind === 'commit' ? content.record : undefined;
    return (JSON.parse(record ?? '{}') as Post).text ?? '';
  });

describe.each(['v1', 'v2'] as const)('Bluesky by Jetstream %s', (protocol) => {
  it('gives events as they come, in order, with a cursor behind them', async () => {
    const double = await startDouble();
    double.publish(post('before'));
    const source = sourceOf([double[protocol]]);
    expect(source.status()).toMatchObject({ state: 'STARTING', lagMs: null });
    const collected = collect(source);
    await connected(double);
    const events = posts(1200, 'live');
    double.publish(...events);
    await expect.poll(() => textsOf(collected).length).toBe(1200);
    expect(textsOf(collected)).toEqual(textsIn(events));
    expect(Math.max(...collected.batches.map(({ lines }) => lines.length))).toBeLessThanOrEqual(500);
    expect(collected.cursor).toMatchObject({
      time_us: events.at(-1)?.timeUs,
      seq: protocol === 'v1' ? null : 1201,
    });
    expect(source.status()).toMatchObject({ state: 'LIVE', problems: [], connection: { reconnects: [] } });
    expect(source.status().connection?.lastPostAt).toBe(Math.floor((events.at(-1)?.timeUs ?? 0) / 1000));
    expect(double.requests[0]).toContain('app.bsky.feed.repost');
  });

  it('keeps a text whole wherever its message is cut into fragments', async () => {
    const double = await startDouble();
    const collected = collect(sourceOf([double[protocol]]));
    await connected(double);
    const text = 'é😀 東京 👩‍👩‍👧‍👦 ✌🏽 नमस्ते 🇯🇵';
    for (const size of [1, 2, 3, 5, 7, null]) {
      double.fragment(size);
      double.publish(post(text));
    }
    await expect.poll(() => textsOf(collected)).toEqual(Array.from({ length: 6 }, () => text));
  });

  it('goes on after a broken connection without loss and without a gap', async () => {
    const double = await startDouble();
    const source = sourceOf([double[protocol]]);
    const collected = collect(source);
    await connected(double);
    const all = posts(50, 'before');
    double.publish(...all);
    await expect.poll(() => textsOf(collected).length).toBe(50);
    double.drop();
    const missed = posts(50, 'meanwhile');
    double.publish(...missed);
    await expect.poll(() => textsOf(collected).at(-1)).toBe('meanwhile 49');
    expect([...new Set(textsOf(collected))]).toEqual(textsIn([...all, ...missed]));
    const { coverage } = collected;
    expect(coverage.map(({ type }) => type).filter((type) => type !== 'reached')).toEqual(['began', 'ended', 'began']);
    const ended = coverage.find(({ type }) => type === 'ended');
    const again = coverage.findLast(({ type }) => type === 'began');
    expect(ended).toMatchObject({ cause: 'DISCONNECTED' });
    expect((again as { at: number }).at).toBeLessThanOrEqual((ended as { at: number }).at);
    expect(source.status().connection?.reconnects).toEqual([{ cause: 'DISCONNECTED', count: 1 }]);
  });

  it('goes on at its cursor in another process', async () => {
    const double = await startDouble();
    const first = collect(sourceOf([double[protocol]]));
    await connected(double);
    double.publish(...posts(20, 'first'));
    await expect.poll(() => textsOf(first).length).toBe(20);
    await first.stop();
    double.publish(...posts(20, 'between'));
    const second = collect(sourceOf([double[protocol]]), first.cursor);
    await expect.poll(() => textsOf(second).at(-1)).toBe('between 19');
    const texts = textsOf(second).filter((text) => text.startsWith('between'));
    expect(texts).toHaveLength(20);
    // v2 gives the event at the cursor once more; it is left out.
    if (protocol === 'v2') expect(textsOf(second)).toHaveLength(20);
  });

  it('says what is missing where the server no longer has what comes after the cursor', async () => {
    let now = Date.now() - 30 * MINUTE_MS;
    const clock = (): number => now;
    const event = (text: string): JetstreamEvent => post(text, now * 1000);
    const double = await startDouble({ now: clock });
    const first = collect(sourceOf([double[protocol]], {}, clock));
    await connected(double);
    double.publish(event('old'));
    await expect.poll(() => textsOf(first).length).toBe(1);
    await first.stop();
    const from = now;
    now += 10 * MINUTE_MS;
    double.publish(event('lost'));
    now += 15 * MINUTE_MS;
    double.publish(event('kept'));
    const to = now;
    now += 5 * MINUTE_MS;
    double.archive.lookbackMs = 10 * MINUTE_MS;
    const second = collect(sourceOf([double[protocol]], {}, clock), first.cursor);
    await expect.poll(() => textsOf(second)).toEqual(['kept']);
    const missed = second.coverage.filter(({ type }) => type === 'missed');
    expect(missed).toEqual([{ type: 'missed', from, to, cause: 'CURSOR_EXPIRED' }]);
    // From then on it goes by what the server gives.
    double.drop();
    double.publish(event('later'));
    await expect.poll(() => textsOf(second).at(-1)).toBe('later');
    expect(second.coverage.filter(({ type }) => type === 'missed')).toHaveLength(1);
  });

  it('turns to the next server after two failures, ten seconds back', async () => {
    const [one, two] = [await startDouble(), await startDouble({ firstSeq: 77_000 })];
    const source = sourceOf([one[protocol], two[protocol]]);
    const collected = collect(source);
    await connected(one);
    const before = posts(10, 'before');
    one.publish(...before);
    two.publish(...before);
    await expect.poll(() => textsOf(collected).length).toBe(10);
    one.refuse(...Array.from({ length: 5 }, () => ({ status: 503 })));
    one.drop();
    await connected(two);
    two.publish(...posts(10, 'after'));
    await expect.poll(() => textsOf(collected).at(-1)).toBe('after 9');
    expect(new Set(textsOf(collected)).size).toBe(20);
    const asked = new URL(two.requests[0] ?? '', 'ws://x').searchParams.get('cursor');
    expect(Number(asked)).toBe((before.at(-1)?.timeUs ?? 0) - 10_000_000);
    expect(source.status().connection).toMatchObject({ host: new URL(two.v1).host });
    expect(collected.coverage.filter(({ type }) => type === 'missed')).toEqual([]);
  });

  it('hands on frames that are no events, and goes on', async () => {
    const double = await startDouble();
    const collected = collect(sourceOf([double[protocol]]));
    await connected(double);
    double.sendRaw(Buffer.from('{"did":'));
    double.sendRaw(Buffer.from([0xff, 0xfe, 0x00]), true);
    double.sendRaw(Buffer.from([0xff, 0xfe, 0x22]));
    double.publish(post('after'));
    await expect.poll(() => collected.batches.flatMap(({ lines }) => lines).length).toBe(4);
    expect(collected.batches.flatMap(({ lines }) => lines.map((line) => line.toString('latin1'))).slice(0, 3)).toEqual([
      '{"did":',
      '\xff\xfe\x00',
      '\xff\xfe"',
    ]);
    expect(double.requests).toHaveLength(1);
  });

  it('leaves out a frame that is too large to be received, and says so with a dead letter', async () => {
    const double = await startDouble();
    const collected = collect(sourceOf([double[protocol]]));
    await connected(double);
    double.publish(post('before'), post('x'.repeat(17 * 1024 * 1024)), post('after'));
    await expect.poll(() => double.requests.length).toBe(2);
    await expect.poll(() => collected.lines.at(-1)?.includes('after')).toBe(true);
    expect(collected.lines.filter((line) => line.startsWith('An event of more than 16777216 bytes'))).toHaveLength(1);
    expect(double.requests[1]).toContain('maxMessageSizeBytes=16777216');
    // By then even what is asked for twice lies behind it.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    double.publish(post('later'));
    await expect.poll(() => collected.lines.at(-1)?.includes('later')).toBe(true);
    double.drop();
    await expect.poll(() => double.requests.length).toBe(3);
    expect(double.requests[2]).not.toContain('maxMessageSizeBytes');
  });

  it('reads no more than is taken', async () => {
    const double = await startDouble();
    const source = sourceOf([double[protocol]]);
    const collected = collect(source);
    await connected(double);
    collected.hold();
    const events = Array.from({ length: 20_000 }, (_, n) => post(`${n} ${'x'.repeat(1500)}`));
    double.publish(...events);
    let sent = -1;
    await expect
      .poll(() => {
        const isSame = double.sent === sent;
        sent = double.sent;
        return isSame && sent > 0;
      })
      .toBe(true);
    // The rest waits in the server's and the network's buffers.
    expect(sent).toBeLessThan(15_000);
    collected.release();
    await expect.poll(() => collected.count).toBe(20_000);
    expect(new Set(textsOf(collected)).size).toBe(20_000);
    expect(double.requests).toHaveLength(1);
  });

  it.each([
    ['not even pongs', false, { stallMs: 90, pingMs: 30 }],
    ['pongs but no events', true, { quietMs: 90, pingMs: 30 }],
  ])('makes a connection anew that gives %s', async (_, pongs, times) => {
    const double = await startDouble();
    const source = sourceOf([double[protocol]], times);
    const collected = collect(source);
    await connected(double);
    double.publish(post('before'));
    await expect.poll(() => textsOf(collected).length).toBe(1);
    double.stall({ pongs });
    double.publish(post('held back'));
    await expect.poll(() => textsOf(collected).at(-1)).toBe('held back');
    expect(source.status().connection?.reconnects).toContainEqual(expect.objectContaining({ cause: 'STALLED' }));
    expect(collected.coverage).toContainEqual(expect.objectContaining({ type: 'ended', cause: 'STALLED' }));
  });

  it('stays with a connection on which only pongs come, and says up to when nothing happened', async () => {
    const double = await startDouble();
    const collected = collect(sourceOf([double[protocol]], { pingMs: 20 }));
    await connected(double);
    const event = post('only one');
    double.publish(event);
    const reached = (): number => Number(collected.cursor?.['reached'] ?? 0);
    await expect.poll(reached).toBeGreaterThan(Math.floor((event.timeUs ?? 0) / 1000) + 100);
    expect(double.requests).toHaveLength(1);
    expect(collected.cursor?.['time_us']).toBe(event.timeUs);
  });

  it('says goodbye by the platform apart from a broken connection', async () => {
    const double = await startDouble();
    const source = sourceOf([double[protocol]]);
    const collected = collect(source);
    await connected(double);
    double.publish(post('before'));
    await expect.poll(() => textsOf(collected).length).toBe(1);
    double.disconnect(1001, { name: 'ConsumerTooSlow', message: 'reading below the floor rate' });
    await expect.poll(() => double.requests.length).toBe(2);
    expect(collected.coverage).toContainEqual(
      expect.objectContaining({ type: 'ended', cause: 'PLATFORM_DISCONNECTED' }),
    );
    expect(new Set(textsOf(collected))).toEqual(new Set(['before']));
  });

  it('gives generated events of all kinds, whatever the fragments', async () => {
    const double = await startDouble();
    const collected = collect(sourceOf([double[protocol]]));
    await connected(double);
    double.fragment(11);
    const generated = new GeneratedEvents(7);
    const now = Date.now() * 1000;
    const events = Array.from({ length: 400 }, (_, n) => generated.next(now + n));
    double.publish(...events);
    await expect.poll(() => collected.lines.length).toBe(400);
    expect(() => collected.lines.map((line) => JSON.parse(line) as unknown)).not.toThrow();
  });
});

describe('a Jetstream server that refuses', () => {
  it('is asked again when it said so, and not before', async () => {
    const double = await startDouble();
    double.refuse({ status: 429, headers: { 'retry-after': '1' } });
    const began = performance.now();
    const source = sourceOf([double.v1]);
    collect(source);
    await expect.poll(() => source.status().state).toBe('WAITING');
    expect(source.status().problems).toEqual([expect.stringContaining('asks to wait (HTTP 429)')]);
    expect(source.status().connection?.reconnects).toEqual([{ cause: 'RATE_LIMITED', count: 1 }]);
    await connected(double);
    expect(performance.now() - began).toBeGreaterThanOrEqual(1000);
    expect(double.requests).toHaveLength(2);
  });

  it('gives way to another one that does not', async () => {
    const [one, two] = [await startDouble(), await startDouble()];
    one.refuse({ status: 429, headers: { 'retry-after': '600' } });
    collect(sourceOf([one.v1, two.v1]));
    await connected(two);
    expect(one.requests).toHaveLength(1);
  });

  it('is a fault for people where all do, and is asked from time to time', async () => {
    const double = await startDouble();
    double.refuse({ status: 403 }, { status: 403 });
    const source = sourceOf([double.v1]);
    const collected = collect(source);
    await expect.poll(() => source.status().state).toBe('FAILED');
    await connected(double);
    double.publish(post('at last'));
    await expect.poll(() => textsOf(collected)).toEqual(['at last']);
    expect(source.status()).toMatchObject({ state: 'LIVE', problems: [] });
  });

  it('that cannot be reached at all is told by its host', async () => {
    const double = await startDouble();
    const url = double.v1;
    await double.close();
    closing.length = 0;
    const source = sourceOf([url]);
    collect(source);
    await expect.poll(() => source.status().problems[0]).toContain('ECONNREFUSED');
    expect(source.status()).toMatchObject({ state: 'WAITING' });
  });
});

it('says of a server that is asked to go on, and gives nothing yet, just that', async () => {
  const old = await startDouble();
  const first = collect(sourceOf([old.v1]));
  await connected(old);
  old.publish(post('old'));
  await expect.poll(() => textsOf(first)).toEqual(['old']);
  await first.stop();
  const quiet = await startDouble();
  const source = sourceOf([quiet.v1]);
  quiet.refuse({ status: 503 });
  const second = collect(source, first.cursor);
  await connected(quiet);
  const said = `Bluesky: 127.0.0.1:${quiet.port} is connected and gives no events yet. Until it does, nothing counts as captured.`;
  await expect.poll(() => source.status().problems).toEqual([said]);
  quiet.publish(post('at last'));
  await expect.poll(() => textsOf(second)).toEqual(['at last']);
  expect(source.status()).toMatchObject({ state: 'LIVE', problems: [] });
});

it('takes no pong of a server that has given nothing yet for a sign that nothing happened', async () => {
  let later = 0;
  const now = (): number => Date.now() + later;
  const lost = await startDouble();
  const { port } = lost;
  const source = sourceOf([lost.v1], { pingMs: 10 }, now);
  const collected = collect(source);
  await connected(lost);
  lost.publish(post('before'));
  await expect.poll(() => textsOf(collected)).toEqual(['before']);
  closing.shift();
  await lost.close();
  later = MINUTE_MS;
  const fresh = await startDouble({ port });
  await expect.poll(() => source.status().problems[0]).toContain('gives no events yet');
  await sleep(100);
  fresh.publish(post('after', now() * 1000));
  await expect.poll(() => textsOf(collected)).toEqual(['before', 'after']);
  const missed = collected.coverage.find((event) => event.type === 'missed');
  expect(missed?.cause).toBe('CURSOR_EXPIRED');
  expect((missed?.to ?? 0) - (missed?.from ?? 0)).toBeGreaterThanOrEqual(MINUTE_MS);
});

it('goes by time where a v2 server numbers its events anew', async () => {
  const old = await startDouble({ firstSeq: 5000 });
  const first = collect(sourceOf([old.v2]));
  await connected(old);
  old.publish(post('old'));
  await expect.poll(() => textsOf(first)).toEqual(['old']);
  await first.stop();
  const fresh = await startDouble();
  const cursor = { ...first.cursor, server: `127.0.0.1:${fresh.port}/xrpc/network.bsky.jetstream.subscribeEvents` };
  const between = post('between');
  fresh.publish(between);
  const second = collect(sourceOf([fresh.v2]), cursor);
  await connected(fresh);
  fresh.publish(post('live'));
  await expect.poll(() => textsOf(second)).toEqual(['between', 'live']);
});

import { POST_SOURCES } from '@analytica/domain';
import { captureKey, captureStatusSchema } from '@analytica/domain/contracts';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initialState } from '../log/log-state.js';
import { exampleDataFile, exampleManifest } from '@analytica/lake/testing';
import { StatusBoard } from './status-board.js';
import { StatusPublisher } from './status-publisher.js';

const url = process.env['TEST_REDIS_URL'];
if (url === undefined) throw new Error('TEST_REDIS_URL is not set: these tests need a Redis.');
const prefix = `test-${String(process.pid)}:`;
const logger = pino({ level: 'silent' });
const manifest = exampleManifest({
  watermark: 99,
  files: [exampleDataFile({ rows: 2, lastSeq: 2, minCreatedAt: 5, maxCreatedAt: 7 })],
});
const post = (id: string) =>
  ({ id, source: 'demo', created_at: '2026-03-01T10:00:00.000Z', text: 'hi', author_username: 'ann' }) as const;

let redis: Redis;
beforeEach(() => {
  redis = new Redis(url);
});
afterEach(() => redis.disconnect());

describe('StatusPublisher', () => {
  it('sets the key for 15 seconds and tells subscribers the same', async () => {
    const board = new StatusBoard(true);
    board.stored(
      POST_SOURCES.map((source) => (source === 'demo' ? 3 : 0)),
      ['1', '2', '3', 'hidden'].map((id) => ({ post: post(id), about: [id] })),
      ['hidden'],
    );
    board.tick();
    const status = board.snapshot(initialState(2, 2), 4, manifest, 'LIVE');
    const heard: string[] = [];
    await redis.subscribe(captureKey(prefix));
    redis.on('message', (_channel, message) => heard.push(message));
    const publisher = new StatusPublisher(url, prefix, logger);
    const reader = redis.duplicate();
    await expect
      .poll(async () => {
        await publisher.publish(status);
        return reader.get(captureKey(prefix));
      })
      .not.toBeNull();
    const stored = captureStatusSchema.strict().parse(JSON.parse((await reader.get(captureKey(prefix))) ?? ''));
    expect(stored).toMatchObject({
      state: 'LIVE',
      problem: null,
      demo: true,
      accounting: { received: 6, stored: 2, pending: 4 },
      progress: null,
      posts: 2,
      oldest: 5,
      watermark: 99,
    });
    expect(stored.recent.map(({ id }) => id)).toEqual(['3', '2', '1']);
    expect(stored.rates).toHaveLength(1);
    expect(stored.rates[0]?.perSecond).toHaveLength(60);
    expect(stored.rates[0]?.perSecond.at(-1)).toBe(3);
    expect(await reader.ttl(captureKey(prefix))).toBeGreaterThan(10);
    await expect.poll(() => heard[0]).toBe(JSON.stringify(status));
    reader.disconnect();
    publisher.close();
  });

  it('lets capture go on where there is no Redis', async () => {
    const publisher = new StatusPublisher('redis://127.0.0.1:1', prefix, logger);
    const board = new StatusBoard(false);
    board.problem('log', 'The disk is full.');
    const status = board.snapshot(initialState(0, 0), 0, manifest, 'LIVE');
    expect(status).toMatchObject({ state: 'STOPPED', problem: 'The disk is full.' });
    await publisher.publish(status);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await publisher.publish(status);
    publisher.close();
  });
});

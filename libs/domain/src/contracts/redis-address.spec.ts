import { describe, expect, it } from 'vitest';
import { readRedisAddress } from './redis-address.js';

describe('readRedisAddress', () => {
  it.each(['redis://127.0.0.1:6379', 'rediss://user:secret@redis.example/2', 'unix:///run/redis.sock'])(
    'takes %s as one server',
    (url) => {
      expect(readRedisAddress(url)).toEqual({ type: 'server', url });
    },
  );

  it('takes nodes of a cluster', () => {
    expect(readRedisAddress('redis+cluster://10.0.0.1:7000,redis.example,[::1]:7002')).toEqual({
      type: 'cluster',
      nodes: [
        { host: '10.0.0.1', port: 7_000 },
        { host: 'redis.example', port: 6_379 },
        { host: '::1', port: 7_002 },
      ],
      username: null,
      password: null,
      tls: false,
    });
  });

  it('takes credentials and TLS of a cluster', () => {
    expect(readRedisAddress('rediss+cluster://ana:p%40ss%3A1@redis.example:6380/')).toEqual({
      type: 'cluster',
      nodes: [{ host: 'redis.example', port: 6_380 }],
      username: 'ana',
      password: 'p@ss:1',
      tls: true,
    });
    expect(readRedisAddress('redis+cluster://:50%off@a')).toMatchObject({ username: null, password: '50%off' });
  });

  it.each([
    'http://redis',
    'redis+cluster://',
    'redis+cluster://a,,b',
    'redis+cluster://a:1:2',
    'redis+cluster://a:70000',
    'redis+cluster://a/1',
  ])('does not take %s', (url) => {
    expect(readRedisAddress(url)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

describe('readConfig', () => {
  it('has a default for everything', () => {
    const config = readConfig({});
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8080, introspection: true });
    expect(config.lake.root).toMatch(/\/data\/demo$/);
    expect(config.redis).toEqual({ address: { type: 'server', url: 'redis://127.0.0.1:6379' }, prefix: '{ta}:' });
    expect(config.worker).toEqual({ concurrency: 2, healthPort: null });
    expect(config.web.dist).toMatch(/apps\/web\/dist\/browser$/);
  });

  it('is frozen, also inside', () => {
    const config = readConfig({});
    expect(() => {
      (config.http as { port: number }).port = 1;
    }).toThrow(TypeError);
  });

  it.each([
    ['PORT', '80a'],
    ['PORT', '70000'],
    ['REDIS_URL', 'http://redis'],
    ['REDIS_URL', 'redis+cluster://a,,b'],
    ['REDIS_PREFIX', 'a b'],
    ['REDIS_PREFIX', 'a{b}{c}'],
    ['WORKER_CONCURRENCY', '0'],
    ['DUCKDB_MEMORY_LIMIT', 'lots'],
    ['LOG_LEVEL', 'loud'],
    ['RESULT_TTL_HOURS', '0.001'],
  ])('names %s=%s in one sentence', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(
      new RegExp(`^${name}=${value.replace(/[+{}]/g, '\\$&')} is not usable: .+\\.$`),
    );
  });

  it('gives every key prefix a hash tag', () => {
    expect(readConfig({ REDIS_PREFIX: 'team.ta:' }).redis.prefix).toBe('{team.ta}:');
    expect(readConfig({ REDIS_PREFIX: '{team}:ta:' }).redis.prefix).toBe('{team}:ta:');
  });

  it('takes a Redis Cluster', () => {
    expect(readConfig({ REDIS_URL: 'redis+cluster://a:1,b:2' }).redis.address).toMatchObject({
      type: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    });
  });

  it.each([
    ['tests', /^\/srv\/tests$/],
    ['/elsewhere/lake', /^\/elsewhere\/lake$/],
  ])('finds the lake %s', (lake, root) => {
    expect(readConfig({ DATA_DIR: '/srv', LAKE: lake }).lake.root).toMatch(root);
  });

  it.each(['s3://bucket/lake', '..', 'a b'])('refuses the lake %s in one sentence', (lake) => {
    expect(() => readConfig({ LAKE: lake })).toThrow(/^LAKE is ".+": .+\.$/);
  });

  it('takes an empty variable as absent', () => {
    expect(readConfig({ PORT: '' }).http.port).toBe(8080);
  });

  it('turns introspection off in production unless it is asked for', () => {
    expect(readConfig({ NODE_ENV: 'production' }).http.introspection).toBe(false);
    expect(readConfig({ NODE_ENV: 'production', GRAPHQL_INTROSPECTION: 'true' }).http.introspection).toBe(true);
  });
});

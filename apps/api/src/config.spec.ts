import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

describe('readConfig', () => {
  it('has a default for everything', () => {
    const config = readConfig({});
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8080, introspection: true });
    expect(config.lake.root).toMatch(/\/data\/demo$/);
    expect(config.redis.prefix).toBe('ta:');
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
    ['REDIS_PREFIX', 'a b'],
    ['WORKER_CONCURRENCY', '0'],
    ['DUCKDB_MEMORY_LIMIT', 'lots'],
    ['LOG_LEVEL', 'loud'],
    ['RESULT_TTL_HOURS', '0.001'],
  ])('names %s=%s in one sentence', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}=${value} is not usable: .+\\.$`));
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

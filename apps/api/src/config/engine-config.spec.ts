import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LivyConfig } from './engine-config.js';
import { readConfig } from '../config.js';

const LIVY = { LIVY_URL: 'http://livy.example:8998' };

function livy(env: Record<string, string>): LivyConfig {
  const found = readConfig({ ...LIVY, ...env }).engine.livy;
  if (found === null) throw new Error('no cluster');
  return found;
}

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the engines', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'analytica-ca-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are the embedded one alone unless a Livy server is named', () => {
    expect(readConfig({}).engine).toEqual({ default: 'embedded', autoLimitBytes: 4 * 1024 ** 3, livy: null });
    expect(readConfig(LIVY).engine).toMatchObject({
      default: 'embedded',
      livy: {
        url: 'http://livy.example:8998',
        auth: { type: 'none' },
        allowAnonymous: false,
        ca: null,
        pool: { min: 1, max: 2, prefix: null },
        sparkConf: {},
        lakeUri: null,
      },
    });
  });

  it.each(['cluster', 'auto'])('ENGINE=%s without a Livy server says what to do', (engine) => {
    expect(refusal({ ENGINE: engine })).toMatch(new RegExp(`^ENGINE=${engine} needs a cluster: set LIVY_URL .+\\.$`));
  });

  it.each([
    ['0', 0],
    ['1000', 1_000],
    ['4GiB', 4 * 1024 ** 3],
    ['4 GiB', 4 * 1024 ** 3],
    ['1.5mb', 1_500_000],
    ['2T', 2e12],
  ])('ENGINE_AUTO_LIMIT=%s', (text, bytes) => {
    expect(readConfig({ ENGINE_AUTO_LIMIT: text }).engine.autoLimitBytes).toBe(bytes);
  });

  it('take credentials', () => {
    const secret = { LIVY_AUTH_SECRET: 'open sesame' };
    expect(livy({ LIVY_AUTH: 'bearer', ...secret }).auth).toEqual({ type: 'bearer', token: 'open sesame' });
    expect(livy({ LIVY_AUTH: 'basic', LIVY_AUTH_NAME: 'ali', ...secret }).auth).toEqual({
      type: 'basic',
      username: 'ali',
      password: 'open sesame',
    });
    expect(livy({ LIVY_AUTH: 'header', LIVY_AUTH_NAME: 'x-api-key', ...secret }).auth).toEqual({
      type: 'header',
      name: 'x-api-key',
      value: 'open sesame',
    });
  });

  it('read a private authority', () => {
    const pem = join(folder, 'ca.pem');
    writeFileSync(pem, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    expect(livy({ LIVY_TLS_CA: pem }).ca).toContain('MIIB');
    writeFileSync(pem, 'nothing');
    expect(refusal({ ...LIVY, LIVY_TLS_CA: pem })).toMatch(/holds no PEM certificate/);
    expect(refusal({ ...LIVY, LIVY_TLS_CA: join(folder, 'none') })).toMatch(/cannot be read/);
  });

  it('take settings of Spark', () => {
    expect(livy({ LIVY_SPARK_CONF: '{"spark.executor.memory":"4g","spark.executor.cores":2}' }).sparkConf).toEqual({
      'spark.executor.memory': '4g',
      'spark.executor.cores': '2',
    });
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ ENGINE: 'spark' }, /^ENGINE=spark is not usable/],
    [{ ENGINE_AUTO_LIMIT: 'lots' }, /^ENGINE_AUTO_LIMIT=lots is not usable/],
    [{ LIVY_URL: 'livy:8998' }, /^LIVY_URL is not usable/],
    [{ LIVY_URL: 'http://ali:sesame@livy' }, /^LIVY_URL is not usable/],
    [{ ...LIVY, LIVY_AUTH: 'bearer' }, /needs LIVY_AUTH_SECRET/],
    [{ ...LIVY, LIVY_AUTH: 'basic', LIVY_AUTH_SECRET: 'sesame' }, /needs LIVY_AUTH_NAME, the user/],
    [{ ...LIVY, LIVY_AUTH: 'bearer', LIVY_AUTH_SECRET: 'sesame\r\nx: y' }, /^LIVY_AUTH_SECRET must be one line/],
    [{ ...LIVY, LIVY_POOL_MIN: '3' }, /^LIVY_POOL_MIN=3 is more than LIVY_POOL_MAX=2/],
    [{ ...LIVY, LIVY_POOL_PREFIX: '9' }, /^LIVY_POOL_PREFIX=9 is not usable/],
    [{ ...LIVY, LIVY_SPARK_CONF: 'spark.x=sesame' }, /^LIVY_SPARK_CONF must be a JSON object/],
    [{ ...LIVY, LIVY_SPARK_CONF: '{"hive.x":"sesame"}' }, /^LIVY_SPARK_CONF must be a JSON object/],
    [{ ...LIVY, LIVY_SPARK_CONF: '{"spark.master":"local"}' }, /cannot set spark.master/],
    [{ ...LIVY, CLUSTER_LAKE_URI: '/lake' }, /^CLUSTER_LAKE_URI=\/lake is not usable/],
  ])('refuse %j in one sentence that repeats no secret', (env, sentence) => {
    const message = refusal(env);
    expect(message).toMatch(sentence);
    expect(message).not.toMatch(/sesame/);
  });
});

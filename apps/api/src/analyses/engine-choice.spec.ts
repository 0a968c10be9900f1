import type { DataFile } from '@analytica/lake';
import { exampleDataFile, exampleManifest } from '@analytica/lake/testing';
import { describe, expect, it } from 'vitest';
import type { EngineConfig } from '../config/engine-config.js';
import { readConfig } from '../config.js';
import { bytesToRead, choicesOf, resolveEngine } from './engine-choice.js';

const file = (minCreatedAt: number, maxCreatedAt: number, bytes: number): DataFile =>
  exampleDataFile({ path: `${String(minCreatedAt)}.parquet`, bytes, minCreatedAt, maxCreatedAt });
const manifest = exampleManifest({ files: [file(0, 9, 1_000), file(10, 19, 200), file(20, 29, 30)] });
const alone = readConfig({}).engine;
const both = (env: Record<string, string> = {}): EngineConfig =>
  readConfig({ LIVY_URL: 'http://127.0.0.1:8998', ENGINE_AUTO_LIMIT: '230', ...env }).engine;

describe('bytesToRead', () => {
  it('counts the files that can hold posts of the interval, whose end is excluded', () => {
    expect(bytesToRead(manifest, { from: 0, to: 100 })).toBe(1_230);
    expect(bytesToRead(manifest, { from: 9, to: 10 })).toBe(1_000);
    expect(bytesToRead(manifest, { from: 10, to: 20 })).toBe(200);
    expect(bytesToRead(manifest, { from: 15, to: 21 })).toBe(230);
    expect(bytesToRead(manifest, { from: 30, to: 40 })).toBe(0);
  });
});

describe('resolveEngine', () => {
  it('takes what was asked for', () => {
    const interval = { from: 0, to: 100 };
    expect(resolveEngine('cluster', both(), manifest, interval)).toEqual({ engine: 'cluster' });
    expect(resolveEngine('embedded', both({ ENGINE: 'cluster' }), manifest, interval)).toEqual({ engine: 'embedded' });
  });

  it('else the default of the deployment', () => {
    const interval = { from: 0, to: 100 };
    expect(resolveEngine(null, alone, manifest, interval)).toEqual({ engine: 'embedded' });
    expect(resolveEngine(null, both({ ENGINE: 'cluster' }), manifest, interval)).toEqual({ engine: 'cluster' });
    expect(resolveEngine(null, both({ ENGINE: 'auto' }), manifest, interval)).toEqual({ engine: 'cluster' });
  });

  it('auto: embedded up to the limit, the cluster beyond', () => {
    expect(resolveEngine('auto', both(), manifest, { from: 15, to: 21 })).toEqual({ engine: 'embedded' });
    expect(resolveEngine('auto', both(), manifest, { from: 9, to: 11 })).toEqual({ engine: 'cluster' });
    expect(resolveEngine('auto', both({ ENGINE_AUTO_LIMIT: '0' }), manifest, { from: 30, to: 40 })).toEqual({
      engine: 'embedded',
    });
  });

  it('without a cluster: auto is embedded, the cluster is refused with what to do', () => {
    expect(resolveEngine('auto', alone, manifest, { from: 0, to: 100 })).toEqual({ engine: 'embedded' });
    expect(resolveEngine('cluster', alone, manifest, { from: 0, to: 100 })).toMatchObject({
      error: { code: 'BAD_USER_INPUT', field: 'engine', message: expect.stringMatching(/LIVY_URL/) as string },
    });
  });
});

it('choicesOf: without a cluster there is nothing to choose', () => {
  expect(choicesOf(alone)).toEqual(['embedded']);
  expect(choicesOf(both())).toEqual(['embedded', 'cluster', 'auto']);
});

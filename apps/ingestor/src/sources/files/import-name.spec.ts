import { IMPORT_NAME } from '@analytica/lake';
import { describe, expect, it } from 'vitest';
import { importNameOf } from './import-name.js';

describe('importNameOf', () => {
  it.each([
    ['/data/Tweets 2019.jsonl.gz', /^tweets-2019-[0-9a-f]{8}$/],
    ['/data/sample.json', /^sample-[0-9a-f]{8}$/],
    ['/data/-.-', /^replay-[0-9a-f]{8}$/],
    ['/data/東京.jsonl', /^replay-[0-9a-f]{8}$/],
    [`/data/${'long'.repeat(60)}.txt`, /^(?:long){10}-[0-9a-f]{8}$/],
  ])('%j is a name that the lake takes', (path, expected) => {
    expect(importNameOf([path])).toMatch(expected);
    expect(importNameOf([path])).toMatch(IMPORT_NAME);
  });

  it('is the same for the same files only', () => {
    expect(importNameOf(['/a/posts.jsonl', '/b'])).toBe(importNameOf(['/a/posts.jsonl', '/b']));
    const names = [['/a/posts.jsonl'], ['/b/posts.jsonl'], ['/a/posts.jsonl', '/b']].map(importNameOf);
    expect(new Set(names).size).toBe(3);
  });
});

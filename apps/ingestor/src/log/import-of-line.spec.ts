import { describe, expect, it } from 'vitest';
import { examplePost } from '@analytica/lake/testing';
import { postLine, tombstoneLine } from '../pipeline/encode-row.js';
import { countImports, importOfLine } from './import-of-line.js';

const HOUR = Date.UTC(2026, 2, 1, 10);
const importOf = (line: string): string | null => {
  const content = Buffer.from(`{}\n${line}\n`);
  return importOfLine(content, 3, content.length - 1, HOUR);
};

describe('importOfLine', () => {
  it('is what the line says, and null for a captured post', () => {
    expect(importOf(postLine(examplePost(), 'tweets-2019'))).toBe('tweets-2019');
    expect(importOf(postLine(examplePost({ ingest_path: 'replay' }), 'tweets-2019'))).toBe('tweets-2019');
    expect(importOf(postLine(examplePost()))).toBeNull();
  });

  it('is the arrival day for a post that the version before replayed', () => {
    expect(importOf(postLine(examplePost({ ingest_path: 'replay' })))).toBe('replay-2026-03-01');
  });

  it('is not what somebody writes into a text', () => {
    const text = '","ingest_path":"replay","import":"mine", {"kind":"post","import":"mine"';
    expect(importOf(postLine(examplePost({ text, text_clean: text })))).toBeNull();
  });
});

describe('countImports', () => {
  it('counts the posts of each import up to the given length', () => {
    const gone = { source: 'x', id: '1', before: null, ingested_at: '2026-03-01T10:00:00.000Z' } as const;
    const lines = [
      postLine(examplePost(), 'a'),
      tombstoneLine(gone),
      postLine(examplePost()),
      postLine(examplePost(), 'a'),
      postLine(examplePost({ ingest_path: 'replay' })),
    ];
    const content = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const all = new Map([
      ['a', 2],
      ['replay-2026-03-01', 1],
    ]);
    expect(countImports(content, content.length, HOUR)).toEqual(all);
    expect(countImports(content, content.length - 1, HOUR)).toEqual(new Map([['a', 2]]));
  });
});

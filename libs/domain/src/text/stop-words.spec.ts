import { describe, expect, it } from 'vitest';
import { allStopWords, stopWords } from './stop-words.js';
import { runParts } from './tokens.js';
import { wordsOf } from './words.js';

describe('stop words (rule 12)', () => {
  it.each(['en', 'es', 'ar', 'ja', 'ko', 'pt', 'fr', 'de', 'it', 'tr', 'id', 'nl', 'ru', 'hi', 'th', 'zh'])(
    'has a list for %s',
    (lang) => {
      expect(stopWords(lang).size).toBeGreaterThan(30);
    },
  );

  it('has none for other languages, nor for names of object members', () => {
    expect(stopWords('und').size).toBe(0);
    expect(stopWords('constructor').size).toBe(0);
  });

  it('spells words as posts do, each once, in byte order', () => {
    for (const words of Object.values(allStopWords())) {
      for (const word of words) expect(wordsOf(word)).toEqual([word]);
      for (const word of words) expect(runParts(word)).toEqual([word]);
      const sorted = [...new Set(words)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(words).toEqual(sorted);
    }
  });

  it('leaves out the parts of contractions, and no word of substance', () => {
    for (const word of ['the', 'and', 'don', 'dont', 'isn']) expect(stopWords('en').has(word)).toBe(true);
    for (const word of ['fire', 'train', 'cat', 'world']) expect(stopWords('en').has(word)).toBe(false);
    expect(stopWords('es').has('que')).toBe(true);
    expect(stopWords('ja').has('の')).toBe(true);
  });
});

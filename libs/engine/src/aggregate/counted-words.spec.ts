import { describe, expect, it } from 'vitest';
import { CountedWords } from './counted-words.js';

function isWord(words: CountedWords, token: string): boolean {
  const bytes = Buffer.from(token);
  return words.isWord(words.dictionary.intern(bytes, 0, bytes.length), bytes[0] ?? 0, bytes.length);
}

function stopped(words: CountedWords, language: string, word: string): boolean {
  const bytes = Buffer.from(word);
  const name = Buffer.from(language);
  return (
    words.stopped(words.languages.intern(name, 0, name.length))[words.dictionary.intern(bytes, 0, bytes.length)] === 1
  );
}

describe('CountedWords', () => {
  it('takes tokens of two code points with a letter as words (rule 12)', () => {
    const words = new CountedWords(true);
    const tokens = ['cat', '@cat', 'a', '12', '1a', '_', '__', 'é', 'éé', '東', '東京', '𝒜', '𝒜𝒷', '😀😀', ''];
    expect(tokens.filter((token) => isWord(words, token))).toEqual(['cat', '1a', 'éé', '東京', '𝒜𝒷']);
  });

  it('stops the words of a language in that language alone, unless they are asked for', () => {
    const words = new CountedWords(false);
    expect([stopped(words, 'en', 'the'), stopped(words, 'es', 'the'), stopped(words, 'xx', 'the')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(stopped(words, 'en', 'cat')).toBe(false);
    expect(stopped(words, '__proto__', 'the')).toBe(false);
    expect(stopped(new CountedWords(true), 'en', 'the')).toBe(false);
  });
});

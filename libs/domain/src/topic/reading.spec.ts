import { describe, expect, it } from 'vitest';
import { requireTopic } from './parser.js';
import { readingOf } from './reading.js';

describe('readingOf', () => {
  it.each([
    ['cat', 'Posts with the word cat'],
    ['cat dog', 'Posts with the words cat and dog'],
    ['("night train" OR #nighttrain) NOT game', 'Posts with “night train” or #nighttrain, without the word game'],
    ['@bob (("a b" OR #x) NOT c)', 'Posts with @bob and (“a b” or #x), without the word c'],
    ['cat OR (("a b" OR #x) NOT c)', 'Posts with the word cat or ((“a b” or #x) without the word c)'],
    ['"night train" OR #nighttrain', 'Posts with “night train” or #nighttrain'],
    ['cat NOT (dog OR bird)', 'Posts with the word cat, without the words dog or bird'],
    ['cat NOT dog NOT @bob', 'Posts with the word cat, without the word dog or @bob'],
    ['cat OR dog NOT bird', 'Posts with the word cat or (the word dog without the word bird)'],
    ['cat (NOT dog OR bird)', 'Posts with the word cat and (not the word dog or the word bird)'],
    ["don't", "Posts with “don't”"],
    ['東京', 'Posts with the word 東京'],
  ])('%s', (query, sentence) => {
    const parts = readingOf(requireTopic(query));
    expect(parts.map((part) => part.text).join('')).toBe(sentence);
  });

  it('tells which terms are unwanted', () => {
    const terms = readingOf(requireTopic('cat NOT (dog NOT bird)')).filter((part) => part.kind === 'term');
    expect(terms).toEqual([
      { kind: 'term', text: 'cat', negated: false },
      { kind: 'term', text: 'dog', negated: true },
      { kind: 'term', text: 'bird', negated: false },
    ]);
  });
});

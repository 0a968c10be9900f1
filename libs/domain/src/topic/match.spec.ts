import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseText } from '../text/analyse.js';
import { extractTextEntities } from '../text/entities.js';
import { fold } from '../text/fold.js';
import type { TopicNode } from './ast.js';
import { matches, positiveTermsOf, termsOf } from './match.js';
import { parseCanonical, parseTopic, requireTopic } from './parser.js';
import { tokenSpans } from './token-spans.js';

function found(query: string, text: string): boolean {
  return matches(requireTopic(query), analyseText({ text, entities: null, unescape: true }, extractTextEntities));
}

describe('what a topic finds', () => {
  it.each<[string, string, boolean]>([
    ['cat', 'Cat, sat', true],
    ['cat', 'my #cat', true],
    ['cat', '(cat)', true],
    ['cat', 'CÀT', true],
    ['cat', 'concatenate', false],
    ['cat', 'https://cat.com/cat', false],
    ['東京', '今日は東京に行く', true],
    ['東京', '東京都', true],
    ['東京', '京東', false],
    ['#東京', '#東京タワー', false],
    ['#東京タワー', 'の #東京タワー', true],
    ['#cat', 'a cat', false],
    ['#café', 'so #CAFÉ', true],
    ["don't", 'I DON’T', true],
    ['"night train"', 'the night: train', true],
    ['"night train"', 'train night', false],
    ['"the black cat"', 'The black #Cat sleeps', true],
    ['@bob', 'hi @Bob!', true],
    ['@bob', 'hi bob', false],
    ['bob', 'hi @bob', false],
    ['"hi @bob"', 'oh hi, @bob', true],
    ['cat NOT dog', 'cat and dog', false],
    ['cat NOT dog', 'cat only', true],
    ['cat OR dog bird', 'cat', true],
    ['cat OR dog bird', 'dog', false],
    ['strasse', 'die Straße', true],
  ])('%s in %j: %s', (query, text, expected) => {
    expect(found(query, text)).toBe(expected);
  });
});

describe('a post without text', () => {
  it.each(['cat', '#cat', '@bob', '"night train"', 'a OR b', 'a NOT b', 'a NOT (b NOT c)', '(a OR NOT b) c'])(
    'is not found by %s',
    (query) => {
      expect(matches(requireTopic(query), { terms: ' ', tags: ' ' })).toBe(false);
    },
  );

  it.each(['NOT a', 'a OR NOT b', 'NOT (a b)'])('would be found by %s, which is refused', (query) => {
    expect(parseTopic(query).ok).toBe(false);
  });
});

describe('termsOf', () => {
  it('gives each term once, and tells those that speak for a post', () => {
    const topic = requireTopic('cat OR #cat AND NOT (dog AND NOT bird) OR CAT');
    expect(termsOf(topic).map((t) => t.needle + t.column)).toEqual([
      ' cat terms',
      ' cat tags',
      ' dog terms',
      ' bird terms',
    ]);
    expect(positiveTermsOf(topic).map((t) => t.needle)).toEqual([' cat ', ' cat ', ' bird ']);
  });
});

const LETTERS = ['a', 'b', 'c', '#a', '#b', '"a b"', '@c'] as const;

/** A query, and beside it what it should mean, worked out without the parser. */
const { query: anyQuery } = fc.letrec<{
  query: { text: string; holds: (post: { terms: string; tags: string }) => boolean };
}>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...LETTERS).map((text) => ({
      text,
      holds: (post: { terms: string; tags: string }) =>
        text.startsWith('#')
          ? post.tags.split(' ').includes(text.slice(1))
          : post.terms.includes(` ${text.replaceAll('"', '')} `),
    })),
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => ({
      text: `(${a.text}) AND (${b.text})`,
      holds: (post: { terms: string; tags: string }) => a.holds(post) && b.holds(post),
    })),
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => ({
      text: `((${a.text}) OR ${b.text.includes(' ') ? `(${b.text})` : b.text})`,
      holds: (post: { terms: string; tags: string }) => a.holds(post) || b.holds(post),
    })),
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => ({
      text: `(${a.text}) NOT (${b.text})`,
      holds: (post: { terms: string; tags: string }) => a.holds(post) && !b.holds(post),
    })),
  ),
}));
const joined = (tokens: readonly string[]): string => (tokens.length === 0 ? ' ' : ` ${tokens.join(' ')} `);
const anyPost = fc.record({
  terms: fc.array(fc.constantFrom('a', 'b', 'c', '@c'), { maxLength: 4 }).map(joined),
  tags: fc.array(fc.constantFrom('a', 'b', 'ab'), { maxLength: 3 }).map(joined),
});

describe('matches', () => {
  it('agrees with what was asked, in both forms', () => {
    fc.assert(
      fc.property(anyQuery, fc.array(anyPost, { minLength: 1 }), ({ text, holds }, posts) => {
        const parsed = parseTopic(text);
        fc.pre(parsed.ok || parsed.problem.reason !== 'TOO_LONG');
        const topic = requireTopic(text);
        const again = parseCanonical(topic.canonical);
        for (const post of posts) {
          expect(matches(topic, post)).toBe(holds(post));
          expect(matches(again, post)).toBe(holds(post));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

function shape(node: TopicNode): unknown {
  switch (node.type) {
    case 'term':
      return [node.kind, node.column, node.needle];
    case 'not':
      return { not: shape(node.child) };
    default:
      return { [node.type]: node.children.map(shape) };
  }
}

const queryText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        'AND',
        'OR',
        'NOT',
        '(',
        ')',
        '"',
        '#',
        '@',
        "don't",
        '東京',
        'がﾞ',
        ' ',
        '“',
        '”',
        '@a.b-',
        'www.',
        'ﷺ',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 14 },
  )
  .chain((parts) => fc.constantFrom(parts.join(' '), parts.join('')));

describe('the canonical form', () => {
  it('parses to the same tree and prints the same again, whatever was typed', () => {
    fc.assert(
      fc.property(queryText, (text) => {
        const parsed = parseTopic(text);
        if (!parsed.ok) return;
        const again = parseCanonical(parsed.topic.canonical);
        expect(again.canonical).toBe(parsed.topic.canonical);
        expect(shape(again.root)).toEqual(shape(parsed.topic.root));
      }),
      { numRuns: 5_000 },
    );
  });

  it('holds for every single character as word, tag and phrase', () => {
    const wrong: string[] = [];
    for (let cp = 0; cp <= 0x10ffff; cp += 1) {
      const character = String.fromCodePoint(cp);
      if (cp > 0x3000 && fold(character) === character) continue;
      for (const query of [`x${character}y`, `#x${character}y`]) {
        const parsed = parseTopic(query);
        if (!parsed.ok) continue;
        const again = parseTopic(parsed.topic.canonical);
        if (!again.ok || again.topic.canonical !== parsed.topic.canonical) wrong.push(cp.toString(16));
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe('refusals and colours', () => {
  it('a problem lies within the query, and its suggestion is a good query', () => {
    fc.assert(
      fc.property(queryText, (text) => {
        const parsed = parseTopic(text);
        if (parsed.ok) return;
        const { position, length, suggestion } = parsed.problem;
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position + length).toBeLessThanOrEqual(text.length);
        if (suggestion !== null) expect(parseTopic(suggestion).ok).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('tokenSpans covers everything but white space, in order', () => {
    expect(tokenSpans('NOT (#a OR "b c" @d e').map((t) => t.kind)).toEqual([
      'operator',
      'bracket',
      'hashtag',
      'operator',
      'phrase',
      'mention',
      'word',
    ]);
    fc.assert(
      fc.property(queryText, (text) => {
        let at = 0;
        for (const { position, length } of tokenSpans(text)) {
          expect(text.slice(at, position).trim()).toBe('');
          at = position + length;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
    );
  });
});

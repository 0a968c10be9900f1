import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlightSpans } from './highlight.js';
import { requireTopic } from './parser.js';

function marked(query: string, text: string): string[] {
  return highlightSpans(text, requireTopic(query)).map((s) => text.slice(s.position, s.position + s.length));
}

describe('highlightSpans', () => {
  it.each<[string, string, string[]]>([
    ['cat', 'Càt, concatenate (CAT) https://cat.com', ['Càt', 'CAT']],
    ['cat', 'CA\u0301T #cat', ['CA\u0301T', 'cat']],
    ['東京', '今日は東京に行く', ['東京']],
    ['がる', '強がる 強か\u3099る ｶﾞﾙ', ['がる', 'か\u3099る']],
    ['ガル', 'ｶﾞﾙ', ['ｶﾞﾙ']],
    ['"night train"', 'Night — Train, night', ['Night — Train']],
    ['#cat', 'cat #Cat #cats', ['#Cat']],
    ['#東京タワー', '#東京タワー!', ['#東京タワー']],
    ['@alice.bsky.social', 'by @Alice.bsky.social.', ['@Alice.bsky.social']],
    ['bob', '@bob bob', ['bob']],
    ['cat NOT dog', 'cat dog', ['cat']],
    ['"a b" OR "b c"', 'a b c', ['a b c']],
    ['strasse', 'Straße', ['Straße']],
    ['fin', 'ﬁn', ['ﬁn']],
    ['cat', '', []],
  ])('%s in %j', (query, text, expected) => {
    expect(marked(query, text)).toEqual(expected);
  });

  it('gives spans in order, inside the text, not overlapping', () => {
    const topic = requireTopic('a OR #a OR @a OR "a b" OR 東 OR が');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', ' ', '#', '@', '東', 'か', '\u3099', '😀', 'https://a', '\ud83d')),
        (parts) => {
          const text = parts.join('');
          let at = 0;
          for (const { position, length } of highlightSpans(text, topic)) {
            expect(position).toBeGreaterThanOrEqual(at);
            expect(length).toBeGreaterThan(0);
            at = position + length;
          }
          expect(at).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { fold } from './fold.js';
import { findLinks, removeLinks } from './links.js';
import { isUnspaced, joinTokens, tokenize } from './tokens.js';
import { unescapeEntities } from './unescape.js';
import { wordsOf } from './words.js';

describe('tokenize (rules 9 and 10)', () => {
  it.each<[string, string[]]>([
    ["don't", ['don', 't']],
    ['low-cost', ['low', 'cost']],
    ['snake_case 42', ['snake_case', '42']],
    ['東京tower2は', ['東', '京', 'tower2', 'は']],
    ['がる', ['が', 'る']],
    ['ภาษา', ['ภ', 'า', 'ษ', 'า']],
    ['한국어 좋다', ['한국어', '좋다']],
    ['हिन्दी', ['हिन्दी']],
    ['𠀀𠀁 x', ['𠀀', '𠀁', 'x']],
    ['😀 !!!', []],
  ])('%s', (text, tokens) => {
    expect(tokenize(fold(text))).toEqual(tokens);
  });

  it('joins with one space between and at each end', () => {
    expect(joinTokens(['a', 'b'])).toBe(' a b ');
    expect(joinTokens([])).toBe(' ');
  });

  it('knows the unspaced scripts to the last code point', () => {
    const ranges =
      '0E00–0EFF 1000–109F 1780–17FF 3040–30FF 31F0–31FF FF66–FF9F 3400–4DBF 4E00–9FFF F900–FAFF 20000–3FFFF'
        .split(' ')
        .map((range) => range.split('–').map((hex) => Number.parseInt(hex, 16)));
    for (const [first = 0, last = 0] of ranges) {
      expect([first - 1, first, last, last + 1].map(isUnspaced)).toEqual([false, true, true, false]);
    }
    expect(isUnspaced(0x61)).toBe(false);
  });
});

describe('links (rule 8)', () => {
  it.each<[string, string[]]>([
    ['see https://t.co/abc, and', ['https://t.co/abc,']],
    ['HTTP://A.B WWW.x.y', ['HTTP://A.B', 'WWW.x.y']],
    ['https://x.com/aは', ['https://x.com/a']],
    ['awww.nice _www.no 9www.no', []],
    ['éwww.yes.fr (www.a.b)', ['www.yes.fr', 'www.a.b)']],
    ['https:// x ftp://a.b', []],
  ])('%s', (text, links) => {
    expect(findLinks(text)).toEqual(links);
    expect(findLinks(removeLinks(text))).toEqual([]);
  });

  it('separates what stands on both sides', () => {
    expect(removeLinks('今https://a.b日')).toBe('今 日');
  });
});

describe('unescapeEntities (rule 5)', () => {
  it.each([
    ['&amp;lt;', '&lt;'],
    ['&lt;3 &gt; &quot;x&quot; &#39;y&#39;', `<3 > "x" 'y'`],
    ['&nbsp; &AMP; &amp', '&nbsp; &AMP; &amp'],
  ])('%s', (escaped, text) => {
    expect(unescapeEntities(escaped)).toBe(text);
  });
});

describe('wordsOf (rule 12)', () => {
  it.each<[string, string[]]>([
    ["I don't know 42 times x2", ['don', 'know', 'times', 'x2']],
    ['El AÑO no es el ano', ['el', 'año', 'no', 'es', 'el', 'ano']],
    ['CAFE\u0301', ['café']],
    ['今日は東京に行く', ['今日', 'は', '東京', 'に', '行く']],
    ['東京tower', ['東京', 'tower']],
    ['𝒂 𝒂𝒃', ['𝒂𝒃']],
    ['__ _1 ½½', []],
    ['и я мы', ['мы']],
    ['a1 é', ['a1']],
  ])('%s', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});

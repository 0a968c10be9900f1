import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldTag } from './fold.js';
import { joinTokens, tokenize } from './tokens.js';

describe('fold (rule 7)', () => {
  it.each([
    ['CAFÉ', 'cafe'],
    ['CAFE\u0301', 'cafe'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['ẞ', 'ss'],
    ['ὈΔΥΣΣΕΎΣ', 'οδυσσευσ'],
    ['ΣΟΦΟΣ σοφος', 'σοφοσ σοφοσ'],
    ['İstanbul', 'istanbul'],
    ['Ｆｕｌｌ　ｗｉｄｔｈ', 'full width'],
    ['ｶﾞﾙ', 'ガル'],
    ['مُحَمَّد', 'محمد'],
    ['שָׁלוֹם', 'שלום'],
    ['हिन्दी', 'हिन्दी'],
    ['ﬁn ①', 'fin 1'],
    ['i\uFE0F', 'i'],
    ['한국어', '한국어'],
  ])('%s is %s', (text, folded) => {
    expect(fold(text)).toBe(folded.normalize('NFC'));
  });

  it('is idempotent for every code point', () => {
    const wrong: string[] = [];
    for (let cp = 0; cp <= 0x10ffff; cp += 1) {
      if (cp >= 0xd800 && cp <= 0xdfff) continue;
      const once = fold(String.fromCodePoint(cp));
      if (fold(once) !== once) wrong.push(cp.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it('is idempotent, and so are the tokens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const folded = fold(text);
        expect(fold(folded)).toBe(folded);
        const tokens = tokenize(folded);
        expect(tokenize(fold(joinTokens(tokens)))).toEqual(tokens);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes the quick way for ASCII with the same outcome', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(fold(text)).toBe(fold(`${text}é`).slice(0, -1));
      }),
    );
  });
});

describe('foldTag (rule 11)', () => {
  it.each([
    ['Café', 'cafe'],
    ['東京タワー', '東京タワー'],
    ['night train', 'night_train'],
    ['night\u00a0 \u3000train', 'night_train'],
    ['می\u200cخواهم', 'میخواهم'],
    ['a\u0000b\tc', 'abc'],
    ['\u200b\u200d', ''],
    ['Café🎉!', 'cafe🎉!'],
  ])('%j is %j', (name, tag) => {
    expect(foldTag(name)).toBe(tag);
  });

  it('leaves one token, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(foldTag(name)).not.toMatch(/[\s\p{Z}\p{C}]/u);
      }),
      { numRuns: 1_000 },
    );
  });
});

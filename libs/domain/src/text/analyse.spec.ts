import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseText, type TextAnalysis, type TextInput } from './analyse.js';
import { extractTextEntities } from './entities.js';
import { codePointOffsets, utf8Offsets } from './offsets.js';
import { withoutRetweetPrefix, type TextEntity } from './pieces.js';

function analyse(
  text: string,
  entities: readonly TextEntity[] | null = null,
  rest: Partial<TextInput> = {},
): TextAnalysis {
  return analyseText({ text, entities, unescape: true, ...rest }, extractTextEntities);
}

function entity(kind: TextEntity['kind'], start: number, end: number, name: string | null = null): TextEntity {
  return { kind, start, end, name };
}

describe('analyseText', () => {
  it('makes every column that comes from the text', () => {
    expect(analyse('The black #Cat, @Bob &amp; 🐈‍⬛ see https://t.co/abc  now https://t.co/abc')).toEqual({
      text: 'The black #Cat, @Bob & 🐈‍⬛ see https://t.co/abc  now https://t.co/abc',
      text_clean: 'The black #Cat, @Bob & 🐈‍⬛ see now',
      hashtags: ['Cat'],
      mentions: ['bob'],
      terms: ' the black cat @bob see now ',
      tags: ' cat ',
      words: ['the', 'black', 'cat', 'see', 'now'],
      emojis: ['🐈‍⬛'],
      links: ['https://t.co/abc'],
    });
  });

  it('gives one space where there is no token', () => {
    expect(analyse('!!! 😀 https://t.co/x')).toMatchObject({ terms: ' ', tags: ' ', words: [], emojis: ['😀'] });
    expect(analyse('')).toMatchObject({ text: '', text_clean: '', terms: ' ' });
  });

  it('takes the platform at its word: no entities in an existing key means none', () => {
    expect(analyse('#cat @bob', [])).toMatchObject({ hashtags: [], mentions: [], terms: ' cat bob ', tags: ' ' });
  });

  it('keeps a hashtag whole in tags and splits it in terms', () => {
    const found = analyse('#東京タワー へ');
    expect(found).toMatchObject({ tags: ' 東京タワー ', terms: ' 東 京 タ ワ ー へ ', hashtags: ['東京タワー'] });
    expect(analyse('#don_t #CAFÉ #cafe\u0301').tags).toBe(' don_t cafe cafe ');
    expect(analyse('#CAFÉ #cafe\u0301').hashtags).toEqual(['CAFÉ', 'café']);
  });

  it('counts offsets in the escaped text and unescapes piece by piece', () => {
    const text = '&lt;3 &amp; #a&amp;b @c';
    expect(analyse(text, [entity('hashtag', 12, 14), entity('mention', 21, 23)])).toMatchObject({
      text: '<3 & #a&b @c',
      terms: ' 3 a b @c ',
      tags: ' a ',
    });
    expect(analyse('&amp;amp;', [], { unescape: false }).text).toBe('&amp;amp;');
    expect(analyse('&amp;amp;', []).text).toBe('&amp;');
  });

  it('ends a token at the end of a piece', () => {
    expect(analyse('x#ab', [entity('hashtag', 1, 3)])).toMatchObject({ terms: ' x a b ', words: [] });
  });

  it('decides about links piece by piece', () => {
    const text = 'https://a.co/#tag/c';
    expect(analyse(text, [entity('hashtag', 13, 17)])).toMatchObject({
      links: ['https://a.co/'],
      terms: ' tag c ',
      tags: ' tag ',
    });
    expect(analyse(text)).toMatchObject({ links: [text], terms: ' ', tags: ' ' });
  });

  it('keeps a Bluesky handle with its dots, and puts extra tags into tags only', () => {
    const text = 'né @alice.bsky.social';
    const unit = utf8Offsets(text);
    const found = analyse(text, [entity('mention', unit(4), unit(22))], {
      unescape: false,
      extraTags: ['Night Train', '\u200b', 'né'],
    });
    expect(found).toMatchObject({
      terms: ' ne @alice.bsky.social ',
      mentions: ['alice.bsky.social'],
      tags: ' night_train ne ',
      hashtags: ['Night Train', 'né'],
    });
  });

  it('stores NFC, and U+FFFD for half a character', () => {
    expect(analyse('cafe\u0301 \ud83d!', []).text).toBe('café \ufffd!');
  });

  describe('entities that do not fit (rule 11)', () => {
    it.each<[string, string, TextEntity[], Partial<TextAnalysis>]>([
      [
        'beyond the end',
        'a #cat',
        [entity('hashtag', 2, 9, 'Cat')],
        { terms: ' a cat ', tags: ' cat ', hashtags: ['Cat'] },
      ],
      ['negative', 'a #cat', [entity('hashtag', -2, 3, 'x')], { terms: ' a cat ', tags: ' x ' }],
      ['no sign there', 'a cat', [entity('hashtag', 1, 4, 'Dog')], { terms: ' a cat ', tags: ' dog ' }],
      ['no name of its own', 'a cat', [entity('hashtag', 1, 4)], { terms: ' a cat ', tags: ' ' }],
      ['only a sign', 'a # b', [entity('hashtag', 2, 3)], { terms: ' a b ', tags: ' ' }],
      ['empty', 'a #b', [entity('hashtag', 2, 2)], { terms: ' a b ', tags: ' ' }],
      ['backwards', 'a #b', [entity('hashtag', 4, 2)], { terms: ' a b ', tags: ' ' }],
      ['inside a character', '#a😀', [entity('hashtag', 0, 3)], { terms: ' a ', tags: ' ' }],
      ['a mention with a space', '@a b', [entity('mention', 0, 4)], { terms: ' a b ', mentions: [] }],
      [
        'overlapping',
        '#cat#dog',
        [entity('hashtag', 0, 4), entity('hashtag', 3, 8)],
        { tags: ' cat ', terms: ' cat dog ' },
      ],
      ['twice', '#cat', [entity('hashtag', 0, 4), entity('hashtag', 0, 4)], { tags: ' cat ', terms: ' cat ' }],
      ['out of order', '#a #b', [entity('hashtag', 3, 5), entity('hashtag', 0, 2)], { tags: ' a b ', terms: ' a b ' }],
      ['not a number', '#a', [entity('hashtag', Number.NaN, 2, 'n')], { tags: ' n ', terms: ' a ' }],
      ['full width', '＃Ａ ＠Ｂ', [entity('hashtag', 0, 2), entity('mention', 3, 5)], { tags: ' a ', terms: ' a @b ' }],
    ])('%s', (_name, text, entities, expected) => {
      expect(analyse(text, entities)).toMatchObject(expected);
    });

    it('never throws and never loses a plain token, whatever the offsets', () => {
      const hostile = fc.oneof(fc.integer({ min: -5, max: 40 }), fc.constantFrom(Number.NaN, Infinity, 0.5));
      fc.assert(
        fc.property(
          fc.string({ unit: 'binary', maxLength: 30 }),
          fc.array(
            fc.record({
              kind: fc.constantFrom('hashtag' as const, 'mention' as const),
              start: hostile,
              end: hostile,
              name: fc.option(fc.string({ unit: 'binary' })),
            }),
          ),
          (noise, entities) => {
            const text = `#a @b ${noise}`;
            const unit = codePointOffsets(text);
            const found = analyse(
              text,
              entities.map((e) => ({ ...e, start: unit(e.start), end: unit(e.end) })),
            );
            expect(found.terms).toMatch(/^ (?:\S+ )*$/);
            expect(found.tags).toMatch(/^ (?:\S+ )*$/);
            expect(found.tags.split(' ').length - 2).toBe(found.hashtags.length);
          },
        ),
        { numRuns: 1_000 },
      );
    });
  });
});

describe('withoutRetweetPrefix (rule 5)', () => {
  it('takes the prefix out with the mention inside it', () => {
    const text = 'RT @bob: hi @al #x';
    const entities = [entity('mention', 3, 7), entity('mention', 12, 15), entity('hashtag', 16, 18)];
    const own = withoutRetweetPrefix(text, entities);
    expect(own.text).toBe('hi @al #x');
    expect(analyse(own.text, own.entities)).toMatchObject({ terms: ' hi @al x ', mentions: ['al'], tags: ' x ' });
    expect(withoutRetweetPrefix(text, null)).toEqual({ text: 'hi @al #x', entities: null });
  });

  it.each(['rt @bob: hi', 'RT @bob hi', ' RT @bob: hi', 'RT @a_name_too_long_for_x: hi'])('leaves %j', (text) => {
    expect(withoutRetweetPrefix(text, [])).toEqual({ text, entities: [] });
  });
});

describe('extractTextEntities', () => {
  it('mentions the owner of a list, and finds nothing within a link', () => {
    expect(analyse('@owner/cats https://x.com/@bob/#z')).toMatchObject({
      mentions: ['owner'],
      terms: ' @owner cats ',
      tags: ' ',
    });
  });
});

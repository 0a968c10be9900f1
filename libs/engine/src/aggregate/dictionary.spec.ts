import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dictionary, NOTHING } from './dictionary.js';
import { Texts } from './texts.js';

function intern(dictionary: Dictionary, text: string, prefix = 0): number {
  const bytes = Buffer.from(`<${text}>`);
  return dictionary.intern(bytes, 1, bytes.length - 1, prefix);
}

describe('Dictionary', () => {
  it('numbers texts as a Map does, whatever they are and however many', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.nat(3)), { maxLength: 300 }), (texts) => {
        const dictionary = new Dictionary();
        const ordinals = new Map<string, number>();
        for (const [text, prefix] of texts) {
          const readable = Buffer.from(text).toString();
          const key = `${String(prefix)} ${readable}`;
          const known = ordinals.get(key) ?? ordinals.size;
          ordinals.set(key, known);
          expect(intern(dictionary, text, prefix)).toBe(known);
          expect(dictionary.text(known)).toBe(readable);
          expect(dictionary.prefix(known)).toBe(prefix);
        }
        expect(dictionary.size).toBe(ordinals.size);
      }),
    );
  });

  it('numbers many at once as one by one', () => {
    const words = Array.from({ length: 60_000 }, (_, index) => `${String((index * 7919) % 40_009)}é`);
    const bytes = Buffer.from(words.join(' '));
    const texts = new Texts();
    const prefixes = new Int32Array(words.length);
    let at = 0;
    for (const [index, word] of words.entries()) {
      const end = at + Buffer.byteLength(word);
      if (index % 5 === 0) texts.addNothing();
      else texts.add(at, end);
      prefixes[index] = index % 3;
      at = end + 1;
    }
    const [one, many] = [new Dictionary(), new Dictionary()];
    many.internAll(bytes, texts, prefixes);
    const expected = words.map((word, index) => (index % 5 === 0 ? NOTHING : intern(one, word, index % 3)));
    expect([...texts.ordinals.subarray(0, texts.length)]).toEqual(expected);
    expect(many.size).toBe(one.size);
  });

  it('keeps its ordinals when it grows', () => {
    const dictionary = new Dictionary();
    const texts = Array.from({ length: 50_000 }, (_, index) => `text ${String(index * 7)}`);
    const first = texts.map((text) => intern(dictionary, text));
    expect(texts.map((text) => intern(dictionary, text))).toEqual(first);
    expect(first.map((ordinal) => dictionary.text(ordinal))).toEqual(texts);
  });

  it('finds what it knows and nothing else, prefixes apart', () => {
    const dictionary = new Dictionary();
    intern(dictionary, 'cat', 1);
    const cat = Buffer.from('cat');
    expect([1, 2].map((prefix) => dictionary.find(cat, 0, 3, prefix))).toEqual([0, -1]);
    expect(dictionary.find(cat, 0, 2, 1)).toBe(-1);
  });

  it('orders by UTF-8 bytes, which UTF-16 does not beyond the BMP', () => {
    const dictionary = new Dictionary();
    const [emoji, ligature, short, empty] = ['😀', 'ﬀ', 'ﬀa', ''].map((text) => intern(dictionary, text)) as [
      number,
      number,
      number,
      number,
    ];
    expect([emoji, ligature, short, empty].sort((a, b) => dictionary.compare(a, b))).toEqual([
      empty,
      ligature,
      short,
      emoji,
    ]);
  });

  it('learns in a copy what the original does not', () => {
    const original = new Dictionary();
    intern(original, 'cat');
    const copy = original.copy();
    expect([intern(copy, 'dog'), intern(copy, 'cat'), original.size]).toEqual([1, 0, 1]);
    expect(intern(original, 'bird')).toBe(1);
    expect(copy.text(1)).toBe('dog');
  });
});

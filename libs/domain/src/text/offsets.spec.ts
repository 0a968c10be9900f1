import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePointOffsets, utf8Offsets } from './offsets.js';

const wellFormed = fc.string({ unit: 'binary' });

describe('offsets', () => {
  it('counts code points as X does', () => {
    fc.assert(
      fc.property(wellFormed, fc.nat(), (text, seed) => {
        const characters = Array.from(text);
        const at = seed % (characters.length + 1);
        expect(codePointOffsets(text)(at)).toBe(characters.slice(0, at).join('').length);
      }),
    );
  });

  it('counts UTF-8 bytes as Bluesky does', () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(wellFormed, (text) => {
        const unit = utf8Offsets(text);
        const bytes = encoder.encode(text);
        let before = '';
        const known = new Map([[0, 0]]);
        for (const character of text) {
          before += character;
          known.set(encoder.encode(before).length, before.length);
        }
        for (let at = 0; at <= bytes.length; at += 1) expect(unit(at)).toBe(known.get(at) ?? -1);
      }),
    );
  });

  it.each([codePointOffsets, utf8Offsets])('sets aside what is no place in the text', (offsets) => {
    for (const text of ['abc', 'é😀é']) {
      const unit = offsets(text);
      expect(unit(-3)).toBe(-3);
      expect(unit(Number.NaN)).toBe(-1);
      expect(unit(1.5)).toBe(-1);
      expect(unit(Infinity)).toBe(-1);
      expect(unit(1_000)).toBeGreaterThan(text.length);
    }
  });
});

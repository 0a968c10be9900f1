import { isAscii } from './fold.js';
import { isUnspaced, runParts, tokenizeAscii } from './tokens.js';

const LETTER = /\p{L}/u;
const ASCII_LETTER = /[a-z]/;
let segmenter: Intl.Segmenter | undefined;

/**
 * Rule 12: the words of a text that has no links and mentions in it, repeats kept, accents kept.
 * The word breaker (slow) sees only the parts in unspaced scripts.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  if (isAscii(text)) {
    pushAsciiWords(tokenizeAscii(text.toLowerCase()), words);
  } else {
    pushWords(runParts(lowerCase(text)), words);
  }
  return words;
}

/** Lower case with its accents, NFC: how words and names are spelt. */
export function lowerCase(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}

/** Of ASCII tokens, those that are words. */
export function pushAsciiWords(tokens: readonly string[], into: string[]): void {
  for (const token of tokens) {
    if (token.length > 1 && (startsWithLetter(token) || ASCII_LETTER.test(token))) into.push(token);
  }
}

/** The words of `runParts(lowerCase(text))`, into an existing list. */
export function pushWords(parts: readonly string[], into: string[]): void {
  for (const part of parts) {
    const first = part.codePointAt(0) ?? 0;
    if (isUnspaced(first)) {
      segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
      for (const { segment, isWordLike } of segmenter.segment(part)) {
        if (isWordLike === true) into.push(segment);
      }
    } else if (part.length > (first > 0xffff ? 2 : 1) && (startsWithLetter(part) || LETTER.test(part))) {
      into.push(part);
    }
  }
}

/** Spares the expression for nearly all words of the Latin alphabet. */
function startsWithLetter(token: string): boolean {
  const first = token.charCodeAt(0);
  return first >= 0x61 && first <= 0x7a;
}

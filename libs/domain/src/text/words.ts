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
    pushWords(text, words);
  }
  return words;
}

/** Of ASCII tokens, those that are words. */
export function pushAsciiWords(tokens: readonly string[], into: string[]): void {
  for (const token of tokens) {
    if (token.length > 1 && ASCII_LETTER.test(token)) into.push(token);
  }
}

/** `wordsOf` for a text of any script, into an existing list. */
export function pushWords(text: string, into: string[]): void {
  for (const part of runParts(text.normalize('NFC').toLowerCase().normalize('NFC'))) {
    const first = part.codePointAt(0) ?? 0;
    if (isUnspaced(first)) {
      segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
      for (const { segment, isWordLike } of segmenter.segment(part)) {
        if (isWordLike === true) into.push(segment);
      }
    } else if (part.length > (first > 0xffff ? 2 : 1) && LETTER.test(part)) {
      into.push(part);
    }
  }
}

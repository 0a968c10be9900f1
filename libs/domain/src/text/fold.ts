const ASCII = /^[\x00-\x7f]*$/; // eslint-disable-line no-control-regex -- the whole of ASCII is meant
const DROPPED_MARKS =
  // eslint-disable-next-line no-misleading-character-class -- these marks by themselves are meant
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+/g;
const CONTROLS = /\p{C}+/gu;
const SEPARATORS = /\p{Z}+/gu;
const TAG_ODDITIES = /[\p{C}\p{Z}]/u;

/** Whether a text is ASCII throughout: then folding is lower-casing, and no rule about scripts applies. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/**
 * Rule 7 of docs/counting.md: case and accents away, compatibility forms unified, Indic vowel signs kept.
 * Idempotent. Both the stored terms and the terms of a question pass through here, and through nothing else.
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ς', 'σ')
    .replace(DROPPED_MARKS, '')
    .normalize('NFC');
}

/**
 * Rule 11: a hashtag (its name without the sign) folded whole: one token, never split.
 * @returns the empty string where nothing is left; such a tag does not count.
 */
export function foldTag(name: string): string {
  const folded = fold(name);
  return TAG_ODDITIES.test(folded) ? folded.replace(CONTROLS, '').replace(SEPARATORS, '_') : folded;
}

const UNSPACED_RANGES: readonly (readonly [number, number])[] = [
  [0x0e00, 0x0eff],
  [0x1000, 0x109f],
  [0x1780, 0x17ff],
  [0x3040, 0x30ff],
  [0x31f0, 0x31ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0xff66, 0xff9f],
  [0x20000, 0x3ffff],
];
const UNSPACED_CLASS = String.raw`[\u{E00}-\u{EFF}\u{1000}-\u{109F}\u{1780}-\u{17FF}\u{3040}-\u{30FF}\u{31F0}-\u{31FF}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{F900}-\u{FAFF}\u{FF66}-\u{FF9F}\u{20000}-\u{3FFFF}]`;
const TOKEN_CLASS = String.raw`[\p{L}\p{M}\p{N}_]`;

const ASCII_RUN = /[A-Za-z0-9_]+/g;
const RUN_PART = new RegExp(`[${TOKEN_CLASS}--${UNSPACED_CLASS}]+|[${TOKEN_CLASS}&&${UNSPACED_CLASS}]+`, 'gv');
const NONE: readonly string[] = [];

/** Rule 10: whether a code point belongs to a script that is written without spaces between words. */
export function isUnspaced(codePoint: number): boolean {
  if (codePoint < 0x0e00) return false;
  for (const [first, last] of UNSPACED_RANGES) {
    if (codePoint <= last) return codePoint >= first;
  }
  return false;
}

/**
 * Rules 9 and 10: the tokens of a folded text, in order.
 * @param folded what `fold` returned; links and entities are already out of it.
 */
export function tokenize(folded: string): readonly string[] {
  const tokens: string[] = [];
  pushTokens(runParts(folded), tokens);
  return tokens;
}

/** The tokens of `runParts(folded)`, into an existing list. */
export function pushTokens(parts: readonly string[], into: string[]): void {
  for (const part of parts) {
    if (isUnspaced(part.codePointAt(0) ?? 0)) for (const character of part) into.push(character);
    else into.push(part);
  }
}

/** `tokenize` for text that is known to be ASCII and lower case. */
export function tokenizeAscii(lower: string): readonly string[] {
  return lower.match(ASCII_RUN) ?? NONE;
}

/** The runs of rule 9, cut where a run passes between unspaced scripts and others (rule 12). */
export function runParts(text: string): readonly string[] {
  return text.match(RUN_PART) ?? NONE;
}

/** Tokens in the stored form: one space between and at each end; a text without tokens is one space (rule 11). */
export function joinTokens(tokens: readonly string[]): string {
  return tokens.length === 0 ? ' ' : ` ${tokens.join(' ')} `;
}

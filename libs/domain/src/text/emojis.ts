import emojiRegex from 'emoji-regex';

const EMOJI = emojiRegex();
// The full expression tries thousands of sequences at each position; most posts have no emoji at all.
const MAY_HAVE_EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u;
const NONE: readonly string[] = [];

/** The emoji of a text in order, repeats kept; a sequence (flag, family, skin tone) is one. */
export function findEmojis(text: string): readonly string[] {
  return MAY_HAVE_EMOJI.test(text) ? (text.match(EMOJI) ?? NONE) : NONE;
}

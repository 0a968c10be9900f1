import { findEmojis } from './emojis.js';
import { fold, foldTag, isAscii } from './fold.js';
import { findLinks, removeLinks } from './links.js';
import { cutPieces, type TextEntity } from './pieces.js';
import { joinTokens, pushTokens, runParts, tokenizeAscii } from './tokens.js';
import { unescapeEntities } from './unescape.js';
import { lowerCase, pushAsciiWords, pushWords } from './words.js';

export interface TextInput {
  /** As delivered: escaped where the platform escapes. */
  readonly text: string;
  /** The platform's hashtags and mentions, offsets into `text`; null where the record has no such key. */
  readonly entities: readonly TextEntity[] | null;
  /** Whether the platform escapes its text (X does, Bluesky does not). */
  readonly unescape: boolean;
  /** Tags that belong to the post but do not stand in its text (Bluesky's `tags`), in order. */
  readonly extraTags?: readonly string[];
}

/** Finds entities in an unescaped text: `extractTextEntities` of `@analytica/domain/entities`. */
export type EntityExtractor = (text: string) => readonly TextEntity[];

/** The columns of a `Post` that come from its text. */
export interface TextAnalysis {
  readonly text: string;
  readonly text_clean: string;
  readonly hashtags: readonly string[];
  readonly mentions: readonly string[];
  readonly terms: string;
  readonly tags: string;
  readonly words: readonly string[];
  readonly emojis: readonly string[];
  /** The links that stand in the text (rule 8), distinct, in order: what `urls` is where the platform names none. */
  readonly links: readonly string[];
}

const ODD_WHITE_SPACE = /\s{2,}|[^\S ]/g;

/**
 * Rules 5 and 7 to 12 in one pass: the only place where a post's text is unescaped, cut, folded and tokenised.
 * Never throws, whatever the text and the offsets.
 * @param extract used where `entities` is null only; a parameter, so that browsers need not load `twitter-text`.
 */
export function analyseText(input: TextInput, extract: EntityExtractor): TextAnalysis {
  const ascii = isAscii(input.text);
  const raw = ascii ? input.text : input.text.toWellFormed();
  const unescaped = input.unescape ? unescapeEntities(raw) : raw;
  const { pieces, tagNames } =
    input.entities === null ? cutPieces(unescaped, extract(unescaped)) : cutPieces(raw, input.entities);
  const escapedPieces = input.unescape && input.entities !== null && unescaped.length !== raw.length;

  const tokens: string[] = [];
  const words: string[] = [];
  const mentions: string[] = [];
  const links: string[] = [];
  let clean = '';
  for (const piece of pieces) {
    if (piece.kind === 'mention') {
      mentions.push(ascii ? piece.text.toLowerCase() : lowerCase(piece.text));
      tokens.push(`@${foldTag(piece.text)}`);
      clean += piece.sign + piece.text;
      continue;
    }
    let text = piece.text;
    if (piece.kind === 'plain') {
      if (escapedPieces) text = unescapeEntities(text);
      const found = findLinks(text);
      if (found.length > 0) {
        for (const link of found) if (!links.includes(link)) links.push(link);
        text = removeLinks(text);
      }
      clean += text;
    } else {
      clean += piece.sign + text;
    }
    if (ascii) {
      const found = tokenizeAscii(text.toLowerCase());
      for (const token of found) tokens.push(token);
      pushAsciiWords(found, words);
    } else {
      const folded = fold(text);
      const lower = lowerCase(text);
      const parts = runParts(folded);
      pushTokens(parts, tokens);
      pushWords(lower === folded ? parts : runParts(lower), words);
    }
  }

  const text = ascii ? unescaped : unescaped.normalize('NFC');
  const { hashtags, tags } = countedTags(tagNames, input.extraTags);
  clean = clean.replace(ODD_WHITE_SPACE, ' ').trim();
  return {
    text,
    text_clean: ascii ? clean : clean.normalize('NFC'),
    hashtags,
    mentions,
    terms: joinTokens(tokens),
    tags,
    words,
    emojis: ascii ? [] : findEmojis(text),
    links,
  };
}

function countedTags(names: readonly string[], extra: readonly string[] = []): { hashtags: string[]; tags: string } {
  const hashtags: string[] = [];
  const folded: string[] = [];
  for (const list of [names, extra]) {
    for (const name of list) {
      const tag = foldTag(name);
      if (tag === '') continue;
      folded.push(tag);
      hashtags.push(name.toWellFormed().normalize('NFC'));
    }
  }
  return { hashtags, tags: joinTokens(folded) };
}

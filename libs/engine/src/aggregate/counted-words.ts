import { allStopWords } from '@analytica/domain/stop-words';
import { IntColumn } from './columns.js';
import { Dictionary } from './dictionary.js';

const LETTER = /\p{L}/u;
const AT_SIGN = 0x40;
const SMALL_A = 0x61;
const SMALL_Z = 0x7a;

interface StopWords {
  /** Knows the stop words of all languages, and nothing else. */
  readonly dictionary: Dictionary;
  /** For each language which of them are its own, by ordinal. */
  readonly byLanguage: ReadonlyMap<string, Uint8Array>;
}

let prepared: StopWords | undefined;

function stopWords(): StopWords {
  if (prepared !== undefined) return prepared;
  const dictionary = new Dictionary();
  const ordinals = Object.entries(allStopWords()).map(([language, words]): [string, number[]] => [
    language,
    words.map((word) => {
      const bytes = Buffer.from(word);
      return dictionary.intern(bytes, 0, bytes.length);
    }),
  ]);
  const byLanguage = new Map(
    ordinals.map(([language, own]) => {
      const flags = new Uint8Array(dictionary.size);
      for (const ordinal of own) flags[ordinal] = 1;
      return [language, flags];
    }),
  );
  prepared = { dictionary, byLanguage };
  return prepared;
}

const NONE = new Uint8Array(0);

/** Which words count (rules 12 and 16): a dictionary of words with the stop words' ordinals first. */
export class CountedWords {
  readonly dictionary: Dictionary;
  readonly #withStopWords: boolean;
  /** Those that a word's stop list depends on. */
  readonly languages = new Dictionary();
  readonly #stopped: Uint8Array[] = [];
  /** By ordinal: 0 not asked yet, 1 a word, 2 a token that is none. */
  readonly #kinds = new IntColumn();

  constructor(withStopWords: boolean) {
    this.#withStopWords = withStopWords;
    this.dictionary = stopWords().dictionary.copy();
  }

  get bytes(): number {
    return this.dictionary.bytes + this.#kinds.bytes;
  }

  /** Flags of the words that do not count in a language, by ordinal. */
  stopped(language: number): Uint8Array {
    if (this.#withStopWords) return NONE;
    return (this.#stopped[language] ??= stopWords().byLanguage.get(this.languages.text(language)) ?? NONE);
  }

  /**
   * Rule 12: whether a token of `terms` is a word, given that all words of the post are tokens of its `terms`. Most tokens
   * tell by their first byte; what the others are is remembered.
   * @param bytes - how many it has in UTF-8: one byte is one code point.
   */
  isWord(ordinal: number, first: number, bytes: number): boolean {
    if (first === AT_SIGN || bytes < 2) return false;
    if (first >= SMALL_A && first <= SMALL_Z) return true;
    while (this.#kinds.length <= ordinal) this.#kinds.push(0);
    let kind = this.#kinds.at(ordinal);
    if (kind === 0) {
      kind = hasLetter(this.dictionary.text(ordinal)) ? 1 : 2;
      this.#kinds.values[ordinal] = kind;
    }
    return kind === 1;
  }
}

/** Whether a token has a letter, and one more code point. */
function hasLetter(token: string): boolean {
  const [, second] = token;
  return second !== undefined && LETTER.test(token);
}

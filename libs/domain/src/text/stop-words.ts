import lists from './stop-words.json' with { type: 'json' };

/** Words by language, as `Post.words` spells them; origin and licence in NOTICE. */
export type StopWords = Readonly<Record<string, readonly string[]>>;

const LISTS: StopWords = lists;
const sets = new Map<string, ReadonlySet<string>>();
const NONE: ReadonlySet<string> = new Set();

/** The whole committed list, for engines that filter by it. */
export function allStopWords(): StopWords {
  return LISTS;
}

/** Rule 12: the stop words of a language (`Post.lang`); a language that is not in the list has none. */
export function stopWords(lang: string): ReadonlySet<string> {
  if (!Object.hasOwn(LISTS, lang)) return NONE;
  let words = sets.get(lang);
  if (words === undefined) {
    words = new Set(LISTS[lang]);
    sets.set(lang, words);
  }
  return words;
}

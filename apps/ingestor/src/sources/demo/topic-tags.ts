import { LANGUAGES, type Lang } from './communities.js';
import { TOPICS } from './content/topics.js';
import { at, type Rng } from './prng.js';

const ARTICLES: Readonly<Partial<Record<Lang, RegExp>>> = {
  en: /^the /i,
  es: /^(el|la|los|las) /i,
  pt: /^(o|a|os|as) /i,
  fr: /^(le |la |les |l[’'])/i,
  it: /^(il |lo |la |i |gli |le |l[’'])/i,
  de: /^(der|die|das) /i,
};

/** The spellings of a topic's hashtag in a language: as people write it, then lower case, then capitals. */
function spellings(lang: Lang, name: string): readonly string[] {
  const bare = name.replace(ARTICLES[lang] ?? /^(?!)/, '');
  const words = bare.split(/[ \-’']+/).filter((word) => word !== '');
  if (lang === 'ar') return [words.join('_')];
  const joined = words.join('');
  if (lang === 'ja' || lang === 'ko') return [joined];
  const camel = words.map((word) => word.charAt(0).toLocaleUpperCase(lang) + word.slice(1)).join('');
  return [camel, joined.toLocaleLowerCase(lang), joined.toLocaleUpperCase(lang)];
}

const TAGS = TOPICS.map((topic) => LANGUAGES.map((lang) => spellings(lang, topic.names[lang])));

/** A hashtag of a topic, in one of its spellings. */
export function topicTag(topic: number, langIndex: number, rng: Rng): string {
  const tags = at(at(TAGS, topic), langIndex);
  const unit = rng.next();
  if (tags.length === 1 || unit < 0.62) return at(tags, 0);
  return at(tags, unit < 0.93 ? 1 : 2);
}

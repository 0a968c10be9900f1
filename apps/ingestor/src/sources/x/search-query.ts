import { short } from './texts.js';
import type { XRuleText } from './x-api.js';

/** Self-serve accounts (X's documentation, "Build a query"). */
const MAX_QUERY_LENGTH = 512;

/** What recent search understands (X's documentation, "Operators"); the filtered stream understands more. */
const SEARCH_OPERATORS = new Set([
  'bounding_box',
  'context',
  'conversation_id',
  'entity',
  'from',
  'has',
  'in_reply_to_tweet_id',
  'is',
  'lang',
  'list',
  'min_likes',
  'min_replies',
  'min_reposts',
  'place',
  'place_country',
  'point_radius',
  'quotes_of_tweet_id',
  'retweets_of',
  'retweets_of_tweet_id',
  'to',
  'url',
]);

/** Why recent search cannot be asked what a rule asks; null where it can. */
export function searchProblem({ value }: XRuleText): string | null {
  const length = Array.from(value).length;
  if (length > MAX_QUERY_LENGTH) {
    return `it has ${String(length)} characters, and search takes ${String(MAX_QUERY_LENGTH)}`;
  }
  const { operators, hasProximity } = partsOf(value);
  const missing = operators.find((name) => !SEARCH_OPERATORS.has(name));
  if (missing !== undefined) return `search has no operator "${missing}:"`;
  return hasProximity ? 'search has no words that are near each other ("…"~N)' : null;
}

/**
 * Why recent search does not give all that a rule matches; null where it does. Since May 2026 it gives no retweets for words; the
 * stream does.
 */
export function searchShortfall({ value }: XRuleText): string | null {
  const { hasWords } = partsOf(value);
  return hasWords && !/(^|[\s(])-is:retweet([\s)]|$)/i.test(value) ? 'search gives no retweets for words' : null;
}

/** The first of the rules that search does not give whole, and why; null where it gives all. @param isFailed - that X did not search for it. */
export function firstLack<R extends XRuleText>(rules: readonly R[], isFailed: (rule: R) => boolean): string | null {
  for (const rule of rules) {
    const reason = searchProblem(rule) ?? searchShortfall(rule) ?? (isFailed(rule) ? 'X did not search for it' : null);
    if (reason !== null) return `rule "${short(rule.value)}": ${reason}`;
  }
  return null;
}

interface Parts {
  readonly operators: readonly string[];
  readonly hasWords: boolean;
  readonly hasProximity: boolean;
}

/** What a rule is made of: a rough cut, since X alone knows its grammar. */
function partsOf(value: string): Parts {
  const operators: string[] = [];
  let hasWords = false;
  let hasProximity = false;
  // An operator with its value, a phrase, brackets of an area, or any other run without white space.
  for (const [token] of value.matchAll(/-?[a-z_]+:(?:"[^"]*"|\[[^\]]*\]|[^\s()]+)|"[^"]*"(?:~\d+)?|[^\s()"]+/gi)) {
    const name = /^-?([a-z_]+):/i.exec(token)?.[1];
    if (name !== undefined && !/^-?https?:/i.test(token)) operators.push(name.toLowerCase());
    else if (token !== 'OR' && token !== '-') hasWords = true;
    if (/^"[^"]*"~\d+$/.test(token)) hasProximity = true;
  }
  return { operators, hasWords, hasProximity };
}

import type { DoublePost } from './x-api-posts.ts';

/** A query or a rule, understood as far as the double goes: words, phrases, #tags, @names, lang:, is:retweet, OR, -, brackets. */
export type Query =
  | { readonly type: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly type: 'not'; readonly part: Query }
  | { readonly type: 'term'; readonly text: string };

/** @throws Error with a message as X words it. */
export function parseQuery(text: string): Query {
  const tokens = text.match(/"[^"]*"|[()]|-(?=\S)|[^\s()"]+/g) ?? [];
  if ((text.match(/"/g) ?? []).length % 2 !== 0)
    throw new Error("Reference to invalid operator '\"'. Operator is not available.");
  let at = 0;
  const or = (): Query => {
    const parts = [and()];
    while (tokens[at] === 'OR') {
      at += 1;
      parts.push(and());
    }
    return parts.length === 1 ? (parts[0] as Query) : { type: 'or', parts };
  };
  const and = (): Query => {
    const parts: Query[] = [];
    while (at < tokens.length && tokens[at] !== 'OR' && tokens[at] !== ')') parts.push(one());
    if (parts.length === 0)
      throw new Error(`no viable alternative at input '${tokens[at] ?? '<EOF>'}' (at position ${String(at + 1)})`);
    return parts.length === 1 ? (parts[0] as Query) : { type: 'and', parts };
  };
  const one = (): Query => {
    const token = tokens[at++] ?? '';
    if (token === '-') return { type: 'not', part: one() };
    if (token !== '(') return { type: 'term', text: token };
    const inner = or();
    if (tokens[at++] !== ')') throw new Error(`missing ')' at '<EOF>'`);
    return inner;
  };
  const query = or();
  if (at < tokens.length) throw new Error(`extraneous input '${tokens[at] ?? ''}' expecting <EOF>`);
  return query;
}

/** Whether a term can stand alone (X's "standalone" operators). */
export function hasStandaloneTerm(query: Query): boolean {
  if (query.type === 'not') return false;
  if (query.type === 'term') return !/^(is|has|lang|sample):/.test(query.text);
  return query.type === 'or' ? query.parts.every(hasStandaloneTerm) : query.parts.some(hasStandaloneTerm);
}

export function matches(query: Query, post: DoublePost): boolean {
  switch (query.type) {
    case 'and':
      return query.parts.every((part) => matches(part, post));
    case 'or':
      return query.parts.some((part) => matches(part, post));
    case 'not':
      return !matches(query.part, post);
    case 'term':
      return matchesTerm(query.text.toLowerCase(), post);
  }
}

function matchesTerm(term: string, post: DoublePost): boolean {
  if (term === 'everything') return true;
  if (term.startsWith('lang:')) return post.lang === term.slice(5);
  if (term === 'is:retweet') return isRetweet(post);
  return post.text.toLowerCase().includes(term.replaceAll('"', ''));
}

export function isRetweet({ data }: DoublePost): boolean {
  const references = (data['referenced_tweets'] ?? []) as readonly { readonly type?: string }[];
  return references.some(({ type }) => type === 'retweeted');
}

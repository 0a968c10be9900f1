import { fold, foldTag } from '../text/fold.js';
import { tokenize } from '../text/tokens.js';
import type { Span, TermNode, Topic } from './ast.js';
import { positiveTermsOf } from './match.js';
import { tokensOf } from './term.js';

interface PlacedToken extends Span {
  readonly token: string;
}

// Links, then @names, then #tags, then single letters of unspaced scripts with their marks, then runs (rules 8 to 10).
const PART =
  /(?<link>(?:https?:\/\/|(?<![A-Za-z0-9_])www\.)[!-~]+)|(?<mention>(?<![\p{L}\p{N}_])[@＠][\p{L}\p{N}_.-]*[\p{L}\p{N}_])|(?<sign>[#＃](?=(?<tag>[\p{L}\p{M}\p{N}_\u200c\u200d]+)))|(?<unspaced>[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{3ffff}][\u3099\u309a\uff9e\uff9f]?)|(?<run>(?:(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{3ffff}])[\p{L}\p{M}\p{N}_])+)/giu;

/**
 * Where the positive terms of a topic stand in a text, in order, not overlapping. Best effort, for marking words on a
 * screen: a displayed post has no entities, so `@name` and `#tag` are taken as they look.
 */
export function highlightSpans(text: string, topic: Topic): Span[] {
  const { tokens, tags } = place(text);
  const spans = positiveTermsOf(topic).flatMap((term) =>
    term.column === 'tags' ? tags.filter(({ token }) => ` ${token} ` === term.needle) : sequences(tokens, term),
  );
  return union(spans);
}

function place(text: string): { tokens: PlacedToken[]; tags: PlacedToken[] } {
  const tokens: PlacedToken[] = [];
  const tags: PlacedToken[] = [];
  for (const match of text.matchAll(PART)) {
    const [whole] = match;
    const span = { position: match.index, length: whole.length };
    const { link, mention, tag } = match.groups ?? {};
    if (link !== undefined) continue;
    if (mention !== undefined) tokens.push({ token: `@${foldTag(whole.slice(1))}`, ...span });
    else if (tag !== undefined) tags.push({ token: foldTag(tag), position: span.position, length: tag.length + 1 });
    else for (const token of tokenize(fold(whole))) tokens.push({ token, ...span });
  }
  return { tokens, tags };
}

function sequences(tokens: readonly PlacedToken[], { needle }: TermNode): Span[] {
  const wanted = tokensOf(needle);
  const spans: Span[] = [];
  for (let i = 0; i + wanted.length <= tokens.length; i += 1) {
    const first = tokens[i];
    const last = tokens[i + wanted.length - 1];
    if (first === undefined || last === undefined || !wanted.every((token, k) => tokens[i + k]?.token === token))
      continue;
    spans.push({ position: first.position, length: last.position + last.length - first.position });
  }
  return spans;
}

function union(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.position - b.position)) {
    const last = result.at(-1);
    if (last === undefined || span.position >= last.position + last.length) {
      result.push(span);
    } else {
      const end = Math.max(last.position + last.length, span.position + span.length);
      result[result.length - 1] = { position: last.position, length: end - last.position };
    }
  }
  return result;
}

import twitterText from 'twitter-text';
import type { TextEntity } from './pieces.js';

/** Offsets in UTF-16 units of the text, `[start, end)`; the sign is inside the span and not part of the name. */
export interface ExtractedEntity {
  readonly start: number;
  readonly end: number;
}

export interface ExtractedEntities {
  readonly hashtags: readonly (ExtractedEntity & { readonly name: string })[];
  readonly mentions: readonly (ExtractedEntity & { readonly name: string; readonly listSlug: string })[];
  readonly urls: readonly (ExtractedEntity & { readonly url: string })[];
  readonly cashtags: readonly (ExtractedEntity & { readonly name: string })[];
}

const HASHTAG_OR_MENTION_SIGN = /[#＃@＠]/;

/**
 * Everything that X would link in an (unescaped) text, by X's own `twitter-text` rules. Where two entities lie over one
 * another the first counts: a hashtag within a link is none.
 */
export function extractEntities(text: string): ExtractedEntities {
  const found: Mutable<ExtractedEntities> = { hashtags: [], mentions: [], urls: [], cashtags: [] };
  for (const entity of twitterText.extractEntitiesWithIndices(text)) {
    const span = { start: entity.indices[0], end: entity.indices[1] };
    if ('hashtag' in entity) found.hashtags.push({ ...span, name: entity.hashtag });
    else if ('screenName' in entity) {
      found.mentions.push({ ...span, name: entity.screenName, listSlug: 'listSlug' in entity ? entity.listSlug : '' });
    } else if ('url' in entity) found.urls.push({ ...span, url: entity.url });
    else if ('cashtag' in entity) found.cashtags.push({ ...span, name: entity.cashtag });
  }
  return found;
}

/** The hashtags and mentions of an unescaped text, in the form that `analyseText` asks for. */
export function extractTextEntities(text: string): readonly TextEntity[] {
  if (!HASHTAG_OR_MENTION_SIGN.test(text)) return [];
  const { hashtags, mentions } = extractEntities(text);
  return [
    ...hashtags.map(({ start, end, name }): TextEntity => ({ kind: 'hashtag', start, end, name })),
    ...mentions.map(
      // A list (@name/list) mentions its owner; the slug stays plain text.
      ({ start, end, listSlug }): TextEntity => ({ kind: 'mention', start, end: end - listSlug.length, name: null }),
    ),
  ];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

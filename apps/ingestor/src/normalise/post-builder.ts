import { NORMALIZER_VERSION, SCHEMA_VERSION, type Post } from '@analytica/domain';
import { extractTextEntities } from '@analytica/domain/entities';
import { analyseText } from '@analytica/domain/text';
import { rejected, type PostDraft, type Rejected } from './draft.js';
import { domainsOf } from './links.js';
import type { NormaliseContext } from './normalised.js';

/** UTF-16 code units of text, names and links (docs/counting.md, rule 1). */
export const MAX_SIZE = 100_000;

/** The row that a draft becomes: its text analysed, its times shifted. */
export function buildPost(draft: PostDraft, context: NormaliseContext): Post | Rejected {
  const { body, retweet, platform } = draft;
  const size = sizeOf(draft);
  if (size > MAX_SIZE) return rejected(`text, names and links are more than ${MAX_SIZE} characters long`);
  const analysis = analyseText(
    { text: body.text, entities: body.entities, unescape: platform === 'x', extraTags: draft.extraTags },
    extractTextEntities,
  );
  const urls = body.links.length > 0 ? distinct(body.links) : analysis.links;
  return {
    id: draft.id,
    source: context.source ?? platform,
    created_at: isoTime(draft.createdAt + context.shiftMs),
    ingested_at: isoTime(context.arrivedAt),
    text: analysis.text,
    text_clean: analysis.text_clean,
    lang: draft.lang,
    author_id: draft.authorId,
    author_username: draft.authorUsername ?? context.handles?.get(draft.authorId) ?? null,
    author_followers: draft.authorFollowers,
    hashtags: analysis.hashtags,
    mentions: analysis.mentions,
    urls,
    domains: domainsOf(urls, platform),
    cashtags: body.cashtags,
    emojis: analysis.emojis,
    terms: analysis.terms,
    tags: analysis.tags,
    words: analysis.words,
    retweet_of: retweet?.id ?? null,
    retweet_of_author_id: retweet?.authorId ?? null,
    retweet_of_author_username: retweet?.authorUsername ?? null,
    retweet_of_created_at:
      retweet === null || retweet.createdAt === null ? null : isoTime(retweet.createdAt + context.shiftMs),
    quote_of: draft.quoteOf,
    reply_to: draft.replyTo,
    conversation_id: draft.conversationId,
    edit_history_ids: draft.editHistoryIds,
    retweet_count: draft.retweetCount,
    reply_count: draft.replyCount,
    like_count: draft.likeCount,
    quote_count: draft.quoteCount,
    place_country: draft.placeCountry,
    place_name: draft.placeName,
    lat: draft.lat,
    lon: draft.lon,
    rule_tags: draft.ruleTags,
    ingest_path: context.path,
    normalizer: NORMALIZER_VERSION,
    schema_version: SCHEMA_VERSION,
    version: draft.version,
  };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function distinct(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)];
}

/** Each item counts one more than its length, so that empty ones count, too. What lies beyond the limit is not looked at. */
function sizeOf({ body, extraTags, ruleTags, editHistoryIds, authorUsername, placeName }: PostDraft): number {
  let size = body.text.length + (authorUsername?.length ?? 0) + (placeName?.length ?? 0);
  for (const list of [body.links, body.cashtags, extraTags, ruleTags, editHistoryIds]) {
    for (const value of list) {
      if (size > MAX_SIZE) return size;
      size += value.length + 1;
    }
  }
  for (const entity of body.entities ?? []) {
    if (size > MAX_SIZE) return size;
    size += (entity.name?.length ?? 0) + 1;
  }
  return size;
}

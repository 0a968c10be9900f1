import { codePointOffsets, withoutRetweetPrefix, type OffsetMap, type TextEntity } from '@analytica/domain/text';
import type { DraftText } from './draft.js';
import { listOf, nonEmpty, objectOf, offsetOf, stringOf, type JsonObject } from './fields.js';

/** The names under which one version of X's API keeps the entities of a text. */
export interface XEntityNames {
  readonly mentions: string;
  readonly hashtag: string;
  readonly cashtags: string;
  readonly cashtag: string;
  /** The two offsets of an entity, in code points. */
  readonly span: (entity: JsonObject) => readonly [unknown, unknown];
  readonly link: (entity: JsonObject) => string | null;
}

/** A text and the entities in `holder`, which is the object that the text was taken from. Null where there is no text. */
export function xText(value: unknown, holder: JsonObject, names: XEntityNames): DraftText | null {
  const text = stringOf(value);
  if (text === null) return null;
  if (!Object.hasOwn(holder, 'entities')) return { text, entities: null, links: [], cashtags: [] };
  const entities = objectOf(holder['entities']);
  if (entities === null) return { text, entities: [], links: [], cashtags: [] };

  const hashtags = listOf(entities['hashtags']);
  const mentions = listOf(entities[names.mentions]);
  const marked: TextEntity[] = [];
  if (hashtags.length + mentions.length > 0) {
    const offset = codePointOffsets(text);
    addEntities(marked, 'hashtag', hashtags, names, offset);
    addEntities(marked, 'mention', mentions, names, offset);
  }
  return {
    text,
    entities: marked,
    links: strings(entities['urls'], names.link),
    cashtags: strings(entities[names.cashtags], (entity) => nonEmpty(entity[names.cashtag])?.toUpperCase() ?? null),
  };
}

/** A retweet's own text, for want of the original's. */
export function xTextOfRetweet(own: DraftText): DraftText {
  return { ...own, ...withoutRetweetPrefix(own.text, own.entities) };
}

/** Whom a retweet's own text names as the author of the original. */
export function retweetedUsername(text: string): string | null {
  return /^RT @([A-Za-z0-9_]{1,15}): /.exec(text)?.[1] ?? null;
}

function addEntities(
  into: TextEntity[],
  kind: TextEntity['kind'],
  list: readonly unknown[],
  names: XEntityNames,
  offset: OffsetMap,
): void {
  for (const item of list) {
    const entity = objectOf(item);
    if (entity === null) continue;
    const [start, end] = names.span(entity);
    const name = kind === 'hashtag' ? nonEmpty(entity[names.hashtag]) : null;
    into.push({ kind, start: offset(offsetOf(start)), end: offset(offsetOf(end)), name });
  }
}

function strings(list: unknown, read: (entity: JsonObject) => string | null): string[] {
  const found: string[] = [];
  for (const item of listOf(list)) {
    const entity = objectOf(item);
    const value = entity === null ? null : read(entity);
    if (value !== null) found.push(value);
  }
  return found;
}

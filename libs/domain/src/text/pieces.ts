/** A hashtag or mention that a platform, or `twitter-text`, says stands in a text. Offsets in UTF-16 units, `[start, end)`. */
export interface TextEntity {
  readonly kind: 'hashtag' | 'mention';
  readonly start: number;
  readonly end: number;
  /** The hashtag that counts where the span is not usable (X only, rule 11); null where there is none. */
  readonly name: string | null;
}

/** A stretch of the text as delivered. `text` of a hashtag or mention is its name, without the sign. */
export interface Piece {
  readonly kind: 'plain' | 'hashtag' | 'mention';
  readonly text: string;
  /** As delivered: `#`, `＃`, `@`, `＠`; empty for a plain piece. */
  readonly sign: string;
}

export interface Pieces {
  readonly pieces: readonly Piece[];
  /** The names of the hashtags in order: from the text, else the entity's own. */
  readonly tagNames: readonly string[];
}

const MENTION_NAME = /^[\p{L}\p{N}_.-]+$/u;

/** Rule 11: cuts a text by its entities. Entities that do not fit the text leave their span plain. */
export function cutPieces(text: string, entities: readonly TextEntity[]): Pieces {
  if (entities.length === 0) return { pieces: [{ kind: 'plain', text, sign: '' }], tagNames: [] };
  const pieces: Piece[] = [];
  const tagNames: string[] = [];
  let done = 0;
  for (const entity of inOrder(entities)) {
    const name = entity.start >= done ? nameInText(text, entity) : null;
    if (name === null) {
      if (entity.kind === 'hashtag' && entity.name !== null) tagNames.push(entity.name);
      continue;
    }
    if (entity.start > done) pieces.push({ kind: 'plain', text: text.slice(done, entity.start), sign: '' });
    pieces.push({ kind: entity.kind, text: name, sign: text.charAt(entity.start) });
    if (entity.kind === 'hashtag') tagNames.push(name);
    done = entity.end;
  }
  if (done < text.length) pieces.push({ kind: 'plain', text: text.slice(done), sign: '' });
  return { pieces, tagNames };
}

/** By start; at one place hashtags come first, then as delivered. */
function inOrder(entities: readonly TextEntity[]): readonly TextEntity[] {
  return entities.length < 2
    ? entities
    : [...entities].sort((a, b) => a.start - b.start || Number(a.kind === 'mention') - Number(b.kind === 'mention'));
}

function nameInText(text: string, { kind, start, end }: TextEntity): string | null {
  if (!(start >= 0 && end <= text.length && end - start > 1) || isInsideCharacter(text, end)) return null;
  const sign = text[start];
  const name = text.slice(start + 1, end);
  if (kind === 'hashtag') return sign === '#' || sign === '＃' ? name : null;
  return (sign === '@' || sign === '＠') && MENTION_NAME.test(name) ? name : null;
}

function isInsideCharacter(text: string, offset: number): boolean {
  return offset < text.length && (text.codePointAt(offset - 1) ?? 0) > 0xffff;
}

const RETWEET_PREFIX = /^RT @[A-Za-z0-9_]{1,15}: /;

/** Rule 5: a retweet's own text less its leading `RT @name: ` and the entities inside that prefix. */
export function withoutRetweetPrefix(
  text: string,
  entities: readonly TextEntity[] | null,
): { readonly text: string; readonly entities: readonly TextEntity[] | null } {
  const cut = RETWEET_PREFIX.exec(text)?.[0].length ?? 0;
  if (cut === 0) return { text, entities };
  const rest = entities
    ?.filter((entity) => entity.start < 0 || entity.start >= cut)
    .map((entity) => (entity.start < 0 ? entity : { ...entity, start: entity.start - cut, end: entity.end - cut }));
  return { text: text.slice(cut), entities: rest ?? null };
}

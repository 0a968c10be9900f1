const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

export interface Link {
  readonly short: string;
  readonly expanded: string;
  readonly display: string;
}

export interface MentionedAuthor {
  readonly screenName: string;
  /** What a `user_mentions` entity says of the account, its place in the text left out. */
  readonly mention: string;
}

type Entity =
  | { readonly kind: 'hashtag'; readonly start: number; readonly end: number; readonly body: string }
  | { readonly kind: 'mention'; readonly start: number; readonly end: number; readonly body: string }
  | { readonly kind: 'url'; readonly start: number; readonly end: number; readonly body: string };

/** A text as X delivers it: `&`, `<` and `>` escaped, entity positions in code points of the escaped text. */
export interface DeliveredText {
  readonly text: string;
  readonly length: number;
  readonly entities: readonly Entity[];
}

export class TextBuilder {
  #text = '';
  #length = 0;
  readonly #entities: Entity[] = [];

  plain(part: string): this {
    const escaped = escapeText(part);
    this.#text += escaped;
    this.#length += codePoints(escaped);
    return this;
  }

  /** A space, unless the text is empty or ends in one. */
  space(): this {
    return this.#text === '' || this.#text.endsWith(' ') || this.#text.endsWith('\n') ? this : this.plain(' ');
  }

  hashtag(name: string): this {
    return this.#entity('hashtag', `#${name}`, tagBody(name));
  }

  mention(author: MentionedAuthor): this {
    return this.#entity('mention', `@${author.screenName}`, author.mention);
  }

  link(link: Link): this {
    return this.#entity('url', link.short, linkBody(link));
  }

  done(): DeliveredText {
    return { text: this.#text, length: this.#length, entities: this.#entities };
  }

  #entity(kind: Entity['kind'], shown: string, body: string): this {
    const start = this.#length;
    this.#text += shown;
    this.#length += codePoints(shown);
    this.#entities.push({ kind, start, end: this.#length, body });
    return this;
  }
}

/** The first part of a long text, closed by an ellipsis and a link to the whole. */
export function truncated(full: DeliveredText, link: Link): DeliveredText {
  const head = cut(full, 140 - 2 - link.short.length);
  const start = head.length + 2;
  const end = start + link.short.length;
  return {
    text: `${head.text}… ${link.short}`,
    length: end,
    entities: [...head.entities, { kind: 'url', start, end, body: linkBody(link) }],
  };
}

/** What a retweet's own `text` says: the original's after `RT @name: `, cut at 140. */
export function retweetText(original: DeliveredText, author: MentionedAuthor): DeliveredText {
  const prefix = `RT @${author.screenName}: `;
  const shift = prefix.length;
  const room = 140 - shift;
  const head = original.length <= room ? original : cut(original, room - 1);
  const text = prefix + head.text + (head === original ? '' : '…');
  return {
    text,
    length: shift + head.length + (head === original ? 0 : 1),
    entities: [
      { kind: 'mention', start: 3, end: shift - 2, body: author.mention },
      ...head.entities.map((entity) => ({ ...entity, start: entity.start + shift, end: entity.end + shift })),
    ],
  };
}

/** The v1.1 `entities` object. */
export function entitiesJson({ entities }: DeliveredText): string {
  const list = (kind: Entity['kind']) =>
    entities
      .filter((entity) => entity.kind === kind)
      .map(({ body, start, end }) => `{${body},"indices":[${String(start)},${String(end)}]}`)
      .join(',');
  return `{"hashtags":[${list('hashtag')}],"urls":[${list('url')}],"user_mentions":[${list('mention')}],"symbols":[]}`;
}

export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) count -= 1;
  }
  return count;
}

/** At most `limit` code points; no entity and no escape is cut in two. */
function cut(full: DeliveredText, limit: number): DeliveredText {
  let length = Math.min(limit, full.length);
  for (const entity of full.entities) if (entity.start < length && entity.end > length) length = entity.start;
  let units = 0;
  for (let points = 0; points < length; points += 1) units += (full.text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  let text = full.text.slice(0, units);
  const ampersand = text.lastIndexOf('&');
  if (ampersand >= 0 && text.indexOf(';', ampersand) < 0) text = text.slice(0, ampersand);
  text = text.trimEnd();
  length = codePoints(text);
  return { text, length, entities: full.entities.filter((entity) => entity.end <= length) };
}

function escapeText(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign) : text;
}

// The hashtags come from tables, so that there are some thousands of them at most.
const tagBodies = new Map<string, string>();

function tagBody(name: string): string {
  let body = tagBodies.get(name);
  if (body === undefined) {
    body = `"text":${JSON.stringify(name)}`;
    tagBodies.set(name, body);
  }
  return body;
}

function linkBody(link: Link): string {
  return `"url":"${link.short}","expanded_url":"${link.expanded}","display_url":"${link.display}"`;
}

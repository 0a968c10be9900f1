import { IntColumn, ListColumn, NumberColumn } from './columns.js';
import { CountedWords } from './counted-words.js';
import { Dictionary } from './dictionary.js';

export interface MatchedShape {
  /** False: enough to page through posts. */
  readonly figures: boolean;
  readonly includeStopWords: boolean;
  /** Whether authors may be hidden: each row needs its author, and a retweet the author of its original. */
  readonly hiding: boolean;
}

/** Bits of `kind`. */
export const REPLY = 1;
export const QUOTE = 2;

/**
 * The posts that match, copies and deleted posts included, as columns: a row is an index into each. Texts are ordinals of
 * dictionaries, so that a figure is a pass over integers. About 150 bytes a post, none of them an object of its own.
 */
export class MatchedPosts {
  readonly shape: MatchedShape;

  /** Where a row lies: the place of its file among the snapshot's files, and its place in there. */
  readonly file = new IntColumn();
  readonly fileRow = new IntColumn();
  /** Milliseconds. */
  readonly created = new NumberColumn();
  readonly ingested = new NumberColumn();
  readonly source = new IntColumn();
  readonly id = new IntColumn();
  /** `NOTHING` where there is none, as in the columns below. */
  readonly version = new IntColumn();
  readonly retweetOf = new IntColumn();
  /** NaN where it is not stated, or where the id states it. */
  readonly retweetOfCreated = new NumberColumn();
  /** How many retweets the platform counted; NaN where it did not tell. */
  readonly reported = new NumberColumn();

  /** For figures, and where authors may be hidden. */
  readonly author = new IntColumn();
  /** Only where authors may be hidden. */
  readonly retweetOfAuthor = new IntColumn();

  // For figures only.
  readonly username = new IntColumn();
  readonly kind = new IntColumn();
  readonly tags = new ListColumn();
  /** The spelling of each tag, in step with the items of `tags`. */
  readonly tagLabels = new IntColumn();
  readonly mentions = new ListColumn();
  readonly domains = new ListColumn();
  /** Those that count. */
  readonly words = new ListColumn();

  readonly sources = new Dictionary();
  /** Ids of posts; the prefix is the source. */
  readonly ids = new Dictionary();
  /** Ids of retweeted posts; the prefix is the source. */
  readonly retweeted = new Dictionary();
  /** Authors of retweeted posts; the prefix is the source. */
  readonly retweetedAuthors = new Dictionary();
  readonly versions = new Dictionary();
  /** The prefix is the source. */
  readonly authors = new Dictionary();
  readonly usernames = new Dictionary();
  /** Tags and their spellings. */
  readonly tagTexts = new Dictionary();
  readonly mentionTexts = new Dictionary();
  readonly domainTexts = new Dictionary();
  readonly wordTexts: CountedWords;

  /** The first row of each id, and the rows of ids that were there already. */
  readonly firstRow = new IntColumn();
  readonly again: number[] = [];

  constructor(shape: MatchedShape) {
    this.shape = shape;
    this.wordTexts = new CountedWords(shape.includeStopWords);
  }

  get rows(): number {
    return this.created.length;
  }

  /** Memory that it holds. */
  get bytes(): number {
    const columns = [
      ...[this.file, this.fileRow, this.source, this.id, this.version, this.retweetOf, this.author, this.username],
      ...[this.retweetOfAuthor, this.retweetedAuthors],
      ...[this.created, this.ingested, this.retweetOfCreated, this.reported, this.kind, this.tagLabels, this.firstRow],
      ...[this.tags, this.mentions, this.domains, this.words, this.wordTexts],
      ...[this.ids, this.retweeted, this.authors, this.usernames, this.tagTexts, this.mentionTexts, this.domainTexts],
    ];
    return columns.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  sourceOf(row: number): string {
    return this.sources.text(this.source.at(row));
  }

  /** Adds the ids of the rows that are being added. */
  appendIds(ordinals: Int32Array, count: number): void {
    const firstRow = this.id.length;
    this.id.append(ordinals, count);
    for (let index = 0; index < count; index++) {
      if (ordinals[index] === this.firstRow.length) this.firstRow.push(firstRow + index);
      else this.again.push(firstRow + index);
    }
  }
}

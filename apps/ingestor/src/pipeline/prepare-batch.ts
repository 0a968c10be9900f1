import { type DeleteRow, type Post, POST_SOURCES, type PostSource } from '@analytica/domain';
import { RECENT_POSTS, type RecentPost } from '@analytica/domain/contracts';
import type { IdentityHash } from '../dedupe/identity-hash.js';
import { MAX_LINE_BYTES } from '../normalise/limits.js';
import { type LineBudget, normaliseRecords } from '../normalise/normalise-line.js';
import type { NormaliseContext, Normalised } from '../normalise/normalised.js';
import { isOriginal, keyOf, postEntry, removalEntry } from '../originals/original-entry.js';
import { OriginalsOfBatch } from '../originals/prepared-originals.js';
import { isTooLong, postLine, repostLine, rowProblem, tombstoneLine } from './encode-row.js';
import { type DeadLetter, type PreparedRows, RecordKind } from './prepared-batch.js';
import { RowBuffer } from './row-buffer.js';

/** What a batch's rows get beside what stands in their lines. */
export interface PrepareContext extends NormaliseContext {
  /** The import that the posts belong to; null for captured ones. */
  readonly importName: string | null;
  /** Languages whose posts are kept, as `lang` has them (counting.md, rule 5); none: all. */
  readonly languages: readonly string[];
}

/**
 * Raw lines to lines of the log: normalised, encoded, with what the next step needs to leave duplicates out. Pure but for the
 * hash's key. Never throws for what stands in a line.
 * @param room - for the rows' bytes; where they do not fit, they get a buffer of their own.
 */
export function prepareBatch(
  lines: readonly Buffer[],
  context: PrepareContext,
  hash: IdentityHash,
  room = new ArrayBuffer(sizeOfAll(lines)),
): PreparedRows {
  const preparation = new Preparation(room, context, hash);
  for (const line of lines) {
    const budget: LineBudget = { left: MAX_LINE_BYTES };
    for (const record of normaliseRecords(line, context, budget)) preparation.add(record, budget);
  }
  return preparation.finish();
}

class Preparation {
  readonly #rows: RowBuffer;
  readonly #importName: string | null;
  readonly #languages: readonly string[];
  readonly #hash: IdentityHash;
  readonly #ends: number[] = [];
  readonly #kinds: number[] = [];
  readonly #sources: number[] = [];
  readonly #hashes: number[] = [];
  readonly #createdAt: number[] = [];
  readonly #deadLetters: DeadLetter[] = [];
  readonly #recent: { index: number; post: Post }[] = [];
  readonly #originals = new OriginalsOfBatch();
  #notPosts = 0;
  readonly #hidden: string[] = [];
  #filtered = 0;

  constructor(room: ArrayBuffer, { importName, languages }: PrepareContext, hash: IdentityHash) {
    this.#rows = new RowBuffer(room);
    this.#importName = importName;
    this.#languages = languages;
    this.#hash = hash;
  }

  add(record: Normalised, budget: LineBudget): void {
    switch (record.kind) {
      case 'post':
        this.#post(record, budget);
        break;
      case 'delete':
        this.#tombstone(record.tombstone, RecordKind.delete);
        this.#hidden.push(...hiddenBy(record.tombstone));
        break;
      case 'removals':
        for (const [index, row] of record.rows.entries()) {
          this.#tombstone(row, index === 0 ? RecordKind.delete : RecordKind.hide);
          this.#hidden.push(...hiddenBy(row));
        }
        break;
      case 'not-post':
        this.#notPosts += 1;
        break;
      case 'dead-letter':
        this.#deadLetter(record.raw, record.stage, record.reason);
        break;
    }
  }

  finish(): PreparedRows {
    return {
      bytes: this.#rows.bytes(),
      ends: Uint32Array.from(this.#ends),
      kinds: Uint8Array.from(this.#kinds),
      sources: Uint8Array.from(this.#sources),
      hashes: Uint32Array.from(this.#hashes),
      createdAt: Float64Array.from(this.#createdAt),
      originals: this.#originals.finish(this.#ends.length, this.#languages),
      notPosts: this.#notPosts,
      filtered: this.#filtered,
      deadLetters: this.#deadLetters,
      recent: this.#recent.map(({ index, post }) => ({ index, post: recentPost(post), about: aboutOf(post) })),
      hidden: this.#hidden,
    };
  }

  #post(record: Extract<Normalised, { kind: 'post' }>, budget: LineBudget): void {
    const { post, supersedes, awaitsOriginal, raw } = record;
    // A repost has the language of its original, which is not known here.
    if (!awaitsOriginal && this.#languages.length > 0 && !this.#languages.includes(post.lang)) {
      this.#filtered += 1;
      // A delete of the versions before: it holds whatever the language of the new one.
      if (supersedes !== null) this.#tombstone(supersedes, RecordKind.hide);
      return;
    }
    let text: string;
    let hash: readonly [number, number];
    try {
      const problem = rowProblem(post);
      text = problem === null ? (awaitsOriginal ? repostLine : postLine)(post, this.#importName) : '';
      if (problem !== null || isTooLong(text)) {
        this.#deadLetter(raw(), 'store', problem ?? 'the post is longer than 4 MiB');
        return;
      }
      hash = this.#hash(post.source, post.id, post.version);
    } catch (error) {
      this.#deadLetter(raw(), 'store', `unexpected: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    budget.left -= text.length;
    if (this.#recent.length === RECENT_POSTS) this.#recent.shift();
    this.#recent.push({ index: this.#ends.length, post });
    this.#noteOriginal(post, awaitsOriginal);
    this.#record(text, awaitsOriginal ? RecordKind.repost : RecordKind.post, post.source, hash);
    this.#createdAt[this.#createdAt.length - 1] = Date.parse(post.created_at);
    if (supersedes !== null) this.#tombstone(supersedes, RecordKind.supersede);
  }

  /** What reposts need of a post, or which post a repost needs; to be called before the record is added. */
  #noteOriginal(post: Post, awaitsOriginal: boolean): void {
    const { source, id, retweet_of } = post;
    const index = this.#ends.length;
    if (awaitsOriginal) this.#originals.note(index, this.#hash(source, retweet_of ?? '', null), null);
    else if (isOriginal(post)) {
      this.#originals.note(index, this.#hash(source, id, null), postEntry(post, this.#importName));
    }
  }

  #tombstone(row: DeleteRow, kind: number): void {
    const entry = removalEntry(row);
    if (entry !== null) this.#originals.note(this.#ends.length, this.#hash(row.source, keyOf(entry, 0), null), entry);
    this.#record(tombstoneLine(row), kind, row.source, [0, 0]);
  }

  #deadLetter(raw: Buffer, stage: string, reason: string): void {
    // A copy: a view would take its whole batch along when it crosses to another thread.
    this.#deadLetters.push({ raw: new Uint8Array(raw), stage, reason });
  }

  #record(text: string, kind: number, source: PostSource, [high, low]: readonly [number, number]): void {
    this.#rows.add(text);
    this.#ends.push(this.#rows.length);
    this.#kinds.push(kind);
    this.#sources.push(POST_SOURCES.indexOf(source));
    this.#hashes.push(high, low);
    this.#createdAt.push(NaN);
  }
}

function sizeOfAll(lines: readonly Buffer[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

function recentPost({ id, source, created_at, text, author_username }: Post): RecentPost {
  return { id, source, created_at, text, author_username };
}

function aboutOf({ id, author_id, retweet_of, retweet_of_author_id }: Post): readonly string[] {
  return [id, author_id, retweet_of, retweet_of_author_id].filter((each) => each !== null);
}

/** The post or author that a row of tombstones hides. */
function hiddenBy(row: DeleteRow): readonly string[] {
  if ('before' in row) return row.before === null ? [row.id] : [];
  if (!('hidden' in row) || !row.hidden) return [];
  return 'author_id' in row ? [row.author_id] : [row.id];
}

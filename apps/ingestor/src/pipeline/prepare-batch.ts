import type { Post, PostSource, Tombstone } from '@analytica/domain';
import type { IdentityHash } from '../dedupe/identity-hash.js';
import { normaliseLine } from '../normalise/normalise-line.js';
import type { NormaliseContext, Normalised } from '../normalise/normalised.js';
import { isTooLong, postLine, rowProblem, tombstoneLine } from './encode-row.js';
import { type DeadLetter, type PreparedRows, type RecentPost, RecordKind, SOURCES } from './prepared-batch.js';
import { RowBuffer } from './row-buffer.js';

const RECENT = 8;

/**
 * Raw lines to lines of the log: normalised, encoded, with what the next step needs to leave duplicates out. Pure but for the
 * hash's key. Never throws for what stands in a line.
 */
export function prepareBatch(lines: readonly Buffer[], context: NormaliseContext, hash: IdentityHash): PreparedRows {
  const preparation = new Preparation(lines, hash);
  for (const line of lines) {
    let records: readonly Normalised[];
    try {
      records = normaliseLine(line, context);
    } catch (error) {
      preparation.deadLetter(
        line,
        'normalise',
        `unexpected: ${error instanceof Error ? error.message : String(error)}`,
      );
      continue;
    }
    for (const record of records) preparation.add(record, line);
  }
  return preparation.finish();
}

class Preparation {
  readonly #rows: RowBuffer;
  readonly #hash: IdentityHash;
  readonly #ends: number[] = [];
  readonly #kinds: number[] = [];
  readonly #sources: number[] = [];
  readonly #hashes: number[] = [];
  readonly #createdAt: number[] = [];
  readonly #deadLetters: DeadLetter[] = [];
  readonly #recent: { index: number; post: Post }[] = [];
  #notPosts = 0;

  constructor(lines: readonly Buffer[], hash: IdentityHash) {
    this.#rows = new RowBuffer(lines.reduce((sum, line) => sum + line.length, 0));
    this.#hash = hash;
  }

  add(record: Normalised, line: Buffer): void {
    switch (record.kind) {
      case 'post':
        this.#post(record.post, record.supersedes, line);
        break;
      case 'delete':
        if (record.tombstone.id === '') this.deadLetter(line, 'store', 'the id of a delete is empty');
        else this.#tombstone(record.tombstone, RecordKind.delete);
        break;
      case 'not-post':
        this.#notPosts += 1;
        break;
      case 'dead-letter':
        this.deadLetter(record.raw, record.stage, record.reason);
        break;
    }
  }

  deadLetter(raw: Buffer, stage: string, reason: string): void {
    // A copy: a view would take its whole batch along when it crosses to another thread.
    this.#deadLetters.push({ raw: new Uint8Array(raw), stage, reason });
  }

  finish(): PreparedRows {
    return {
      bytes: this.#rows.bytes(),
      ends: Uint32Array.from(this.#ends),
      kinds: Uint8Array.from(this.#kinds),
      sources: Uint8Array.from(this.#sources),
      hashes: Uint32Array.from(this.#hashes),
      createdAt: Float64Array.from(this.#createdAt),
      notPosts: this.#notPosts,
      deadLetters: this.#deadLetters,
      recent: this.#recent.map(({ index, post }) => ({ index, post: recentPost(post) })),
    };
  }

  #post(post: Post, supersedes: Tombstone | null, line: Buffer): void {
    const problem = rowProblem(post);
    if (problem !== null) {
      this.deadLetter(line, 'store', problem);
      return;
    }
    const text = postLine(post);
    if (isTooLong(text)) {
      this.deadLetter(line, 'store', 'the post is longer than 4 MiB');
      return;
    }
    if (this.#recent.length === RECENT) this.#recent.shift();
    this.#recent.push({ index: this.#ends.length, post });
    this.#record(text, RecordKind.post, post.source, this.#hash(post.source, post.id, post.version));
    this.#createdAt[this.#createdAt.length - 1] = Date.parse(post.created_at);
    if (supersedes !== null) this.#tombstone(supersedes, RecordKind.supersede);
  }

  #tombstone(tombstone: Tombstone, kind: number): void {
    this.#record(tombstoneLine(tombstone), kind, tombstone.source, [0, 0]);
  }

  #record(text: string, kind: number, source: PostSource, [high, low]: readonly [number, number]): void {
    this.#rows.add(text);
    this.#ends.push(this.#rows.length);
    this.#kinds.push(kind);
    this.#sources.push(SOURCES.indexOf(source));
    this.#hashes.push(high, low);
    this.#createdAt.push(NaN);
  }
}

function recentPost({ id, source, created_at, text, author_username }: Post): RecentPost {
  return { id, source, created_at, text, author_username };
}

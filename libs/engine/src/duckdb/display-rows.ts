import { join } from 'node:path';
import type { DisplayPost, PostSource } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import { instant, READ_POSTS } from './matched-set.js';
import type { ScanFile } from './partitions.js';
import { explainReadFailure } from './read-failure.js';
import type { Parameter, Row, Session } from './session.js';

/** A row as it lies in the lake, with what decides between rows of one id. */
export interface StoredPost {
  readonly order: number;
  readonly fileRow: number;
  readonly created: number;
  readonly ingested: number;
  readonly version: string | null;
  readonly post: DisplayPost;
}

const COLUMNS = `file_row_number, epoch_ms(created_at), epoch_ms(ingested_at), version, id, source, text, lang, author_id,
  author_username, hashtags, mentions, urls, retweet_of, retweet_of_author_id, retweet_of_author_username,
  epoch_ms(retweet_of_created_at), quote_of, reply_to, retweet_count, reply_count, like_count, quote_count`;

function text(value: Row[number] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function count(value: Row[number] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function time(value: Row[number] | undefined): string | null {
  const ms = count(value);
  return ms === null ? null : new Date(ms).toISOString();
}

function texts(value: Row[number] | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function storedPost(row: Row): StoredPost {
  return {
    order: Number(row[0]),
    fileRow: Number(row[1]),
    created: Number(row[2]),
    ingested: Number(row[3]),
    version: text(row[4]),
    post: {
      id: text(row[5]) ?? '',
      source: String(row[6]) as PostSource,
      created_at: time(row[2]) ?? '',
      text: text(row[7]) ?? '',
      lang: text(row[8]) ?? 'und',
      author_id: text(row[9]) ?? '',
      author_username: text(row[10]),
      hashtags: texts(row[11]),
      mentions: texts(row[12]),
      urls: texts(row[13]),
      retweet_of: text(row[14]),
      retweet_of_author_id: text(row[15]),
      retweet_of_author_username: text(row[16]),
      retweet_of_created_at: time(row[17]),
      quote_of: text(row[18]),
      reply_to: text(row[19]),
      retweet_count: count(row[20]),
      reply_count: count(row[21]),
      like_count: count(row[22]),
      quote_count: count(row[23]),
    },
  };
}

/**
 * Fetches whole rows by the instants of their creation: files are sorted by `created_at` in small row groups, so that only
 * the row groups of those instants are read. `ids` narrows further; without instants every row group is searched for them.
 */
export async function fetchStored(
  session: Session,
  snapshot: Snapshot,
  files: readonly ScanFile[],
  instants: readonly number[] | null,
  ids: readonly string[] | null,
): Promise<StoredPost[]> {
  const chosen =
    instants === null
      ? files
      : files.filter(({ file }) => instants.some((at) => at >= file.minCreatedAt && at <= file.maxCreatedAt));
  if (chosen.length === 0 || instants?.length === 0 || ids?.length === 0) return [];
  const conditions: string[] = [];
  const parameters: Parameter[] = [chosen.map(({ file }) => join(snapshot.root, file.path))];
  if (instants !== null) conditions.push(`created_at IN (${instants.map(instant).join(', ')})`);
  if (ids !== null) {
    conditions.push(`id IN (${ids.map(() => '?').join(', ')})`);
    parameters.push(...ids);
  }
  try {
    const rows = await session.rows(
      `SELECT [${chosen.map(({ order }) => order).join(', ')}][file_index::BIGINT + 1], ${COLUMNS}
       FROM ${READ_POSTS} WHERE ${conditions.join(' AND ')}`,
      parameters,
    );
    return rows.map(storedPost);
  } catch (error) {
    throw await explainReadFailure(
      session,
      snapshot,
      chosen.map(({ file }) => file),
      error,
    );
  }
}

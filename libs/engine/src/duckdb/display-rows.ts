import type { DisplayPost, PostSource } from '@analytica/domain';
import { fileUri, literalPath, type Snapshot } from '@analytica/lake';
import type { StoredVersion } from '../aggregate/versions.js';
import type { ScanFile } from '../partitions.js';
import { explainReadFailure } from './read-failure.js';
import { instant, READ_POSTS } from './scan.js';
import type { Row, EngineConnection } from './connection.js';
import { asText, asTexts, numberOrNull, textOrNull, timeOrNull } from './values.js';

/** A row as it lies in the lake, with what decides between rows of one id. */
export interface StoredPost extends StoredVersion {
  readonly post: DisplayPost;
}

const COLUMNS = `file_row_number, epoch_ms(created_at), epoch_ms(ingested_at), version, id, source, text, lang, author_id,
  author_username, hashtags, mentions, urls, retweet_of, retweet_of_author_id, retweet_of_author_username,
  epoch_ms(retweet_of_created_at), quote_of, reply_to, retweet_count, reply_count, like_count, quote_count`;

function storedPost(row: Row): StoredPost {
  return {
    order: Number(row[0]),
    fileRow: Number(row[1]),
    created: Number(row[2]),
    ingested: Number(row[3]),
    version: textOrNull(row[4]),
    post: {
      id: asText(row[5]),
      source: asText(row[6]) as PostSource,
      created_at: timeOrNull(row[2]) ?? '',
      text: asText(row[7]),
      lang: textOrNull(row[8]) ?? 'und',
      author_id: asText(row[9]),
      author_username: textOrNull(row[10]),
      hashtags: asTexts(row[11]),
      mentions: asTexts(row[12]),
      urls: asTexts(row[13]),
      retweet_of: textOrNull(row[14]),
      retweet_of_author_id: textOrNull(row[15]),
      retweet_of_author_username: textOrNull(row[16]),
      retweet_of_created_at: timeOrNull(row[17]),
      quote_of: textOrNull(row[18]),
      reply_to: textOrNull(row[19]),
      retweet_count: numberOrNull(row[20]),
      reply_count: numberOrNull(row[21]),
      like_count: numberOrNull(row[22]),
      quote_count: numberOrNull(row[23]),
    },
  };
}

/**
 * Fetches whole rows by the instants of their creation: files are sorted by `created_at` in small row groups, so that only
 * the row groups of those instants are read. Some platforms state whole seconds, in which a busy stream has many posts, so
 * the ids narrow that down; without instants every row group is searched for them.
 */
export async function fetchStored(
  connection: EngineConnection,
  snapshot: Snapshot,
  files: readonly ScanFile[],
  instants: readonly number[] | null,
  ids: readonly string[],
): Promise<StoredPost[]> {
  const chosen =
    instants === null
      ? files
      : files.filter(({ file }) => instants.some((at) => at >= file.minCreatedAt && at <= file.maxCreatedAt));
  if (chosen.length === 0 || instants?.length === 0 || ids.length === 0) return [];
  const paths = chosen.map(({ file }) => literalPath(fileUri(snapshot, file)));
  const then = instants === null ? '' : ` AND created_at IN (${instants.map(instant).join(', ')})`;
  await connection.willRead(paths);
  try {
    const rows = await connection.rows(
      `SELECT [${chosen.map(({ order }) => order).join(', ')}][file_index::BIGINT + 1], ${COLUMNS}
       FROM ${READ_POSTS} WHERE id IN (SELECT unnest(?))${then}`,
      [paths, ids],
    );
    return rows.map(storedPost);
  } catch (error) {
    throw await explainReadFailure(
      connection,
      snapshot,
      chosen.map(({ file }) => file),
      error,
    );
  }
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeleteRow, HOUR_MS, type Post } from '@analytica/domain';
import { lakeLocation, LakeWriter } from '@analytica/lake';
import { writeExampleSegment } from '@analytica/lake/testing';

/** When the fixture's last arrival hour ends. */
export const FIXTURE_END = Date.UTC(2026, 4, 14, 12);

export interface FixtureOptions {
  readonly hours: number;
  readonly perHour: number;
  /** Every so many-th post is a retweet of a post of its own. */
  readonly retweetEvery?: number;
}

/** A data directory with a real lake of generated posts: every one says `cat`, every tenth `rare`. */
export async function makeLake(options: FixtureOptions): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'analytica-api-'));
  const lake = await LakeWriter.open(lakeLocation(dataDir, 'demo'), { retentionDays: 0 });
  let seq = 1;
  for (let h = 0; h < options.hours; h++) {
    const hour = FIXTURE_END - (options.hours - h) * HOUR_MS;
    const step = Math.floor(HOUR_MS / options.perHour);
    await appendPosts(
      lake,
      dataDir,
      hour,
      Array.from({ length: options.perHour }, (_, i) => fixturePost(seq + i, hour + i * step, options.retweetEvery)),
      seq,
    );
    seq += options.perHour;
  }
  await lake.advanceWatermark(FIXTURE_END);
  await lake.close();
  return dataDir;
}

/** Adds one more file to a lake, as the ingestor does while it runs. */
export async function growLake(dataDir: string, seq: number, count: number): Promise<void> {
  const lake = await LakeWriter.open(lakeLocation(dataDir, 'demo'), { retentionDays: 0 });
  const posts = Array.from({ length: count }, (_, i) => fixturePost(seq + i, FIXTURE_END - 60_000 + i));
  await appendPosts(lake, dataDir, FIXTURE_END, posts, seq);
  await lake.close();
}

/** Adds a file of delete events to a lake. */
export async function addDeletes(dataDir: string, seq: number, rows: readonly DeleteRow[]): Promise<void> {
  const lake = await LakeWriter.open(lakeLocation(dataDir, 'demo'), { retentionDays: 0 });
  await lake.commitSegment(await writeExampleSegment(dataDir, seq, [], rows), FIXTURE_END);
  await lake.close();
}

export async function removeLake(dataDir: string): Promise<void> {
  await rm(dataDir, { recursive: true, force: true });
}

async function appendPosts(
  lake: LakeWriter,
  dataDir: string,
  hour: number,
  posts: readonly Post[],
  firstSeq: number,
): Promise<void> {
  const path = join(dataDir, `segment-${String(firstSeq)}.ndjson`);
  await writeFile(path, posts.map((post) => JSON.stringify({ kind: 'post', ...post })).join('\n') + '\n');
  const lastSeq = firstSeq + posts.length - 1;
  await lake.commitSegment(
    { path, firstSeq, lastSeq, hour, posts: posts.length, tombstones: 0, imports: new Map() },
    Math.min(hour + HOUR_MS, FIXTURE_END),
  );
  await rm(path);
}

function fixturePost(n: number, time: number, retweetEvery = 0): Post {
  const at = new Date(time).toISOString();
  const rare = n % 10 === 0;
  const retweet = retweetEvery > 0 && n % retweetEvery === 0;
  const words = ['the', 'cat', 'sat', ...(rare ? ['rare'] : [])];
  return {
    id: String(1_000_000_000_000_000 + n),
    source: 'demo',
    created_at: at,
    ingested_at: at,
    text: `the #cat sat${rare ? ' rare' : ''}`,
    text_clean: `the #cat sat${rare ? ' rare' : ''}`,
    lang: 'en',
    author_id: String(n % 97),
    author_username: `user${String(n % 97)}`,
    author_followers: n % 1000,
    hashtags: ['cat'],
    mentions: [],
    urls: [],
    domains: [],
    cashtags: [],
    emojis: [],
    terms: ` ${words.join(' ')} `,
    tags: ' cat ',
    words,
    retweet_of: retweet ? String(5_000_000_000_000_000 + n) : null,
    retweet_of_author_id: retweet ? '7' : null,
    retweet_of_author_username: retweet ? 'seven' : null,
    retweet_of_created_at: retweet ? at : null,
    quote_of: null,
    reply_to: null,
    conversation_id: null,
    edit_history_ids: [],
    retweet_count: retweet ? n % 1000 : null,
    reply_count: null,
    like_count: null,
    quote_count: null,
    place_country: null,
    place_name: null,
    lat: null,
    lon: null,
    rule_tags: [],
    ingest_path: 'stream',
    normalizer: 1,
    schema_version: 1,
    version: null,
  };
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, MINUTE_MS } from '@analytica/domain';
import { DEAD_LETTERS_FOLDER, lakeAt, LakeWriter } from '@analytica/lake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseCommand } from '../src/commands/erase.js';
import type { LakeCommandResult } from '../src/commands/lake-command.js';
import { verifyCommand } from '../src/commands/verify.js';
import { DeadLetterFile } from '../src/dead-letters/dead-letter-file.js';
import { bundleIngestor, removeBundle, startIngestor } from './support/ingestor-process.js';
import { runCommand } from './support/run-command.js';

/** Posts that are deleted by each kind of event; `npm run test:long -- deletes` has 1,000. */
const EACH = Number(process.env['DELETES_EACH'] ?? '12');
const POSTED = Date.UTC(2026, 0, 5, 12);
const EVENT_AT = new Date(POSTED + MINUTE_MS).toISOString();

let entry: string;
let scratch: string;

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'erasure-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

/** What is deleted by one kind of event: its posts, what deletes them, and whose ids nothing may have afterwards. */
interface Kind {
  readonly name: string;
  readonly source: 'x' | 'bluesky';
  /** The line that deletes the post, or hides its author. */
  readonly event: (post: { readonly id: string; readonly author: string; readonly key: string }) => unknown;
  readonly byAuthor: boolean;
  /** Whether it can be undone: then the posts stay for 30 days. */
  readonly undoable?: boolean;
}

const user = (author: string): unknown => ({ user: { id: author }, event_at: EVENT_AT });
const account = (author: string, status: string): unknown => ({
  did: author,
  time_us: (POSTED + MINUTE_MS) * 1000,
  kind: 'account',
  account: { active: false, did: author, status },
});

const KINDS: readonly Kind[] = [
  {
    name: 'v1.1 delete',
    source: 'x',
    event: ({ id, author }) => ({ delete: { status: { id_str: id, user_id_str: author } } }),
    byAuthor: false,
  },
  {
    name: 'v2 delete',
    source: 'x',
    event: ({ id, author }) => ({ data: { delete: { tweet: { id, author_id: author }, event_at: EVENT_AT } } }),
    byAuthor: false,
  },
  {
    name: 'batch delete',
    source: 'x',
    event: ({ id }) => ({ id, action: 'delete', created_at: EVENT_AT, reason: 'deleted' }),
    byAuthor: false,
  },
  { name: 'user_delete', source: 'x', event: ({ author }) => ({ user_delete: user(author) }), byAuthor: true },
  {
    name: 'record delete',
    source: 'bluesky',
    event: ({ author, key }) => ({
      did: author,
      time_us: (POSTED + MINUTE_MS) * 1000,
      kind: 'commit',
      commit: { operation: 'delete', collection: 'app.bsky.feed.post', rkey: key },
    }),
    byAuthor: false,
  },
  { name: 'account deleted', source: 'bluesky', event: ({ author }) => account(author, 'deleted'), byAuthor: true },
  {
    name: 'account taken down',
    source: 'bluesky',
    event: ({ author }) => account(author, 'takendown'),
    byAuthor: true,
  },
  ...(['user_suspend', 'user_protect'] as const).map((name): Kind => ({
    name,
    source: 'x',
    event: ({ author }) => ({ data: { [name]: user(author) } }),
    byAuthor: true,
    undoable: true,
  })),
  {
    name: 'withheld everywhere',
    source: 'x',
    event: ({ id }) => ({ withheld: { tweet: { id }, withheld_in_countries: ['XX'], event_at: EVENT_AT } }),
    byAuthor: false,
    undoable: true,
  },
  {
    name: 'batch suspended',
    source: 'x',
    event: ({ id }) => ({ id, action: 'delete', created_at: EVENT_AT, reason: 'suspended' }),
    byAuthor: false,
    undoable: true,
  },
  ...['suspended', 'deactivated'].map((status): Kind => ({
    name: `account ${status}`,
    source: 'bluesky',
    event: ({ author }) => account(author, status),
    byAuthor: true,
    undoable: true,
  })),
];

interface Lines {
  readonly posts: string[];
  readonly events: string[];
  readonly ids: string[];
}

/** Each post has a retweet by somebody else (X), and a dead letter that is about it. */
function linesOf(kind: Kind, place: number): Lines {
  const lines: Lines = { posts: [], events: [], ids: [] };
  for (let n = 0; n < EACH; n += 1) {
    const number = place * 1_000_000 + n;
    const key = `3k${String(number)}`;
    const author = kind.source === 'x' ? String(7_000_000_000 + number) : `did:plc:author${String(number)}`;
    const id =
      kind.source === 'x'
        ? String(2_007_000_000_000_000_000 + number * 1_000)
        : `at://${author}/app.bsky.feed.post/${key}`;
    lines.posts.push(
      ...(kind.source === 'x' ? tweets(id, author) : blueskyPosts(author, key)).map((post) => JSON.stringify(post)),
    );
    lines.events.push(JSON.stringify(kind.event({ id, author, key })));
    lines.ids.push(id, ...(kind.byAuthor ? [author] : []));
  }
  return lines;
}

function tweets(id: string, author: string): unknown[] {
  const created_at = 'Mon Jan 05 12:00:00 +0000 2026';
  const post = { id_str: id, created_at, text: `secret ${id}`, lang: 'en', user: { id_str: author } };
  const retweet = { ...post, id_str: String(BigInt(id) + 1n), user: { id_str: '5' }, retweeted_status: post };
  return [post, retweet, { ...post, user: null }];
}

function blueskyPosts(did: string, rkey: string): unknown[] {
  const record = { text: `secret ${rkey}`, langs: ['en'] };
  const commit = { operation: 'create', collection: 'app.bsky.feed.post', rkey, cid: `bafy${rkey}`, record };
  const event = { did, time_us: POSTED * 1000, kind: 'commit', commit };
  return [event, { ...event, commit: { ...commit, record: { langs: ['en'] } } }];
}

describe('deletes of every kind', () => {
  it(`leave no file with what was deleted (${String(EACH)} of each)`, async () => {
    const all = KINDS.map((kind, place) => linesOf(kind, place));
    const kept = tweets('2007000000999999000', '42')
      .slice(0, 1)
      .map((post) => JSON.stringify(post));
    const [first, second, idsFile] = ['posts.json', 'events.json', 'ids.txt'].map((name) => join(scratch, name));
    if (first === undefined || second === undefined || idsFile === undefined) throw new Error('There are three files.');
    await writeFile(first, [...kept, ...all.flatMap(({ posts }) => posts)].join('\n'));
    await writeFile(second, all.flatMap(({ events }) => events).join('\n'));
    const ids = all.flatMap((lines) => lines.ids);
    await writeFile(idsFile, ids.join('\n'));
    const root = join(scratch, 'lake');
    const verify = (): Promise<LakeCommandResult> => runCommand(root, verifyCommand, false, [], idsFile);

    await replay(first, 'posts');
    const before = await verify();
    expect(before.exitCode).toBe(1);
    expect(before.json).toMatchObject({ ids: ids.length, left: ids.length });
    const places = (before.json as { found: readonly { place: string }[] }).found.map(({ place }) => place);
    expect(new Set(places)).toEqual(new Set(['listed', 'dead letter', 'original']));

    await replay(second, 'events');
    await runCommand(root, eraseCommand);
    await sweep(root);
    const undoable = all.filter((_, place) => KINDS[place]?.undoable === true).flatMap((lines) => lines.ids);
    const { found } = (await verify()).json as { found: readonly { id: string }[] };
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(undoable));

    await eraseAMonthLater(root);
    const after = await verify();
    expect(after.json).toMatchObject({ left: 0, found: [], unreadable: [] });
    expect(after.exitCode).toBe(0);
    const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 0 });
    expect(lake.manifest.files.reduce((sum, { rows }) => sum + rows, 0)).toBe(1);
    await lake.close();
  });
});

async function replay(file: string, importName: string): Promise<void> {
  const running = startIngestor(entry, {
    DATA_DIR: scratch,
    INGEST_SOURCE: 'replay',
    REPLAY_FILES: file,
    REPLAY_IMPORT_NAME: importName,
    LAKE_FLUSH_SECONDS: '0.2',
  });
  await running.waitFor('replay-done');
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
}

/** After two hours of running time in which the clock says that 31 days have gone by. */
async function eraseAMonthLater(root: string): Promise<void> {
  const now = Date.now() + 31 * DAY_MS;
  let minutes = 0;
  const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 0, clock: () => minutes * MINUTE_MS });
  for (; minutes <= 125; minutes += 5) await lake.expire(now);
  const letters = new DeadLetterFile(join(root, DEAD_LETTERS_FOLDER));
  const { signal } = new AbortController();
  await lake.erasure.pass(now, signal, async (find) => {
    await letters.erase(find, signal);
  });
  minutes += 16;
  await lake.sweep();
  await lake.close();
}

/** A quarter of an hour later, by a clock of the test's. */
async function sweep(root: string): Promise<void> {
  let minutes = 0;
  const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 0, clock: () => minutes * MINUTE_MS });
  minutes = 16;
  await lake.sweep();
  await lake.close();
}

import { type DeleteRow, NEWEST_KEPT } from '@analytica/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDeletes, FIXTURE_END, makeLake, removeLake } from './fixture-lake.js';
import { Stack, testEnv, until } from './stack.js';

const HOURS = 2;
const EACH = 600;
const PAGE = `query ($id: ID!, $order: PostOrder!, $after: String) {
  posts(analysisId: $id, order: $order, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } edges { node { id authorId retweetOf withheldIn } } } }`;

interface Node {
  readonly id: string;
  readonly authorId: string;
  readonly retweetOf: string | null;
  readonly withheldIn: readonly string[];
}
interface Page {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: Node }[];
}

const AT = new Date(FIXTURE_END).toISOString();
const NEWEST = String(1_000_000_000_000_000 + HOURS * EACH);
const WITHHELD = { source: 'demo', at: AT, hidden: false, reason: 'withheld', ingested_at: AT } as const;
const EVENTS: readonly DeleteRow[] = [
  { ...WITHHELD, author_id: '9', until: AT, countries: ['FR', 'DE'] },
  // Every retweet of the fixture is of a post of this author.
  { ...WITHHELD, author_id: '7', until: AT, countries: ['TR'] },
  { ...WITHHELD, id: NEWEST, countries: ['IN', 'TR'] },
];

/** What the fixture's events say of a post. */
function expected({ id, authorId, retweetOf }: Node): string[] {
  const countries = [
    ...(authorId === '9' ? ['DE', 'FR'] : []),
    ...(authorId === '7' || retweetOf !== null ? ['TR'] : []),
    ...(id === NEWEST ? ['IN', 'TR'] : []),
  ];
  return [...new Set(countries)].sort();
}

let dataDir: string;
let stack: Stack;

beforeEach(async () => {
  dataDir = await makeLake({ hours: HOURS, perHour: EACH, retweetEvery: 5 });
});
afterEach(async () => {
  await stack.close();
  await removeLake(dataDir);
});

/** Asks of the lake as it is now: an API that runs already may answer from a snapshot that is some seconds old. */
async function ask(): Promise<{ id: string; hash: unknown }> {
  stack = await Stack.start(testEnv(dataDir));
  const id = await stack.begin('cat');
  await until('the run ended', async () => (await stack.status(id)) === 'SUCCEEDED');
  const { data } = await stack.ask('query ($id: ID!) { analysis(id: $id) { result { hash } } }', { id });
  return { id, hash: data('analysis.result.hash') };
}

async function allPosts(id: string, order: string): Promise<Node[]> {
  const found: Node[] = [];
  for (let after: string | null = null; ;) {
    const { data, errors } = await stack.ask(PAGE, { id, order, after });
    expect(errors).toEqual([]);
    const { edges, pageInfo } = data('posts') as Page;
    found.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

describe('posts that are withheld in some countries', () => {
  it('say so, those beyond the rows of the result too, and change no figure', async () => {
    const before = await ask();
    expect((await allPosts(before.id, 'NEWEST')).flatMap(({ withheldIn }) => withheldIn)).toEqual([]);
    await stack.close();
    await addDeletes(dataDir, HOURS * EACH + 1, EVENTS);
    const { id, hash } = await ask();
    expect(hash).toEqual(before.hash);
    const posts = await allPosts(id, 'NEWEST');
    expect(posts).toHaveLength(HOURS * EACH);
    expect(posts[0]).toMatchObject({ id: NEWEST, withheldIn: ['IN', 'TR'] });
    expect(posts.map(({ withheldIn }) => withheldIn)).toEqual(posts.map(expected));
    expect(posts.slice(NEWEST_KEPT).map(({ withheldIn }) => withheldIn.join())).toContain('DE,FR');
    const originals = await allPosts(id, 'MOST_RETWEETED');
    expect(originals).toHaveLength((HOURS * EACH) / 5);
    expect(new Set(originals.map(({ withheldIn }) => withheldIn.join()))).toEqual(new Set(['TR']));
  });
});

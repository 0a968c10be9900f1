import type { DoublePost } from './x-api-posts.ts';
import { isRetweet, matches, parseQuery, type Query } from './x-api-query.ts';
import type { Answer } from './x-api-rules.ts';

const DAY_MS = 86_400_000;
const MAX_QUERY_LENGTH = 512;
const STEPS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: DAY_MS };

/** Recent search and its counts, over the posts that have happened. */
export class SearchIndex {
  readonly #posts: DoublePost[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(post: DoublePost): void {
    this.#posts.push(post);
  }

  /** GET /2/tweets/search/recent */
  recent(parameters: URLSearchParams): Answer {
    const asked = this.#ask(parameters);
    if ('status' in asked) return asked;
    const size = Number(parameters.get('max_results') ?? 10);
    if (!(size >= 10 && size <= 100))
      return invalid(
        'max_results',
        `The \`max_results\` query parameter value [${String(size)}] is not between 10 and 100`,
      );
    const token = parameters.get('next_token') ?? parameters.get('pagination_token');
    const after = token === null ? null : /^b26v89c19zqg8o3f([0-9]+)$/.exec(token)?.[1];
    if (after === undefined) return invalid('next_token', 'The `next_token` query parameter value is not valid');
    // Newest first; a token gives the same page whenever it is used.
    const found = asked.found
      .toSorted((a, b) => (BigInt(b.id) > BigInt(a.id) ? 1 : -1))
      .filter(({ id }) => after === null || BigInt(id) < BigInt(after));
    const page = found.slice(0, size);
    const last = page.at(-1);
    const meta = {
      ...(last === undefined ? {} : { newest_id: page[0]?.id, oldest_id: last.id }),
      result_count: page.length,
      ...(last !== undefined && found.length > size ? { next_token: `b26v89c19zqg8o3f${last.id}` } : {}),
    };
    if (last === undefined) return { status: 200, body: { meta } };
    const includes = { users: merged(page, 'users'), tweets: merged(page, 'tweets'), places: merged(page, 'places') };
    return { status: 200, body: { data: page.map(({ data }) => data), includes, meta } };
  }

  /** GET /2/tweets/counts/recent */
  counts(parameters: URLSearchParams): Answer {
    const asked = this.#ask(parameters);
    if ('status' in asked) return asked;
    const { found, from, to } = asked;
    const step = STEPS[parameters.get('granularity') ?? 'hour'] ?? 3_600_000;
    const data: unknown[] = [];
    for (let start = from; start < to; start = start - (start % step) + step) {
      const end = Math.min(to, start - (start % step) + step);
      const count = found.filter(({ createdAt }) => createdAt >= start && createdAt < end).length;
      data.push({ start: new Date(start).toISOString(), end: new Date(end).toISOString(), tweet_count: count });
    }
    return { status: 200, body: { data, meta: { total_tweet_count: found.length } } };
  }

  #ask(parameters: URLSearchParams): Answer | { found: DoublePost[]; from: number; to: number } {
    const text = parameters.get('query') ?? '';
    if (text.length > MAX_QUERY_LENGTH) {
      return invalid(
        'query',
        `Rule length is ${String(text.length)}, which exceeds the maximum of ${String(MAX_QUERY_LENGTH)}.`,
      );
    }
    let query: Query;
    try {
      query = parseQuery(text);
    } catch (error) {
      return invalid(
        'query',
        `There were errors processing your request: ${error instanceof Error ? error.message : ''}`,
      );
    }
    const unknown = /\b(sample|bio|url_title|followers_count):/.exec(text)?.[1];
    if (unknown !== undefined) {
      return invalid(
        'query',
        `There were errors processing your request: Reference to invalid operator '${unknown}'. Operator is not available in current product or product packaging.`,
      );
    }
    const now = this.#now();
    const earliest = now - 7 * DAY_MS;
    const from = timeOf(parameters.get('start_time')) ?? earliest;
    const to = timeOf(parameters.get('end_time')) ?? now - 30_000;
    if (from < earliest)
      return invalid(
        'start_time',
        `Invalid 'start_time':'${String(parameters.get('start_time'))}'. 'start_time' must be on or after ${new Date(earliest).toISOString()}.`,
      );
    if (to > now - 10_000)
      return invalid(
        'end_time',
        `Invalid 'end_time':'${String(parameters.get('end_time'))}'. 'end_time' must be a minimum of 10 seconds prior to the request time.`,
      );
    if (to <= from) return invalid('start_time', "'start_time' must be before 'end_time'.");
    // Since May 2026 searches by keyword give no retweets.
    const found = this.#posts.filter(
      (post) => post.createdAt >= from && post.createdAt < to && !isRetweet(post) && matches(query, post),
    );
    return { found, from, to };
  }
}

function timeOf(value: string | null): number | null {
  return value === null ? null : Date.parse(value);
}

function merged(page: readonly DoublePost[], kind: string): unknown[] {
  const byId = new Map(
    page.flatMap(({ includes }) => (includes[kind] ?? []).map((each) => [(each as { id: string }).id, each])),
  );
  return [...byId.values()];
}

function invalid(parameter: string, message: string): Answer {
  const errors = [{ parameters: { [parameter]: [] }, message }];
  const detail = 'One or more parameters to your request was invalid.';
  return {
    status: 400,
    body: { errors, title: 'Invalid Request', detail, type: 'https://api.x.com/2/problems/invalid-request' },
  };
}

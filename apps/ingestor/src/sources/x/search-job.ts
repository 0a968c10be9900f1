import { createHash } from 'node:crypto';
import { SECOND_MS, snowflakeTime } from '@analytica/domain';
import { z } from 'zod';
import type { Cursor } from '../source.js';
import type { SearchPage } from './x-api.js';

/** One request of a search. X gives a series of pages of one span; a token is of no use with another span. */
const requestSchema = z.object({
  /** `[from, to)`, epoch ms. */
  from: z.number(),
  to: z.number(),
  /** The page; null for the first one. */
  token: z.string().nullable(),
});
export type SearchRequest = Readonly<z.output<typeof requestSchema>>;

/** A span of time that is searched for each rule, one rule after the other. */
const jobSchema = z.object({
  /** `[from, to)`, epoch ms. */
  from: z.number(),
  to: z.number(),
  /** Keys of rules that are done. */
  done: z.array(z.string()),
  /** Keys of those of them that X did not search for. */
  failed: z.array(z.string()),
  /** The rule that is being read; null between two. */
  rule: z.string().nullable(),
  /** Its next page; null where that is asked for anew, from the oldest post on. */
  next: requestSchema.nullable().default(null),
  /** Id of its oldest post that was read; X gives newer ones first. */
  oldest: z.string().nullable().default(null),
  /** Posts read for it so far. */
  posts: z.number(),
});
export type SearchJob = Readonly<z.output<typeof jobSchema>>;

const stateSchema = z.object({
  /** The rule whose past is being read. */
  backfill: jobSchema.nullable(),
  /** Keys of rules whose past has been read. */
  backfilled: z.array(z.string()),
  /** The gap that is being refilled. */
  refill: jobSchema.nullable(),
  /** Where gaps begin that were refilled as far as search can. */
  tried: z.array(z.number()),
  /** Posts read to refill gaps in the cycle that ends at `cycle`. */
  refillPosts: z.number(),
  cycle: z.number(),
});
/** Where the search was: what its cursor keeps. */
export type SearchState = Readonly<z.output<typeof stateSchema>>;

export const NEW_SEARCH: SearchState = {
  backfill: null,
  backfilled: [],
  refill: null,
  tried: [],
  refillPosts: 0,
  cycle: 0,
};

/** A short name of a rule: the same text is the same rule, whatever its id. */
export function ruleKey(value: string): string {
  return createHash('sha256').update(value).digest('base64url').slice(0, 12);
}

export function newJob(from: number, to: number): SearchJob {
  return { from, to, done: [], failed: [], rule: null, next: null, oldest: null, posts: 0 };
}

/** How far back search goes, epoch ms. */
export interface SearchReach {
  /** X takes no request that begins before this. */
  readonly limit: number;
  /** Where a new series of pages begins at the earliest, so that X takes its later pages, too. */
  readonly earliest: number;
}

/**
 * The next page of a job's rule. A long series outlives the time at which it begins: then a new one goes on at the oldest post.
 * @returns null where search reaches no more of it.
 */
export function nextRequest({ from, to, next, oldest }: SearchJob, reach: SearchReach): SearchRequest | null {
  if (next !== null && next.from >= reach.limit) return next;
  const read = oldest === null ? null : snowflakeTime(oldest);
  // X takes whole seconds: what is read twice is a duplicate.
  const before = read === null ? to : Math.min(to, (Math.floor(read / SECOND_MS) + 1) * SECOND_MS);
  const anew = { from: Math.max(from, reach.earliest), to: before, token: null };
  return anew.from < anew.to ? anew : null;
}

/** The job after a page of a request, null where search reaches no more. @param isNews - whether a post counts. */
export function afterPage(
  job: SearchJob,
  request: SearchRequest | null,
  { ids, nextToken }: Pick<SearchPage, 'ids' | 'nextToken'>,
  isNews: (id: string) => boolean,
): SearchJob {
  const next = request === null || nextToken === null ? null : { ...request, token: nextToken };
  return { ...job, next, oldest: ids.reduce(olderId, job.oldest), posts: job.posts + ids.filter(isNews).length };
}

function olderId(one: string | null, other: string): string {
  return one === null || BigInt(other) < BigInt(one) ? other : one;
}

/** A cursor holds single values: the state is one text in it. */
export function writeSearchState(state: SearchState): Cursor {
  return { search: JSON.stringify(state) };
}

/** The state in a cursor; a new one where there is none, or not one of this version. */
export function readSearchState(cursor: Cursor | null): SearchState {
  const text = cursor?.['search'];
  if (typeof text !== 'string') return NEW_SEARCH;
  try {
    return stateSchema.safeParse(JSON.parse(text)).data ?? NEW_SEARCH;
  } catch {
    return NEW_SEARCH;
  }
}

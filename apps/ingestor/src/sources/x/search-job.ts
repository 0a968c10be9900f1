import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Cursor } from '../source.js';

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
  /** Its next page; null for the first one. */
  token: z.string().nullable(),
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
  return { from, to, done: [], failed: [], rule: null, token: null, posts: 0 };
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

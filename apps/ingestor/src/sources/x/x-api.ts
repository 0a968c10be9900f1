import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { AppError } from '@analytica/domain';
import { ApiPartialResponseError, ApiResponseError, TwitterApi } from 'twitter-api-v2';
import { z } from 'zod';
import { forPeople, type XAccount } from './account.js';
import { POST_FIELDS } from './fields.js';
import { readProblem, wordsOf, type XProblem } from './problem.js';
import { RENAMED_POST_FIELDS, withStreamNames } from './renamed-fields.js';

const REQUEST_TIMEOUT_MS = 30_000;
/** Rules in one request. */
const RULES_AT_A_TIME = 100;
const SECOND_MS = 1000;

/** A request to the X API that failed; the message is one sentence for people and holds no credentials. */
export class XApiError extends AppError {
  override readonly name = 'XApiError';
  /** The HTTP status; null where no answer came. */
  readonly status: number | null;
  /** When the limit resets, epoch ms, where X said so with HTTP 429. */
  readonly resetsAt: number | null;
  readonly problem: XProblem;

  constructor(message: string, status: number | null, resetsAt: number | null, problem: XProblem) {
    super('SOURCE_UNREADABLE', message, {
      retryable: status === null || status === 402 || status === 429 || status >= 500,
    });
    this.status = status;
    this.resetsAt = resetsAt;
    this.problem = problem;
  }
}

export interface XRuleText {
  readonly value: string;
  readonly tag: string | null;
}

export interface XRule extends XRuleText {
  readonly id: string;
}

/** What X made of a change of rules. */
export interface RulesAnswer {
  readonly created: number;
  readonly deleted: number;
  /** What X did not take, in its own words. */
  readonly refused: readonly { readonly value: string | null; readonly reason: string }[];
}

export interface UsageReport {
  /** Posts read in the billing cycle. */
  readonly posts: number;
  /** Days until the cycle ends; null where it is not stated. */
  readonly daysLeft: number | null;
}

/** What the package takes with each request. */
interface RequestOptions {
  readonly prefix: string;
  readonly timeout: number;
  readonly requestEventDebugHandler: (event: string, data?: { readonly error?: unknown }) => void;
}

/** What is searched: `[from, to)` in epoch ms, by when posts were written; X counts in whole seconds. */
export interface SearchSpan {
  readonly query: string;
  readonly from: number;
  readonly to: number;
}

export interface SearchPage {
  /** The page as X sent it. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly ids: readonly string[];
  /** Asks for the next page; null on the last one. */
  readonly nextToken: string | null;
}

const ruleSchema = z.object({ id: z.string(), value: z.string(), tag: z.string().nullish() });
const rulesSchema = z.object({
  data: z.array(ruleSchema).default([]),
  meta: z.object({ next_token: z.string().optional() }).default({}),
});
const count = z.coerce.number().int().nonnegative();
const changedSchema = z.object({
  meta: z
    .object({
      summary: z
        .object({ created: count.default(0), deleted: count.default(0), valid: count.default(0) })
        .default({ created: 0, deleted: 0, valid: 0 }),
    })
    .default({ summary: { created: 0, deleted: 0, valid: 0 } }),
});
const usageSchema = z.object({
  data: z.object({
    project_usage: count,
    cap_reset_day: count.max(366).optional().catch(undefined),
  }),
});

// Under either name: X renames tweets to posts.
const countsSchema = z.object({
  meta: z.object({
    total_tweet_count: count.optional(),
    total_post_count: count.optional(),
    next_token: z.string().optional(),
  }),
});
const pageSchema = z.looseObject({
  data: z.array(z.looseObject({ id: z.string().regex(/^[0-9]{1,20}$/) })).default([]),
  meta: z.looseObject({ next_token: z.string().optional() }).default({}),
});
const PAGE_SIZE = 100;

/**
 * The parts of the X API that answer and end: rules, usage, recent search and its counts. Each call throws XApiError.
 * The streams are read by ourselves (`stream-reader.ts`): the package's own reader breaks characters at the borders of chunks.
 */
export class XApi {
  readonly #account: XAccount;
  readonly #client: TwitterApi;
  readonly #prefix: string;
  readonly #agent: HttpAgent;
  /** What is asked for with each post that is found. */
  #searchFields: Readonly<Record<string, string>> = POST_FIELDS;

  constructor(account: XAccount) {
    this.#account = account;
    this.#prefix = `${account.apiUrl.origin}/2/`;
    // The package speaks HTTPS unless an agent of plain HTTP carries its requests.
    this.#agent = account.apiUrl.protocol === 'http:' ? new HttpAgent() : new HttpsAgent();
    this.#client = new TwitterApi(account.token, { httpAgent: this.#agent });
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#agent.destroy();
  }

  /** The rules of the filtered stream. */
  async rules(): Promise<readonly XRule[]> {
    const rules: XRule[] = [];
    for (let token: string | undefined; ;) {
      const page = await this.#get(
        'tweets/search/stream/rules',
        token === undefined ? {} : { pagination_token: token },
        rulesSchema,
      );
      rules.push(...page.data.map(({ id, value, tag }) => ({ id, value, tag: tag ?? null })));
      token = page.meta.next_token;
      if (token === undefined || page.data.length === 0) return rules;
    }
  }

  /** @param dryRun - X checks the rules and says what it would do. */
  addRules(rules: readonly XRuleText[], dryRun: boolean): Promise<RulesAnswer> {
    return this.#changeRules(rules, dryRun, (some) => ({
      add: some.map(({ value, tag }) => (tag === null ? { value } : { value, tag })),
    }));
  }

  deleteRules(rules: readonly XRule[], dryRun: boolean): Promise<RulesAnswer> {
    return this.#changeRules(rules, dryRun, (some) => ({ delete: { ids: some.map(({ id }) => id) } }));
  }

  async usage(): Promise<UsageReport> {
    const query = { 'usage.fields': 'cap_reset_day,project_usage' };
    const { data } = await this.#get('usage/tweets', query, usageSchema);
    return { posts: data.project_usage, daysLeft: data.cap_reset_day ?? null };
  }

  /** How many posts a search would give. */
  async recentCount(span: SearchSpan): Promise<number> {
    let total = 0;
    for (let token: string | undefined; ;) {
      const query = { ...queryOf(span), granularity: 'day', ...(token === undefined ? {} : { next_token: token }) };
      const { meta } = await this.#get('tweets/counts/recent', query, countsSchema);
      total += meta.total_tweet_count ?? meta.total_post_count ?? 0;
      token = meta.next_token;
      if (token === undefined) return total;
    }
  }

  /** One page of what recent search finds, newest posts first. */
  async searchPage(span: SearchSpan, token: string | null): Promise<SearchPage> {
    const paging = { max_results: String(PAGE_SIZE), ...(token === null ? {} : { next_token: token }) };
    const ask = () =>
      this.#get('tweets/search/recent', { ...queryOf(span), ...paging, ...this.#searchFields }, pageSchema);
    const page = await ask().catch((error: unknown) => {
      if (!(error instanceof XApiError) || error.status !== 400 || !error.message.includes('tweet.fields')) throw error;
      this.#searchFields = RENAMED_POST_FIELDS;
      return ask();
    });
    return { body: withStreamNames(page), ids: page.data.map(({ id }) => id), nextToken: page.meta.next_token ?? null };
  }

  async #changeRules<R extends XRuleText>(
    rules: readonly R[],
    dryRun: boolean,
    bodyOf: (rules: readonly R[]) => Record<string, unknown>,
  ): Promise<RulesAnswer> {
    let created = 0;
    let deleted = 0;
    const refused: { value: string | null; reason: string }[] = [];
    for (let at = 0; at < rules.length; at += RULES_AT_A_TIME) {
      const path = `tweets/search/stream/rules${dryRun ? '?dry_run=true' : ''}`;
      const body = await this.#post(path, bodyOf(rules.slice(at, at + RULES_AT_A_TIME)));
      const { summary } = changedSchema.safeParse(body).data?.meta ?? {};
      created += summary?.created ?? 0;
      deleted += summary?.deleted ?? 0;
      for (const error of readProblem(body).errors ?? []) {
        refused.push({ value: error.value ?? null, reason: this.#forPeople(wordsOf(error) ?? 'X gives no reason') });
      }
    }
    return { created, deleted, refused };
  }

  async #get<T>(path: string, query: Readonly<Record<string, string>>, schema: z.ZodType<T>): Promise<T> {
    const body: unknown = await this.#answer((options) => this.#client.get(path, query, options));
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new XApiError(`X answered ${path} with something else than its documentation says.`, 200, null, {});
  }

  /** @returns the body, of a refusal for single rules, too. */
  async #post(path: string, body: Record<string, unknown>): Promise<unknown> {
    try {
      return await this.#answer((options) => this.#client.post(path, body, options));
    } catch (error) {
      const isAboutRules = error instanceof XApiError && error.problem.errors?.some(({ value }) => value !== undefined);
      if (isAboutRules === true) return error.problem;
      throw error;
    }
  }

  /** The package's errors hold the request with its credentials: none of them is passed on, not as a cause either. */
  async #answer(request: (options: RequestOptions) => Promise<unknown>): Promise<unknown> {
    // The package's own error does not say what went wrong with the connection.
    let reason = 'no answer came';
    const requestEventDebugHandler = (event: string, data?: { readonly error?: unknown }): void => {
      if (event === 'socket-error' && data?.error instanceof Error) reason = data.error.message || data.error.name;
    };
    try {
      return await request({ prefix: this.#prefix, timeout: REQUEST_TIMEOUT_MS, requestEventDebugHandler });
    } catch (error) {
      if (error instanceof ApiResponseError) {
        const problem = readProblem(error.data);
        const said = wordsOf(problem) ?? 'without a reason';
        const message = `X answered with HTTP ${String(error.code)}: ${this.#forPeople(said)}`;
        const reset = error.code === 429 ? error.rateLimit?.reset : undefined;
        throw new XApiError(message, error.code, reset === undefined ? null : reset * SECOND_MS, problem);
      }
      if (error instanceof ApiPartialResponseError) reason = error.message;
      throw new XApiError(`X cannot be reached: ${this.#forPeople(reason)}`, null, null, {});
    }
  }

  #forPeople(text: string): string {
    return forPeople(text, this.#account);
  }
}

function queryOf({ query, from, to }: SearchSpan): Readonly<Record<string, string>> {
  const start = new Date(Math.floor(from / SECOND_MS) * SECOND_MS).toISOString();
  const end = new Date(Math.ceil(to / SECOND_MS) * SECOND_MS).toISOString();
  return { query, start_time: start, end_time: end };
}

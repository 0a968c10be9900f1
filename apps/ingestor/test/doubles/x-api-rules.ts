import type { DoublePost } from './x-api-posts.ts';
import { hasStandaloneTerm, matches, parseQuery, type Query } from './x-api-query.ts';

export interface DoubleRule {
  readonly id: string;
  readonly value: string;
  readonly tag?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const MAX_RULES = 1000;
const MAX_RULE_LENGTH = 1024;
const PROBLEMS = 'https://api.x.com/2/problems';

/** The rules of a filtered stream, as X keeps them. */
export class RuleBook {
  #rules: DoubleRule[] = [];
  readonly #parsed = new Map<string, Query>();
  #nextId = 1_165_037_377_523_306_498n;
  /** Changes that were carried out or tried, in order: `add`, `delete`, `dry add`, `dry delete`. */
  readonly changes: string[] = [];

  constructor(rules: readonly Omit<DoubleRule, 'id'>[]) {
    for (const rule of rules) this.#rules.push({ id: this.#id(), ...rule });
  }

  get rules(): readonly DoubleRule[] {
    return this.#rules;
  }

  /** What a stream line says of the rules that a post matches. */
  matching(post: DoublePost): readonly { readonly id: string; readonly tag?: string }[] {
    return this.#rules
      .filter(({ value }) => matches(this.#query(value), post))
      .map(({ id, tag }) => (tag === undefined ? { id } : { id, tag }));
  }

  list(): Answer {
    const meta = { sent: new Date().toISOString(), result_count: this.#rules.length };
    return { status: 200, body: this.#rules.length === 0 ? { meta } : { data: this.#rules, meta } };
  }

  change(body: unknown, dryRun: boolean): Answer {
    const { add, delete: removed } = (body ?? {}) as { add?: unknown; delete?: { ids?: unknown } };
    const dry = dryRun ? 'dry ' : '';
    if (Array.isArray(add)) {
      this.changes.push(`${dry}add`);
      return this.#add(add as readonly { value?: unknown; tag?: unknown }[], dryRun);
    }
    if (Array.isArray(removed?.ids)) {
      this.changes.push(`${dry}delete`);
      return this.#delete(removed.ids as readonly string[], dryRun);
    }
    const detail = 'One or more parameters to your request was invalid.';
    return { status: 400, body: { title: 'Invalid Request', detail, type: `${PROBLEMS}/invalid-request` } };
  }

  #add(wanted: readonly { value?: unknown; tag?: unknown }[], dryRun: boolean): Answer {
    const created: DoubleRule[] = [];
    const errors: unknown[] = [];
    let invalid = 0;
    for (const { value: given, tag } of wanted) {
      const value = String(given);
      const known = [...this.#rules, ...created].find((rule) => rule.value === value);
      const reason = problemOf(value);
      if (reason !== null) {
        invalid += 1;
        errors.push({ value, details: [reason], title: 'UnprocessableEntity', type: `${PROBLEMS}/invalid-rules` });
      } else if (known !== undefined) {
        errors.push({ value, id: known.id, title: 'DuplicateRule', type: `${PROBLEMS}/duplicate-rules` });
      } else if (this.#rules.length + created.length >= MAX_RULES) {
        errors.push({
          value,
          title: 'RulesCapExceeded',
          detail: `Rule cap of ${String(MAX_RULES)} exceeded.`,
          type: `${PROBLEMS}/rule-cap`,
        });
      } else created.push({ id: this.#id(), value, ...(typeof tag === 'string' ? { tag } : {}) });
    }
    if (!dryRun) this.#rules = [...this.#rules, ...created];
    const summary = {
      created: created.length,
      not_created: wanted.length - created.length,
      valid: wanted.length - invalid,
      invalid,
    };
    const meta = { sent: new Date().toISOString(), summary };
    return {
      status: 201,
      body: { ...(created.length > 0 ? { data: created } : {}), meta, ...(errors.length > 0 ? { errors } : {}) },
    };
  }

  #delete(ids: readonly string[], dryRun: boolean): Answer {
    const kept = this.#rules.filter(({ id }) => !ids.includes(id));
    const deleted = this.#rules.length - kept.length;
    const unknown = ids.filter((id) => !this.#rules.some((rule) => rule.id === id));
    if (!dryRun) this.#rules = kept;
    const meta = { sent: new Date().toISOString(), summary: { deleted, not_deleted: unknown.length } };
    const errors = unknown.map((id) => ({
      value: id,
      title: 'Invalid Rule Id',
      detail: 'Rule does not exist',
      type: `${PROBLEMS}/invalid-request`,
    }));
    return { status: 200, body: { meta, ...(errors.length > 0 ? { errors } : {}) } };
  }

  #query(value: string): Query {
    const query = this.#parsed.get(value) ?? parseQuery(value);
    this.#parsed.set(value, query);
    return query;
  }

  #id(): string {
    this.#nextId += 1n;
    return String(this.#nextId);
  }
}

function problemOf(value: string): string | null {
  if (value.length > MAX_RULE_LENGTH) {
    return `Rules must be no more than ${String(MAX_RULE_LENGTH)} characters, this one has ${String(value.length)}.`;
  }
  try {
    return hasStandaloneTerm(parseQuery(value))
      ? null
      : 'Rules must contain at least one positive, non-stopword clause (at position 1)';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

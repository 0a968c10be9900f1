import type { XRule, XRuleText } from '../../sources/x/x-api.js';

/** What has to be done so that X has the wanted rules. */
export interface RulesPlan {
  readonly add: readonly XRuleText[];
  readonly delete: readonly XRule[];
  /** Rules whose tag is another one. X changes no tag: it is a rule that goes and one that comes. */
  readonly retag: readonly { readonly before: XRule; readonly after: XRuleText }[];
  readonly keep: readonly XRule[];
}

/** The rules that go, those of another tag among them. */
export function leavingOf({ delete: removed, retag }: RulesPlan): readonly XRule[] {
  return [...removed, ...retag.map(({ before }) => before)];
}

/** The rules that come, those of another tag among them. */
export function comingOf({ add, retag }: RulesPlan): readonly XRuleText[] {
  return [...add, ...retag.map(({ after }) => after)];
}

/** Compares rules by value and tag. X holds no value twice. */
export function planRules(current: readonly XRule[], wanted: readonly XRuleText[]): RulesPlan {
  const byValue = new Map(current.map((rule) => [rule.value, rule]));
  const isWanted = new Set(wanted.map(({ value }) => value));
  const add: XRuleText[] = [];
  const retag: { before: XRule; after: XRuleText }[] = [];
  const keep: XRule[] = [];
  for (const rule of wanted) {
    const before = byValue.get(rule.value);
    if (before === undefined) add.push(rule);
    else if (before.tag === rule.tag) keep.push(before);
    else retag.push({ before, after: rule });
  }
  return { add, delete: current.filter(({ value }) => !isWanted.has(value)), retag, keep };
}

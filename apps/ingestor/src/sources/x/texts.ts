import type { ClosedGap } from './search-gaps.js';
import type { SearchPage, XRule } from './x-api.js';

/** A page says nothing of the rule that it was asked for. */
export function lineOf({ body }: SearchPage, { id, tag }: XRule): Buffer {
  return Buffer.from(JSON.stringify({ ...body, matching_rules: [tag === null ? { id } : { id, tag }] }));
}

export function short(value: string): string {
  return value.length > 60 ? `${value.slice(0, 59)}…` : value;
}

export function figure(value: number): string {
  return value.toLocaleString('en');
}

export function days(count: number): string {
  return count === 1 ? 'day' : `${String(count)} days`;
}

export function times({ from, to }: ClosedGap): string {
  const text = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  return `from ${text(from)} to ${text(to)} UTC`;
}

import { type Interval, MINUTE_MS, spansWithout } from '@analytica/domain';
import { fullSourceName } from '../core/source-names';
import { clockTime, dateAndTime, dateText, durationText, wholeNumber } from '../core/format';
import type { Analysis } from './analysis';
import type { GapCause } from './generated/graphql';

export type Receipt = NonNullable<Analysis['receipt']>;
type Gap = Receipt['gaps'][number];

/** So many gaps are named; of more the rest is counted. */
const NAMED = 3;

const CAUSES: Readonly<Record<GapCause, string>> = {
  STOPPED: 'capture was stopped',
  CRASHED: 'capture crashed',
  SLEPT: 'the machine slept',
  DISCONNECTED: 'disconnected',
  STALLED: 'the connection stalled',
  PLATFORM_DISCONNECTED: 'disconnected by the platform',
  RATE_LIMITED: 'the platform asked to wait',
  REFUSED: 'the platform refused',
  USAGE_LIMIT: 'a limit was reached',
  CURSOR_EXPIRED: 'too long ago for the platform',
};

/** Times of an answer that were not captured, in epoch ms. */
export function uncapturedSpans(receipt: Receipt | null | undefined): Interval[] {
  return (receipt?.notCaptured ?? []).map(instants);
}

/** What an answer lacks because it was not captured, in one line; null where it lacks nothing. */
export function notCapturedText(receipt: Receipt, timeZone: string): string | null {
  const gaps = receipt.gaps.filter(({ status }) => status !== 'REFILLED');
  const known = gaps.map((gap) => instants({ from: gap.from, to: gap.to ?? gap.from }));
  const off = uncapturedSpans(receipt)
    .flatMap((span) => spansWithout(span, known))
    .filter(({ from, to }) => to - from >= MINUTE_MS);
  const sentences = [
    ...listed(
      'Not captured',
      gaps.map((gap) => `${whenText(gap, timeZone)} (${fullSourceName(gap.source)}, ${CAUSES[gap.cause]})`),
    ),
    ...listed(
      'No source was switched on',
      off.map((span) => spanText(span, timeZone)),
    ),
    ...(receipt.missingEstimate === null
      ? []
      : [`About ${aboutText(receipt.missingEstimate)} posts missing, estimated.`]),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}

function listed(head: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - NAMED;
  const named = items.slice(0, NAMED).join(', ');
  return [`${head}: ${named}${more > 0 ? ` and ${wholeNumber(more)} more` : ''}.`];
}

function whenText(gap: Gap, timeZone: string): string {
  const { from, to } = instants({ from: gap.from, to: gap.to ?? gap.from });
  return gap.status === 'OPEN' ? `since ${dateAndTime(from, timeZone)}` : spanText({ from, to }, timeZone);
}

/** Sat 21 Nov, 02:10–04:40 */
function spanText({ from, to }: Interval, timeZone: string): string {
  if (to - from < MINUTE_MS) return `${durationText(to - from)} at ${dateAndTime(from, timeZone)}`;
  const isSameDay = dateText(from, timeZone) === dateText(to, timeZone);
  const start = dateAndTime(from, timeZone);
  return isSameDay ? `${start}–${clockTime(to, timeZone)}` : `${start} – ${dateAndTime(to, timeZone)}`;
}

/** Two digits say as much as an estimate knows. */
function aboutText(posts: number): string {
  return wholeNumber(Number(posts.toPrecision(2)));
}

function instants({ from, to }: { readonly from: string; readonly to: string }): Interval {
  return { from: Date.parse(from), to: Date.parse(to) };
}

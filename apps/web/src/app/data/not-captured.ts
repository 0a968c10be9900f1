import { type Interval, MINUTE_MS, spansWithout } from '@analytica/domain';
import { fullSourceName } from '../core/source-names';
import { clockTime, dateAndTime, dateText, durationText, wholeNumber } from '../core/format';
import type { Analysis } from './analysis';
import type { GapCause } from './generated/graphql';

export type Receipt = NonNullable<Analysis['receipt']>;

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

/** A time of an answer in which a source captured nothing, or not all, or in which none was switched on. */
export interface UncapturedTime extends Interval {
  /** It had not ended when the answer was made. */
  readonly goesOn: boolean;
  /** "Bluesky, disconnected"; null where no source was switched on. */
  readonly why: string | null;
}

/** Times of an answer that were not captured, in epoch ms; whatever the reason, those that touch are one. */
export function uncapturedSpans(receipt: Receipt | null | undefined): Interval[] {
  return (receipt?.notCaptured ?? []).map(instants);
}

/** Times of an answer that were not captured, each with its reason: the gaps of the sources, then those without any source. */
export function uncapturedTimes(receipt: Receipt | null | undefined): UncapturedTime[] {
  const gaps = (receipt?.gaps ?? [])
    .filter(({ status }) => status !== 'REFILLED')
    .map((gap) => ({
      ...instants({ from: gap.from, to: gap.to ?? gap.from }),
      goesOn: gap.status === 'OPEN',
      why: `${fullSourceName(gap.source)}, ${CAUSES[gap.cause]}`,
    }));
  const off = uncapturedSpans(receipt)
    .flatMap((span) => spansWithout(span, gaps))
    .filter(({ from, to }) => to - from >= MINUTE_MS)
    .map((span) => ({ ...span, goesOn: false, why: null }));
  return [...gaps, ...off];
}

/** What an answer lacks because it was not captured, in one line; null where it lacks nothing. */
export function notCapturedText(receipt: Receipt, timeZone: string): string | null {
  const times = uncapturedTimes(receipt);
  const off = times.filter(({ why }) => why === null);
  const sentences = [
    ...listed(
      'Not captured',
      times.flatMap((time) => (time.why === null ? [] : [`${whenText(time, timeZone)} (${time.why})`])),
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

/** "since Sat 21 Nov, 02:10", or as `spanText`. */
function whenText(time: UncapturedTime, timeZone: string): string {
  return time.goesOn ? `since ${dateAndTime(time.from, timeZone)}` : spanText(time, timeZone);
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

import { HOUR_MS } from '@analytica/domain';
import { clockTime, countOf, dateAndTime } from '../core/format';
import type { AnalysisResult } from './analysis';

/** Hours `[from, to)` in epoch ms. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

type Missing = Pick<AnalysisResult, 'missingHours'>;

/** The hours whose posts a result lacks, in order of time. */
export function hoursWithoutPosts({ missingHours }: Missing): Hours[] {
  return missingHours.filter(({ reason }) => reason !== 'DELETES_UNREADABLE').map(instants);
}

/** What a result lacks, a sentence for posts and one for deletes; empty where it lacks nothing. */
export function missingSentences(result: Missing, timeZone: string): string[] {
  const posts = hoursWithoutPosts(result);
  const deletes = result.missingHours.filter(({ reason }) => reason === 'DELETES_UNREADABLE').map(instants);
  const gone = result.missingHours.every(({ reason }) => reason !== 'FILE_DAMAGED');
  return [
    ...sentence(posts, timeZone, (count, one, when) =>
      one
        ? `${count} is missing, ${when}: its file ${gone ? 'is gone' : 'cannot be read'}. The figures are those of the other hours.`
        : `${count} are missing, ${when}: their files ${gone ? 'are gone' : 'cannot be read'}. The figures are those of the other hours.`,
    ),
    ...sentence(
      deletes,
      timeZone,
      (count, _one, when) => `Deletes of ${count} cannot be read, ${when}: deleted posts may be among these.`,
    ),
  ];
}

function sentence(
  hours: readonly Hours[],
  timeZone: string,
  say: (count: string, one: boolean, when: string) => string,
): string[] {
  const [first] = hours;
  if (first === undefined) return [];
  const total = Math.max(1, Math.round(hours.reduce((sum, { from, to }) => sum + to - from, 0) / HOUR_MS));
  const when = `${dateAndTime(first.from, timeZone)} – ${endText(first, timeZone)}`;
  return [say(countOf(total, 'hour'), total === 1, hours.length === 1 ? when : `the first ${when}`)];
}

function endText({ from, to }: Hours, timeZone: string): string {
  return to - from <= 12 * HOUR_MS ? clockTime(to, timeZone) : dateAndTime(to, timeZone);
}

function instants({ from, to }: { readonly from: string; readonly to: string }): Hours {
  return { from: Date.parse(from), to: Date.parse(to) };
}

import { holdsTombstones, type ListedFile, type Manifest } from '@analytica/lake';

const REPAIR = 'stop capture for a moment and run: npm run lake -- repair';

/** One sentence about files that were set aside, for people; null where there are none. */
export function setAsideNotice({ unreadable }: Pick<Manifest, 'unreadable'>): string | null {
  const [first] = unreadable.toSorted((a, b) => a.hour - b.hour);
  if (first === undefined) return null;
  const content = unreadable.every(holdsTombstones) ? 'deletes' : 'posts';
  const hours = new Set(unreadable.map(({ hour }) => hour)).size;
  const what =
    hours === 1
      ? `A file with ${content} that arrived in the hour of ${hourText(first.hour)} cannot be read`
      : `Files with ${content} of ${String(hours)} hours cannot be read, the first of ${hourText(first.hour)}`;
  return `${what}. Capture goes on without; to mend the lake, ${REPAIR}`;
}

/** One sentence about files that are not damaged but may not be read, or not now; null where there are none. */
export function notReadableNotice(files: readonly Pick<ListedFile, 'path'>[]): string | null {
  const [first] = files;
  if (first === undefined) return null;
  const others = files.length === 1 ? '' : ` and ${String(files.length - 1)} more`;
  return `The lake's file ${first.path}${others} cannot be read at the moment: see to its permissions and its disk.`;
}

function hourText(hour: number): string {
  return `${new Date(hour).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

import { earlierImportName } from '@analytica/lake';
import { POST_PREFIX } from './commit-line.js';

const NAMED = Buffer.from('{"kind":"post","import":"');
/** Quotes within a text are escaped, so that these bytes are the field wherever they stand. */
const REPLAYED = Buffer.from('"ingest_path":"replay"');
const QUOTE = 0x22;
const NEWLINE = 0x0a;

/**
 * The import that a post belongs to, by its line in the log, `content[start, end)`; null for a captured post. The version before
 * named no imports: the posts that it replayed belong to the import of their arrival day.
 * @param hour - arrival hour of the segment, epoch ms.
 */
export function importOfLine(content: Buffer, start: number, end: number, hour: number): string | null {
  if (content.compare(NAMED, 0, NAMED.length, start, Math.min(start + NAMED.length, end)) === 0) {
    const from = start + NAMED.length;
    return content.toString('latin1', from, content.indexOf(QUOTE, from));
  }
  return content.subarray(start, end).includes(REPLAYED) ? earlierImportName(hour) : null;
}

/** How many posts each import has in a segment, `content[0, bytes)`. */
export function countImports(content: Buffer, bytes: number, hour: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0, end = content.indexOf(NEWLINE); end !== -1 && end < bytes; end = content.indexOf(NEWLINE, at)) {
    if (content.compare(POST_PREFIX, 0, POST_PREFIX.length, at, Math.min(at + POST_PREFIX.length, end)) === 0) {
      const name = importOfLine(content, at, end, hour);
      if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    at = end + 1;
  }
  return counts;
}

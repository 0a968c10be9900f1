import type { Cursor } from '../source.js';

/**
 * The cursors of a log once an import has been removed, so that its files can be imported again. The replay that brought it
 * begins anew. Any other replay begins at its first record again, with the same shift of times: it may have left out posts
 * because the removed import had them. What it brought is a duplicate then. Cursors of other sources stay.
 * @param cursors - by the source's name.
 */
export function forgetImport(cursors: Readonly<Record<string, Cursor>>, importName: string): Record<string, Cursor> {
  const kept: Record<string, Cursor> = {};
  for (const [source, cursor] of Object.entries(cursors)) {
    if (!isReplay(cursor)) kept[source] = cursor;
    // The version before named no import in its cursors.
    else if (cursor['import'] !== undefined && cursor['import'] !== importName) {
      kept[source] = { ...cursor, file: 0, record: 0 };
    }
  }
  return kept;
}

function isReplay(cursor: Cursor): boolean {
  return typeof cursor['job'] === 'string' && typeof cursor['record'] === 'number';
}

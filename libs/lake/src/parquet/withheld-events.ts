import { AppError, WITHHELD_EVERYWHERE } from '@analytica/domain';
import type { Snapshot, TombstoneFile } from '../catalog/manifest.js';
import { fileUri } from '../catalog/snapshot.js';
import { IS_WITHHELD } from './hidden-sql.js';
import { type LakeDatabase, literalPath, sqlText, withReader } from './lake-database.js';

interface WithheldEvent {
  /** Epoch ms. */
  readonly at: number;
  /** Of an author: posts created until then, epoch ms. Of a post: Infinity. */
  readonly until: number;
  readonly countries: readonly string[];
}

/** In which countries posts are withheld, but not everywhere: of each post and author the newest event counts (rule 24). */
export class WithheldEvents {
  readonly #posts = new Map<string, WithheldEvent>();
  readonly #authors = new Map<string, WithheldEvent>();

  /** ISO 3166-1 alpha-2; one may be there twice. */
  ofPost(source: string, id: string): readonly string[] {
    return this.#posts.get(keyOf(source, id))?.countries ?? [];
  }

  /**
   * The same for a post of an author.
   * @param created - when the post was created, epoch ms.
   */
  ofAuthor(source: string, authorId: string, created: number): readonly string[] {
    const event = this.#authors.get(keyOf(source, authorId));
    return event !== undefined && created <= event.until ? event.countries : [];
  }

  /** Adds the events of a file of tombstones. */
  async read({ connection }: LakeDatabase, path: string): Promise<void> {
    const reader = await connection.runAndReadAll(
      `SELECT source, id, author_id, epoch_ms("at"), epoch_ms(until), countries
       FROM read_parquet(${sqlText(literalPath(path))}, hive_partitioning = false) WHERE ${IS_WITHHELD}`,
    );
    for (const [source, id, authorId, at, until, countries] of reader.getRowsJS()) {
      if (typeof source !== 'string') continue;
      const event = {
        at: Number(at),
        until: until === null ? Infinity : Number(until),
        countries: countriesOf(countries),
      };
      if (typeof id === 'string') addTo(this.#posts, keyOf(source, id), event);
      else if (typeof authorId === 'string') addTo(this.#authors, keyOf(source, authorId), event);
    }
  }
}

function keyOf(source: string, id: string): string {
  return `${source} ${id}`;
}

function countriesOf(value: unknown): string[] {
  const codes = Array.isArray(value) ? value.map(String) : [];
  return codes.filter((code) => !WITHHELD_EVERYWHERE.includes(code));
}

/** Of several events of one time all count. */
function addTo(events: Map<string, WithheldEvent>, key: string, event: WithheldEvent): void {
  const other = events.get(key);
  if (other === undefined || event.at > other.at) events.set(key, event);
  else if (event.at === other.at) events.set(key, { ...other, countries: [...other.countries, ...event.countries] });
}

function withheldFiles({ manifest }: Snapshot): readonly TombstoneFile[] {
  return manifest.tombstones.filter(({ withheld }) => withheld !== undefined);
}

/** Whether a snapshot has events that say where posts are withheld. The manifest tells it: no file is read. */
export function hasWithheld(snapshot: Snapshot): boolean {
  return withheldFiles(snapshot).length > 0;
}

/**
 * Reads where a snapshot's posts are withheld. Files without such events are not opened.
 * @throws AppError `ENGINE_FAILED`, with the file in its details, where one cannot be read.
 */
export async function readWithheld(snapshot: Snapshot): Promise<WithheldEvents> {
  return withReader('lake-withheld', async (database) => {
    const events = new WithheldEvents();
    for (const file of withheldFiles(snapshot)) {
      try {
        await events.read(database, fileUri(snapshot, file));
      } catch (cause) {
        const details = { file: file.path };
        throw new AppError('ENGINE_FAILED', `The file ${file.path} of the lake cannot be read.`, { cause, details });
      }
    }
    return events;
  });
}

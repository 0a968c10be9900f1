import type { Manifest } from './manifest.js';

/** An import as the list of files has it. Times are epoch milliseconds, UTC. */
export interface ImportSummary {
  readonly name: string;
  readonly files: number;
  readonly posts: number;
  readonly bytes: number;
  /** Least and greatest `created_at` of its posts. */
  readonly from: number;
  readonly to: number;
  /** Start of the arrival hours in which it began and ended. */
  readonly firstHour: number;
  readonly lastHour: number;
}

type Listed = Pick<Manifest, 'files' | 'unreadable'>;

/** Every import of the lake, the one that began first before the others. Files that were set aside count, too. */
export function listImports({ files, unreadable }: Listed): ImportSummary[] {
  const imports = new Map<string, ImportSummary>();
  for (const file of [...files, ...unreadable]) {
    const name = file.importName;
    if (name === null) continue;
    const known = imports.get(name);
    imports.set(name, {
      name,
      files: (known?.files ?? 0) + 1,
      posts: (known?.posts ?? 0) + file.rows,
      bytes: (known?.bytes ?? 0) + file.bytes,
      from: Math.min(known?.from ?? Infinity, file.minCreatedAt ?? Infinity),
      to: Math.max(known?.to ?? -Infinity, file.maxCreatedAt ?? -Infinity),
      firstHour: Math.min(known?.firstHour ?? Infinity, file.hour),
      lastHour: Math.max(known?.lastHour ?? -Infinity, file.hour),
    });
  }
  return [...imports.values()].sort((a, b) => a.firstHour - b.firstHour || (a.name < b.name ? -1 : 1));
}

/**
 * Whether the lake lists any import. As long as it does, every tombstone stays, so that a second import brings back no post
 * that was deleted (counting.md, rule 24).
 */
export function hasImports({ files, unreadable }: Listed): boolean {
  return [...files, ...unreadable].some(({ importName }) => importName !== null);
}

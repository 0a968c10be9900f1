import { AppError } from '@analytica/domain';
import { type ImportSummary, listImports, readManifest } from '@analytica/lake';
import type { LakeCommand } from './lake-command.js';
import { table, utcMinute } from './table.js';

const KIB = 1024;

/** `npm run lake -- imports`: the lake may be in use meanwhile. */
export const importsCommand: LakeCommand = {
  name: 'imports',
  arguments: [],
  acceptsDryRun: false,
  summary: 'lists the imports: what --replay brought',
  async run({ location }) {
    const manifest = await readManifest(location.root);
    const imports = manifest === null ? [] : listImports(manifest);
    return {
      lines: imports.length === 0 ? ['The lake holds no import.'] : asTable(imports),
      json: imports.map(importJson),
      exitCode: 0,
    };
  },
};

/** The name of an import, understood. @throws AppError `NOT_FOUND` where the lake lists none of that name. */
export function findImport(imports: readonly ImportSummary[], name: string): ImportSummary {
  const found = imports.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new AppError(
    'NOT_FOUND',
    `The lake holds no import "${name}". npm run lake -- imports lists those that it has.`,
  );
}

/** An import for programs: times in ISO 8601, UTC. */
export function importJson({ name, files, posts, bytes, from, to, firstHour, lastHour }: ImportSummary): unknown {
  const iso = (time: number): string => new Date(time).toISOString();
  return {
    name,
    posts,
    files,
    bytes,
    from: iso(from),
    to: iso(to),
    firstArrivalHour: iso(firstHour),
    lastArrivalHour: iso(lastHour),
  };
}

/** `1.5 MiB`. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= KIB && unit < units.length - 1) {
    value /= KIB;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

function asTable(imports: readonly ImportSummary[]): string[] {
  const rows = imports.map(({ name, posts, from, to, bytes, firstHour }) => {
    return [name, posts, utcMinute(from), utcMinute(to), size(bytes), utcMinute(firstHour)];
  });
  return table(['Import', 'Posts', 'First post', 'Last post', 'Size', 'Imported in the hour of'], rows);
}

import { type ImportSummary, listImports, readManifest } from '@analytica/lake';
import { forgetImport } from '../sources/files/forget-import.js';
import { findImport, importJson, size } from './imports.js';
import type { LakeCommand, LakeCommandResult } from './lake-command.js';
import { counted } from './table.js';
import { forgetOriginals, withLakeWriter } from './with-lake-writer.js';

/** `npm run lake -- remove NAME`: takes an import off the lake's list, and lets its files be imported again. */
export const removeImportCommand: LakeCommand = {
  name: 'remove',
  arguments: ['NAME'],
  acceptsDryRun: true,
  summary: 'removes an import; nothing captured is touched',
  async run({ location, arguments: [name = ''], dryRun }) {
    if (dryRun) {
      const manifest = await readManifest(location.root);
      return result(findImport(manifest === null ? [] : listImports(manifest), name), ['Nothing was changed.'], dryRun);
    }
    return withLakeWriter(location, async (parts) => {
      const { lake, log } = parts;
      const summary = findImport(listImports(lake.manifest), name);
      // The cursors come first: if this process ends in between, the import is still listed, and the command can be repeated.
      const { state } = log;
      const nothing = { chunks: [], posts: 0, tombstones: 0, importName: null };
      await log.append(nothing, { ...state, cursors: forgetImport(state.cursors, name) });
      await forgetOriginals(parts, name);
      await lake.removeImport(name);
      return result(summary, notes(listImports(lake.manifest)), dryRun);
    });
  },
};

function result(summary: ImportSummary, notes: readonly string[], dryRun: boolean): LakeCommandResult {
  const { name, posts, files, bytes } = summary;
  const content = `${counted(posts, 'post')} in ${counted(files, 'file')}, ${size(bytes)}`;
  return {
    lines: [`The import ${name} ${dryRun ? 'would be' : 'was'} removed: ${content}.`, ...notes],
    json: { removed: !dryRun, import: importJson(summary) },
    exitCode: 0,
  };
}

function notes(others: readonly ImportSummary[]): string[] {
  return [
    'Its files are deleted 15 minutes after the next start. Delete events that came with it stay.',
    ...(others.length === 0
      ? []
      : ['Posts that a later import shared with it are gone, too: replay the files of that import to bring them in.']),
  ];
}

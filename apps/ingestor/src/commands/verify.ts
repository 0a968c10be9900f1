import { type BadFile, inspectLake, isDamaged, type LakeInspection } from './inspect-lake.js';
import type { LakeCommand, LakeCommandContext, LakeCommandResult } from './lake-command.js';
import { counted, table, utcMinute } from './table.js';
import { verifyIds } from './verify-ids.js';

const CONDITIONS: Readonly<Record<BadFile['condition'], string>> = {
  missing: 'is missing',
  damaged: 'is damaged',
  'not-permitted': 'may not be read',
  unknown: 'cannot be read now',
};

export const verifyCommand: LakeCommand = {
  name: 'verify',
  arguments: [],
  acceptsDryRun: false,
  acceptsIds: true,
  summary: 'read all of the lake, and say what is damaged, or where ids are left; beside a running ingestor, too',
  run: verify,
};

async function verify(context: LakeCommandContext): Promise<LakeCommandResult> {
  if (context.idsFile !== null) return verifyIds(context, context.idsFile);
  const inspection = await inspectLake(context);
  const damaged = isDamaged(inspection);
  return {
    lines: [
      ...summaryLines(context.location.root, inspection),
      ...fileLines(inspection.badFiles),
      ...logLines(inspection),
      '',
      damaged
        ? 'The lake is damaged. To mend it, stop the ingestor and run: npm run lake -- repair'
        : 'The lake is whole.',
    ],
    json: jsonOf(context.location.root, inspection),
    exitCode: damaged ? 1 : 0,
  };
}

function summaryLines(root: string, { manifest, log, deadLetters }: LakeInspection): string[] {
  const posts = manifest.files.reduce((sum, { rows }) => sum + rows, 0);
  const deletes = manifest.tombstones.reduce((sum, { rows }) => sum + rows, 0);
  const torn = deadLetters.tornLines === 0 ? '' : `, ${counted(deadLetters.tornLines, 'line')} torn by a crash`;
  const lost =
    manifest.lostRecords === 0 ? [] : [`  ${counted(manifest.lostRecords, 'record')} lost in earlier repairs`];
  return [
    `The lake in ${root}`,
    `  ${counted(manifest.files.length, 'file')} with ${counted(posts, 'post')}`,
    `  ${counted(manifest.tombstones.length, 'file')} with ${counted(deletes, 'delete')}`,
    `  ${counted(log.segments.length, 'segment')} of the log`,
    `  ${counted(deadLetters.files, 'file')} with ${counted(deadLetters.letters, 'dead letter')}${torn}`,
    ...lost,
  ];
}

function fileLines(bad: readonly BadFile[]): string[] {
  if (bad.length === 0) return [];
  const rows = bad.map(({ file, content, condition, isSetAside }) => [
    utcMinute(file.hour),
    file.path,
    file.rows,
    content,
    `${CONDITIONS[condition]}${isSetAside ? ', set aside' : ''}`,
  ]);
  return ['', ...table(['Arrival hour', 'File', 'Rows', 'Of', 'What'], rows)];
}

function logLines({ log }: LakeInspection): string[] {
  const damaged = log.segments.flatMap(({ name, damage }) => (damage === null ? [] : [`  ${name}: ${damage}`]));
  const gaps = log.gaps.map(
    ({ firstSeq, lastSeq }) => `  records ${String(firstSeq)} to ${String(lastSeq)} are in no segment`,
  );
  return damaged.length + gaps.length === 0 ? [] : ['', 'The log:', ...damaged, ...gaps];
}

function jsonOf(root: string, { manifest, badFiles, log, deadLetters }: LakeInspection): unknown {
  return {
    root,
    files: manifest.files.length,
    posts: manifest.files.reduce((sum, { rows }) => sum + rows, 0),
    tombstoneFiles: manifest.tombstones.length,
    lostRecords: manifest.lostRecords,
    badFiles: badFiles.map(({ file: { path, rows, hour }, content, condition, isSetAside }) => ({
      path,
      rows,
      hour: new Date(hour).toISOString(),
      content,
      condition,
      isSetAside,
    })),
    segments: log.segments.map(({ name, damage }) => ({ name, damage })),
    gaps: log.gaps,
    deadLetters,
  };
}

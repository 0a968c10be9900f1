import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { z } from 'zod';
import { replaceFile } from '../store/durable-files.js';
import { DATA_PATH, IMPORT_NAME, LISTED_PATH, MANIFEST_FILE, TOMBSTONE_PATH } from './layout.js';
import type { Manifest } from './manifest.js';

const count = z.int().nonnegative();
const file = {
  rows: count,
  bytes: count,
  firstSeq: count,
  lastSeq: count,
  hour: z.int(),
  crc32: count.optional(),
};
const importName = z.string().regex(IMPORT_NAME).nullable();
const tombstoneFile = z.object({ path: z.string().regex(TOMBSTONE_PATH), ...file });
const common = { lakeId: z.string().min(1).max(100), committedSeq: count, watermark: z.int() };
const times = { minCreatedAt: z.int(), maxCreatedAt: z.int() };

/** What the version before wrote: it knew of no imports and set nothing aside. */
const firstManifestSchema = z.object({
  formatVersion: z.literal(1),
  ...common,
  files: z.array(z.object({ path: z.string().regex(DATA_PATH), ...file, ...times })).readonly(),
  tombstones: z.array(tombstoneFile).readonly(),
});

const manifestSchema = z.object({
  formatVersion: z.literal(2),
  ...common,
  kind: z.enum(['demo', 'real']).nullable(),
  files: z.array(z.object({ path: z.string().regex(DATA_PATH), ...file, ...times, importName })).readonly(),
  tombstones: z.array(tombstoneFile).readonly(),
  unreadable: z
    .array(
      z.object({
        path: z.string().regex(LISTED_PATH),
        ...file,
        minCreatedAt: z.int().nullable(),
        maxCreatedAt: z.int().nullable(),
        importName,
        reason: z.enum(['missing', 'damaged']),
        since: z.int(),
      }),
    )
    .readonly(),
  lostRecords: count,
});

const anyManifestSchema = z.discriminatedUnion('formatVersion', [firstManifestSchema, manifestSchema]);

/** A manifest of the version before, as this version has it. */
function upgraded(manifest: z.infer<typeof anyManifestSchema>): Manifest {
  if (manifest.formatVersion === 2) return manifest;
  return {
    ...manifest,
    formatVersion: 2,
    kind: null,
    files: manifest.files.map((listed) => ({ ...listed, importName: null })),
    unreadable: [],
    lostRecords: 0,
  };
}

/** The manifest of a lake that is new. */
export function emptyManifest(): Manifest {
  return {
    formatVersion: 2,
    lakeId: randomUUID(),
    kind: null,
    committedSeq: 0,
    watermark: 0,
    files: [],
    tombstones: [],
    unreadable: [],
    lostRecords: 0,
  };
}

/**
 * Reads the manifest of the lake in `root`; null where there is none yet.
 * @throws AppError `LAKE_CORRUPT` when it is not a manifest, `NO_PERMISSION` when it may not be read.
 */
export async function readManifest(root: string): Promise<Manifest | null> {
  return (await readStoredManifest(root))?.manifest ?? null;
}

/** The manifest as this version has it, and whether the version before wrote it. @throws as `readManifest`. */
export async function readStoredManifest(
  root: string,
): Promise<{ readonly manifest: Manifest; readonly isOfVersionBefore: boolean } | null> {
  const path = join(root, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new AppError('NO_PERMISSION', `No permission to read ${path}.`, { cause: error });
    }
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('LAKE_CORRUPT', `The lake's list of files, ${path}, is not JSON.`, { cause: error });
  }
  const parsed = anyManifestSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
    throw new AppError('LAKE_CORRUPT', `The lake's list of files, ${path}, is not as it should be${where}.`, {
      cause: parsed.error,
    });
  }
  return { manifest: upgraded(parsed.data), isOfVersionBefore: parsed.data.formatVersion === 1 };
}

/** Replaces the manifest as a whole, durably. */
export async function writeManifest(root: string, manifest: Manifest): Promise<void> {
  await replaceFile(join(root, MANIFEST_FILE), serialise(manifest));
}

/** Hash of a manifest's content: equal content, equal id. */
export function manifestId(manifest: Manifest): string {
  return createHash('sha256').update(serialise(manifest)).digest('hex');
}

/** One text for one content: keys in the schema's order. */
function serialise(manifest: Manifest): string {
  return JSON.stringify(manifestSchema.parse(manifest));
}

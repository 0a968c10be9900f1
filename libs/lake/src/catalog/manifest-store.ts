import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '@analytica/domain';
import { coverageSchema } from '@analytica/domain/contracts';
import { z } from 'zod';
import type { LakeStore } from '../store/lake-store.js';
import { openStore } from '../store/open-store.js';
import { DATA_PATH, IMPORT_NAME, isRevised, LISTED_PATH, MANIFEST_FILE, TOMBSTONE_PATH } from './layout.js';
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
const tombstoneFile = z.object({
  path: z.string().regex(TOMBSTONE_PATH),
  ...file,
  events: count.optional(),
  withheld: count.optional(),
  matured: z.literal(true).optional(),
});
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
  formatVersion: z.literal([2, 3]),
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
        events: count.optional(),
        withheld: count.optional(),
      }),
    )
    .readonly(),
  lostRecords: count,
  coverage: coverageSchema.optional(),
});

const NEWEST_FORMAT = 3;
const anyManifestSchema = z.discriminatedUnion('formatVersion', [firstManifestSchema, manifestSchema]);

/** A manifest of the version before, as this version has it. */
function upgraded(manifest: z.infer<typeof anyManifestSchema>): Manifest {
  if (manifest.formatVersion !== 1) return manifest;
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
 * Reads the manifest of a lake; null where there is none yet.
 * @param root - absolute path, or URI.
 * @throws AppError `LAKE_CORRUPT` when it is not a manifest, `NO_PERMISSION` when it may not be read.
 */
export async function readManifest(root: string): Promise<Manifest | null> {
  return (await new ManifestStore(openStore(root)).read())?.manifest ?? null;
}

function parse(bytes: Uint8Array, where: string): Omit<StoredManifest, 'version'> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    throw new AppError('LAKE_CORRUPT', `The lake's list of files, ${where}, is not JSON.`, { cause: error });
  }
  const version = z.object({ formatVersion: z.int().min(NEWEST_FORMAT + 1) }).safeParse(value);
  if (version.success) {
    throw new AppError(
      'LAKE_CORRUPT',
      `The lake's list of files, ${where}, was written by a newer version of this program: update this one.`,
    );
  }
  const parsed = anyManifestSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
    throw new AppError('LAKE_CORRUPT', `The lake's list of files, ${where}, is not as it should be${place}.`, {
      cause: parsed.error,
    });
  }
  return { manifest: upgraded(parsed.data), isOfVersionBefore: parsed.data.formatVersion === 1 };
}

/** A manifest with the version of its object, which a replacement names. */
export interface StoredManifest {
  readonly manifest: Manifest;
  /** Whether a program of the version before wrote it: `manifest` is as this version has it. */
  readonly isOfVersionBefore: boolean;
  readonly version: string;
}

/** The manifest as an object of a lake's store. One instance a writer. */
export class ManifestStore {
  readonly #store: LakeStore;
  /** What a replacement wrote that did not return: it may be there or not. */
  #unconfirmed: Buffer | null = null;
  /** Version of what such a replacement is known to have left: it stands in the place of the one that callers know. */
  #adopted: string | null = null;

  constructor(store: LakeStore) {
    this.#store = store;
  }

  /** @throws AppError `LAKE_CORRUPT`, `NO_PERMISSION`. */
  async read(): Promise<StoredManifest | null> {
    const object = await this.#store.read(MANIFEST_FILE);
    if (object === null) return null;
    return { ...parse(object.bytes, this.#store.uriOf(MANIFEST_FILE)), version: object.version };
  }

  /**
   * Replaces the manifest as a whole, durably, if it still is the one of that version.
   * @param version - null: there is none yet.
   * @returns the version now.
   * @throws AppError `CONFIG_INVALID` where another process has written a manifest meanwhile; that one stays. Whatever the
   * storage throws.
   */
  async replace(manifest: Manifest, version: string | null): Promise<string> {
    const bytes = Buffer.from(serialise(manifest));
    await this.#adoptUnconfirmed();
    this.#unconfirmed = bytes;
    const written = await this.#put(bytes, this.#adopted ?? version);
    this.#unconfirmed = null;
    if (written === null) throw this.#writtenByAnother();
    this.#adopted = null;
    return written;
  }

  /**
   * Looks whether the manifest still is the one of that version, before files are written that another may have listed.
   * @throws AppError `CONFIG_INVALID` where it is not.
   */
  async requireVersion(version: string | null): Promise<void> {
    await this.#adoptUnconfirmed();
    const now = await this.#store.read(MANIFEST_FILE);
    if ((now?.version ?? null) !== (this.#adopted ?? version)) throw this.#writtenByAnother();
  }

  #writtenByAnother(): AppError {
    return new AppError(
      'CONFIG_INVALID',
      `Another process writes in the lake ${this.#store.uri}: stop it, then start this one again.`,
    );
  }

  #put(bytes: Buffer, version: string | null): Promise<string | null> {
    return version === null
      ? this.#store.putIfAbsent(MANIFEST_FILE, bytes)
      : this.#store.putIfMatch(MANIFEST_FILE, bytes, version);
  }

  /** The manifest of another version may be this writer's own, of an attempt that failed once it was written. */
  async #adoptUnconfirmed(): Promise<void> {
    if (this.#unconfirmed === null) return;
    const now = await this.#store.read(MANIFEST_FILE);
    if (now !== null && this.#unconfirmed.equals(now.bytes)) this.#adopted = now.version;
    this.#unconfirmed = null;
  }
}

/** Hash of a manifest's content: equal content, equal id. */
export function manifestId(manifest: Manifest): string {
  return createHash('sha256').update(serialise(manifest)).digest('hex');
}

/** One text for one content: keys in the schema's order. */
function serialise(manifest: Manifest): string {
  return JSON.stringify(manifestSchema.parse({ ...manifest, formatVersion: formatOf(manifest) }));
}

/** A lake that needs no more can be read by the version before. */
function formatOf({ files, tombstones, unreadable }: Manifest): Manifest['formatVersion'] {
  const hasEvents = [...tombstones, ...unreadable].some(({ events }) => events !== undefined);
  return hasEvents || [...files, ...unreadable].some(isRevised) ? 3 : 2;
}

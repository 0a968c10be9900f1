import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import type { ListedFile, Manifest, Snapshot } from '../catalog/manifest.js';
import { readManifest } from '../catalog/manifest-store.js';
import { withReader } from '../parquet/lake-database.js';
import { checkFile, type FileCondition, type FileDamage, glanceAtFile, isDamage } from './file-condition.js';
import { type DamagedFile, setAside } from './set-aside.js';

/** Files that are looked at at once. */
const AT_ONCE = 32;
/** Damaged files that are remembered. */
const KEPT = 10_000;

interface Finding {
  readonly size: number;
  readonly mtimeMs: number;
  readonly damage: FileDamage;
}

/** What a reader finds wrong with the files of snapshots. It changes nothing in the lake. */
export class SnapshotCheck {
  /** Damage that only reading shows, by absolute path: good for the file as it was. */
  readonly #findings = new Map<string, Finding>();

  /**
   * A look at the size of every file, before a run.
   * @returns the snapshot with those set aside that are gone or have another size, or that were found damaged before.
   * @throws AppError `NOT_FOUND` when the lake has given up some of its files since.
   */
  async glance(snapshot: Snapshot): Promise<Snapshot> {
    const suspects: DamagedFile[] = [];
    await each(filesOf(snapshot), async (file) => {
      const damage = await this.#damageOf(join(snapshot.root, file.path), file);
      if (damage !== null) suspects.push({ path: file.path, damage });
    });
    if (suspects.length === 0) return snapshot;
    const damaged: DamagedFile[] = [];
    const now = await readManifest(snapshot.root);
    // Without its manifest the whole lake is out of reach, which says nothing of a file.
    if (now === null) throw outOfReach();
    const listed = new Map(listedFiles(now).map((file) => [file.path, file.bytes]));
    const bytes = new Map(filesOf(snapshot).map((file) => [file.path, file.bytes]));
    for (const suspect of suspects) {
      if (listed.get(suspect.path) !== bytes.get(suspect.path)) throw dataExpired();
      damaged.push(suspect);
    }
    return without(snapshot, damaged);
  }

  /**
   * A look at every file, and a whole reading of some, after a run failed.
   * @param suspects - paths of files to read as a whole.
   * @returns the snapshot with those set aside that are gone or damaged; the same snapshot when there is none.
   */
  async check(snapshot: Snapshot, suspects: readonly string[]): Promise<Snapshot> {
    const { root } = snapshot;
    const damaged: DamagedFile[] = [];
    const found = async (file: ListedFile, condition: FileCondition): Promise<void> => {
      if (!isDamage(condition)) return;
      damaged.push({ path: file.path, damage: condition });
      const info = await stat(join(root, file.path)).catch(() => null);
      if (info === null) return;
      if (this.#findings.size >= KEPT) this.#findings.clear();
      this.#findings.set(join(root, file.path), { size: info.size, mtimeMs: info.mtimeMs, damage: condition });
    };
    const isSuspect = new Set(suspects);
    await each(
      filesOf(snapshot).filter(({ path }) => !isSuspect.has(path)),
      async (file) => found(file, await glanceAtFile(root, file)),
    );
    const whole = filesOf(snapshot).filter(({ path }) => isSuspect.has(path));
    if (whole.length > 0) {
      await withReader('lake-check', async ({ connection }) => {
        for (const file of whole) await found(file, await checkFile(root, file, (sql) => connection.run(sql)));
      });
    }
    return without(snapshot, damaged);
  }

  /** By its size, and by what was found of it before; null where nothing is wrong, or nothing can be said. */
  async #damageOf(path: string, file: ListedFile): Promise<FileDamage | null> {
    try {
      const info = await stat(path);
      if (!info.isFile() || info.size !== file.bytes) return 'damaged';
      const before = this.#findings.get(path);
      if (before === undefined) return null;
      if (before.size === info.size && before.mtimeMs === info.mtimeMs) return before.damage;
      this.#findings.delete(path);
      return null;
    } catch (error) {
      return isGone(error) ? 'missing' : null;
    }
  }
}

/** Whether the lake has given up files of a snapshot, as compaction and retention do: not whether it lost them. */
export async function isExpired(snapshot: Snapshot): Promise<boolean> {
  const gone: ListedFile[] = [];
  await each(filesOf(snapshot), async (file) => {
    await stat(join(snapshot.root, file.path)).catch((error: unknown) => {
      if (isGone(error)) gone.push(file);
    });
  });
  if (gone.length === 0) return false;
  const now = await readManifest(snapshot.root);
  if (now === null) return false;
  const listed = new Set(listedFiles(now).map(({ path }) => path));
  return gone.some(({ path }) => !listed.has(path));
}

/** What somebody is told whose answer rests on files that the lake no longer has. */
export function dataExpired(cause?: unknown): AppError {
  return new AppError('NOT_FOUND', 'The data behind this answer has expired. Ask again.', { cause });
}

function outOfReach(): AppError {
  return new AppError('ENGINE_FAILED', 'The captured data cannot be reached at the moment: try again later.', {
    retryable: true,
  });
}

function filesOf({ manifest }: Snapshot): readonly ListedFile[] {
  return [...manifest.files, ...manifest.tombstones];
}

function listedFiles({ files, tombstones, unreadable }: Manifest): readonly ListedFile[] {
  return [...files, ...tombstones, ...unreadable];
}

function without(snapshot: Snapshot, damaged: readonly DamagedFile[]): Snapshot {
  const manifest = setAside(snapshot.manifest, damaged, Date.now());
  return manifest === snapshot.manifest ? snapshot : { ...snapshot, manifest };
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

async function each<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const work = async (): Promise<void> => {
    for (const item of rest) await action(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
}

import { createHash, randomBytes } from 'node:crypto';
import { copyFile, link, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { AppError } from '@analytica/domain';
import { makeFolderDurably, publishFile, syncFolder } from './durable-files.js';
import { isKey, LOCK_SUFFIX, requireKey, requirePrefix, TEMPORARY_SUFFIX } from './keys.js';
import type { LakeStore, ObjectInfo, PutOptions, StoredObject } from './lake-store.js';
import { acquireLockFile } from './lock-file.js';
import { storageError } from './storage-error.js';

/** How long a conditional put waits for others of the same key. Each takes a few milliseconds. */
const LOCK_WAIT_MS = 30_000;
const LOCK_POLL_MS = 4;

/**
 * Objects as files below a folder of a local disk. An object's version is the hash of its content. A write is a temporary file
 * with the object's whole content, flushed, that then gets the object's name in one step.
 */
export class LocalStore implements LakeStore {
  readonly uri: string;

  /** @param root - the folder; it is made with the first object. */
  constructor(root: string) {
    this.uri = resolve(root);
  }

  uriOf(key: string): string {
    return join(this.uri, requireKey(key));
  }

  async read(key: string): Promise<StoredObject | null> {
    const path = this.uriOf(key);
    const bytes = await readFile(path).catch((error: unknown) => absentOrUnreadable(error, path));
    return bytes === null ? null : { bytes, version: versionOf(bytes) };
  }

  async readRange(key: string, start: number, end: number): Promise<Uint8Array | null> {
    const path = this.uriOf(key);
    try {
      const file = await open(path, 'r');
      try {
        const buffer = Buffer.alloc(Math.max(0, Math.min(end, (await file.stat()).size) - start));
        let length = 0;
        for (let read = -1; read !== 0 && length < buffer.length; length += read) {
          read = (await file.read(buffer, length, buffer.length - length, start + length)).bytesRead;
        }
        return buffer.subarray(0, length);
      } finally {
        await file.close();
      }
    } catch (error) {
      return absentOrUnreadable(error, path);
    }
  }

  async head(key: string): Promise<ObjectInfo | null> {
    const path = this.uriOf(key);
    const info = await stat(path).catch((error: unknown) => absentOrUnreadable(error, path));
    return info?.isFile() === true ? { key, bytes: info.size, modifiedAt: info.mtimeMs } : null;
  }

  async put(key: string, bytes: Uint8Array, { durable = true }: PutOptions = {}): Promise<void> {
    await this.#writing(key, bytes, durable, async (temporary, path) => {
      await rename(temporary, path);
      if (durable) await syncFolder(dirname(path));
    });
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<string | null> {
    return this.#writing(key, bytes, true, async (temporary, path) => {
      try {
        await link(temporary, path);
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return null;
        throw error;
      }
      await syncFolder(dirname(path));
      return versionOf(bytes);
    });
  }

  /** Comparing and renaming are two steps, so that a lock file makes them one for all who put conditionally. */
  async putIfMatch(key: string, bytes: Uint8Array, version: string): Promise<string | null> {
    if ((await this.read(key))?.version !== version) return null;
    return this.#writing(key, bytes, true, async (temporary, path) => {
      const attempt = await acquireLockFile(path + LOCK_SUFFIX, { waitMs: LOCK_WAIT_MS, pollMs: LOCK_POLL_MS });
      if (attempt.lock === null) throw lockedTooLong(path, attempt.holder?.pid);
      try {
        if ((await this.read(key))?.version !== version) return null;
        await rename(temporary, path);
      } finally {
        await attempt.lock.release();
      }
      await syncFolder(dirname(path));
      return versionOf(bytes);
    });
  }

  async stagingPath(key: string): Promise<string> {
    const path = this.uriOf(key);
    await named(path, () => makeFolderDurably(dirname(path)));
    return path + TEMPORARY_SUFFIX;
  }

  async publish(path: string, key: string): Promise<ObjectInfo> {
    const target = this.uriOf(key);
    await named(target, async () => {
      await makeFolderDurably(dirname(target));
      try {
        await publishFile(path, target);
      } catch (error) {
        if (codeOf(error) !== 'EXDEV') throw error;
        // The file is on another disk, from which no rename leads here.
        const temporary = temporaryOf(target);
        await copyFile(path, temporary);
        await publishFile(temporary, target);
        await rm(path, { force: true });
      }
    });
    const info = await stat(target);
    return { key, bytes: info.size, modifiedAt: info.mtimeMs };
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    requirePrefix(prefix);
    for await (const key of this.#files(prefix.slice(0, prefix.lastIndexOf('/') + 1))) {
      if (!key.startsWith(prefix) || !isKey(key)) continue;
      const info = await this.head(key);
      if (info !== null) yield info;
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.uriOf(key);
    await named(path, () => rm(path, { force: true }));
    await this.#removeEmptyFolders(dirname(path));
  }

  async removeUnfinished(isOurs: (key: string) => boolean): Promise<number> {
    let removed = 0;
    for await (const name of this.#files('')) {
      const key = /^(.+?)(?:\.[0-9a-f]{16})?\.tmp$/.exec(name)?.[1];
      if (key === undefined || !isOurs(key)) continue;
      await rm(join(this.uri, name), { force: true });
      await this.#removeEmptyFolders(dirname(join(this.uri, name)));
      removed += 1;
    }
    return removed;
  }

  /** Paths of all files below a folder, relative to the root, in the order of keys. @param folder - empty, or with `/` at its end. */
  async *#files(folder: string): AsyncGenerator<string> {
    const path = join(this.uri, folder);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) =>
      absentOrUnreadable(error, path),
    );
    const names = (entries ?? []).flatMap((entry) => {
      if (entry.isDirectory()) return [`${entry.name}/`];
      return entry.isFile() ? [entry.name] : [];
    });
    for (const name of names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
      if (name.endsWith('/')) yield* this.#files(folder + name);
      else yield folder + name;
    }
  }

  /** Writes the whole content beside the object's place, and takes it away again where `publish` has not moved it. */
  async #writing<T>(
    key: string,
    bytes: Uint8Array,
    durable: boolean,
    publish: (temporary: string, path: string) => Promise<T>,
  ): Promise<T> {
    const path = this.uriOf(key);
    return named(path, async () => {
      const temporary = temporaryOf(path);
      try {
        const file = await this.#create(temporary);
        try {
          await file.writeFile(bytes);
          if (durable) await file.sync();
        } finally {
          await file.close();
        }
        return await publish(temporary, path);
      } finally {
        await rm(temporary, { force: true });
      }
    });
  }

  /** Another's `delete` can remove a folder that has just been made. */
  async #create(path: string): ReturnType<typeof open> {
    for (let attempt = 1; ; attempt += 1) {
      await makeFolderDurably(dirname(path));
      try {
        return await open(path, 'wx');
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || attempt === 10) throw error;
      }
    }
  }

  /** Folders do not exist for who has keys; the first that is not empty ends it. */
  async #removeEmptyFolders(folder: string): Promise<void> {
    for (let current = folder; !relative(this.uri, current).startsWith('..') && current !== this.uri;) {
      try {
        await rmdir(current);
      } catch {
        return;
      }
      current = dirname(current);
    }
  }
}

function temporaryOf(path: string): string {
  return `${path}.${randomBytes(8).toString('hex')}${TEMPORARY_SUFFIX}`;
}

function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Null where there is no such file, as where a folder has the name or a file is in its way. */
function absentOrUnreadable(error: unknown, path: string): null {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
  if (code !== 'EACCES' && code !== 'EPERM') throw error;
  throw new AppError('NO_PERMISSION', `No permission to read ${path}: give this user the right to.`, {
    retryable: true,
    cause: error,
  });
}

async function named<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw storageError(error, dirname(path)) ?? error;
  }
}

function lockedTooLong(path: string, pid: number | undefined): Error {
  const who = pid === undefined ? 'Another process' : `Process ${String(pid)}`;
  return new Error(
    `${who} has held ${path}${LOCK_SUFFIX} for 30 seconds: stop it, or delete that file if it does not exist.`,
  );
}

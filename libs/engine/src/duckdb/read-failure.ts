import { AppError } from '@analytica/domain';
import { fileUri, literalPath, type Snapshot, storedBytes } from '@analytica/lake';
import type { EngineConnection } from './connection.js';

interface LakeFile {
  readonly path: string;
  readonly bytes: number;
}

/** What is wrong with one file; null if it reads well, or nothing can be said of it now. */
async function problemOf(connection: EngineConnection, snapshot: Snapshot, file: LakeFile): Promise<string | null> {
  let size: number | null;
  try {
    size = await storedBytes(snapshot, file);
  } catch {
    // A disk that does not answer, or a folder that may not be entered, says nothing of the file.
    return null;
  }
  if (size === null) return 'is missing';
  if (size !== file.bytes) return `is damaged (${String(size)} bytes instead of ${String(file.bytes)})`;
  try {
    await connection.rows(`SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet(?, hive_partitioning = false)`, [
      [literalPath(fileUri(snapshot, file))],
    ]);
    return null;
  } catch (error) {
    if (error instanceof AppError) throw error;
    return 'is damaged and cannot be read';
  }
}

/**
 * The error to throw after a scan failed: names the file relative to the lake where one is at fault. DuckDB's own message
 * holds absolute paths, so it is kept as the cause alone.
 */
export async function explainReadFailure(
  connection: EngineConnection,
  snapshot: Snapshot,
  files: readonly LakeFile[],
  cause: unknown,
): Promise<AppError> {
  if (cause instanceof AppError) return cause;
  if (!isOutOfMemory(cause)) {
    for (const file of files) {
      const problem = await problemOf(connection, snapshot, file);
      if (problem !== null) {
        return new AppError('ENGINE_FAILED', `The file ${file.path} of the lake ${problem}.`, {
          cause,
          details: { file: file.path },
        });
      }
    }
  }
  return engineFailure(cause);
}

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('Out of Memory Error');
}

/** Any other failure of the engine as the error that the port promises. */
export function engineFailure(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (isOutOfMemory(cause)) {
    return new AppError(
      'ENGINE_FAILED',
      'The analysis needs more memory or temporary disk space than it may use: ask for a shorter interval or a narrower topic.',
      { cause },
    );
  }
  return new AppError('ENGINE_FAILED', 'The analysis engine failed unexpectedly.', { cause });
}

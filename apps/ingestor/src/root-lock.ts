import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { acquireLockFile, type LockFile } from '@analytica/lake';

const LOCK_FILE = 'ingestor.lock';

/**
 * Keeps a second ingestor out of a lake's folder. A lock that a killed process left behind is taken over.
 * @throws AppError `CONFIG_INVALID` while another ingestor is at work there.
 */
export async function lockRoot(root: string): Promise<LockFile> {
  const attempt = await acquireLockFile(join(root, LOCK_FILE));
  if (attempt.lock !== null) return attempt.lock;
  const who = attempt.holder === null ? '' : ` (process ${String(attempt.holder.pid)})`;
  throw new AppError(
    'CONFIG_INVALID',
    `Another ingestor${who} writes in ${root}: stop it, or set DATA_DIR to another folder.`,
  );
}

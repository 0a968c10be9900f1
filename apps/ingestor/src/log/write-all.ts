import type { FileHandle } from 'node:fs/promises';
import { AppError } from '@analytica/domain';

/**
 * Writes all of `content` at `position`, in as many writes as it takes.
 * @throws AppError `DISK_FULL` when the disk takes nothing more; whatever else the disk throws.
 */
export async function writeAll(handle: FileHandle, content: Buffer, position: number): Promise<void> {
  for (let done = 0; done < content.length;) {
    const { bytesWritten } = await handle.write(content, done, content.length - done, position + done);
    if (bytesWritten === 0) throw new AppError('DISK_FULL', 'The disk took no more bytes.', { retryable: true });
    done += bytesWritten;
  }
}

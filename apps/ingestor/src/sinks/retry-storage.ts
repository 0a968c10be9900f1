import { setTimeout as sleep } from 'node:timers/promises';
import type { AppErrorCode } from '@analytica/domain';
import { storageError } from '@analytica/lake';

const RETRY_MS = 1000;

/**
 * Does something to the disk until it works. A full disk or missing permission is reported, waited for and tried again; other
 * errors are thrown.
 * @param waitsFor - which of the two are waited for.
 * @param report - gets one sentence while it does not work, and null once it does.
 */
export async function retryStorage<T>(
  action: () => Promise<T>,
  path: string,
  report: (problem: string | null) => void,
  signal: AbortSignal,
  waitsFor: readonly AppErrorCode[] = ['DISK_FULL', 'NO_PERMISSION'],
): Promise<T> {
  for (let failed = false; ; failed = true) {
    try {
      const result = await action();
      if (failed) report(null);
      return result;
    } catch (error) {
      const named = storageError(error, path);
      if (named === null || !waitsFor.includes(named.code) || signal.aborted) throw named ?? error;
      report(`Capture waits. ${named.message}`);
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}

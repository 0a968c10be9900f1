import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOG_FOLDER } from '@analytica/lake';
import type { Running } from './ingestor-process.js';

const POLL_MS = 2;

/** The segments of a lake's log, as far as it has any. */
export async function segmentsOf(root: string): Promise<readonly string[]> {
  const names = await readdir(join(root, LOG_FOLDER)).catch(() => []);
  return names.filter((name) => name.endsWith('.ndjson'));
}

/**
 * Waits until the ingestor appends to its log, has read all, or has ended: it tells of its progress each second, in which a fast machine has
 * read a small file.
 */
export async function untilLogging(running: Running, root: string): Promise<void> {
  let before = await logBytes(root);
  const ended = running.ended.then(() => true);
  while (
    !running.told.some(({ event }) => event === 'replay-done') &&
    !(await Promise.race([ended, sleep(POLL_MS, false)]))
  ) {
    const bytes = await logBytes(root);
    if (bytes > before) return;
    before = bytes;
  }
}

async function logBytes(root: string): Promise<number> {
  const sizes = await Promise.all(
    (await segmentsOf(root)).map(async (name) => await stat(join(root, LOG_FOLDER, name)).catch(() => null)),
  );
  return sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0);
}

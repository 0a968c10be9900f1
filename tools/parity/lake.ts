import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readIngestorEvent } from '@analytica/domain/contracts';
import { readSnapshot, type Snapshot } from '@analytica/lake';

const ROOT = join(import.meta.dirname, '../..');

/** Small files, so that runs have many partitions and files: the lake of a busy day in little. */
const FLUSH_MIB = '1';

/** Reads raw files into a lake in `folder` by the ingestor itself, and pins what is then in it. */
export async function lakeOf(files: readonly string[], folder: string): Promise<Snapshot> {
  const child = spawn(process.execPath, [join(ROOT, 'apps/ingestor/dist/main.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATA_DIR: folder,
      INGEST_SOURCES: 'replay',
      LAKE: 'lake',
      REPLAY_FILES: JSON.stringify(files),
      LAKE_RETENTION_DAYS: '0',
      LAKE_FLUSH_MIB: FLUSH_MIB,
      LOG_LEVEL: 'fatal',
      // Nobody listens: the status is not wanted here.
      REDIS_URL: 'redis://127.0.0.1:9',
    },
  });
  const ended = once(child, 'exit');
  let done = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (readIngestorEvent(line)?.event !== 'replay-done') continue;
    done = true;
    child.kill('SIGTERM');
  }
  await ended;
  if (!done) throw new Error('The ingestor ended before it had read the files.');
  return await readSnapshot(join(folder, 'lake'));
}

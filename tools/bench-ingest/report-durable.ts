// Loaded into the ingestor before it starts (`node --import`): tells the bench what is durable, as soon as it is.
import { open, readlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** All of this file up to `size` is durable since `at` (epoch ms). */
export interface Durable {
  readonly path: string;
  readonly size: number;
  readonly at: number;
}

const any = await open(process.execPath);
const prototype = Object.getPrototypeOf(any) as { datasync: (this: FileHandle) => Promise<void> };
await any.close();
const { datasync } = prototype;
const paths = new Map<number, string>();

prototype.datasync = async function (this: FileHandle): Promise<void> {
  const { size } = await this.stat();
  await datasync.call(this);
  const at = Date.now();
  // A file's number is used again: the log's files are few.
  const path = paths.get(this.fd) ?? (await readlink(`/proc/self/fd/${String(this.fd)}`));
  const durable: Durable = { path, size, at };
  process.send?.(durable);
};

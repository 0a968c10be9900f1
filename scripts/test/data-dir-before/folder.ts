import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

/** Where the fixture lies while it is used: a replay's cursor is good for files at the same path only. */
export const PLACE = '/tmp/analytica-data-dir-before';
export const DATA = join(PLACE, 'data');
export const INPUT = join(PLACE, 'input');

/** The folder and the files that it was made from, as they were. */
export function unpack(): void {
  removeUnpacked();
  mkdirSync(PLACE, { recursive: true });
  const packed = readFileSync(join(import.meta.dirname, 'data-dir.tar.zst'));
  execFileSync('tar', ['-x', '-C', PLACE], { input: zstdDecompressSync(packed) });
}

export function removeUnpacked(): void {
  rmSync(PLACE, { recursive: true, force: true });
}

/** What the program that made the folder said of it. */
export function expected(): {
  readonly replay: { readonly accounting: unknown; readonly answers: unknown };
  readonly demo: { readonly answers: unknown };
} {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'expected.json'), 'utf8')) as ReturnType<typeof expected>;
}

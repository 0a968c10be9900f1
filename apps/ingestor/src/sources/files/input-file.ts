import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '@analytica/domain';
import type { Compression } from './decompress.js';

/** How much of a file is looked at to tell whether it is text. */
export const HEAD_BYTES = 65_536;

export interface InputFile {
  readonly path: string;
  /** Bytes as stored, compressed or not. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly compression: Compression;
}

/**
 * Looks at every file before any is read, so that a mistyped name stops the start and not the middle of a long replay.
 * @throws AppError SOURCE_UNREADABLE that names the file and says what is wrong with it.
 */
export function openInputFiles(paths: readonly string[]): readonly InputFile[] {
  if (paths.length === 0) throw new AppError('SOURCE_UNREADABLE', 'There is no file to replay: name at least one.');
  return paths.map((path) => openInputFile(resolve(path)));
}

function openInputFile(path: string): InputFile {
  let descriptor: number | null = null;
  try {
    // Asked before it is opened: opening a named pipe would wait for its writer.
    const stat = statSync(path);
    if (stat.isDirectory()) throw unreadable(path, 'is a folder: name the files in it');
    if (!stat.isFile()) throw unreadable(path, 'is not a regular file');
    descriptor = openSync(path, 'r');
    const head = Buffer.alloc(Math.min(HEAD_BYTES, stat.size));
    const length = readSync(descriptor, head, 0, head.length, 0);
    const compression = compressionOf(path, head.subarray(0, length));
    if (compression === 'none' && looksBinary(head.subarray(0, length))) {
      throw unreadable(path, 'is a binary file, not lines of JSON');
    }
    return { path, size: stat.size, mtimeMs: stat.mtimeMs, compression };
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(path, systemReason(error), error);
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

/** Whether a beginning of a file cannot be lines of JSON; a damaged line among good ones does not make a file binary. */
export function looksBinary(head: Buffer): boolean {
  const isText = !head.includes(0) && isUtf8(head.subarray(0, wholeCharacters(head)));
  return !isText && !/(?:^|\n)[ \t\r]{0,64}\{\s{0,64}"/.test(head.toString('latin1'));
}

/** By the first bytes, never by the name. */
function compressionOf(path: string, head: Buffer): Compression {
  const magic = head.toString('latin1', 0, 10);
  const known = FORMATS.find(([matches]) => matches(magic));
  if (known !== undefined) return known[1];
  const other = OTHER_FORMATS.find(([start]) => magic.startsWith(start));
  if (other !== undefined)
    throw unreadable(path, `is ${other[1]}: unpack it first (gzip, bzip2 and zstd are read as they are)`);
  return 'none';
}

const FORMATS: readonly (readonly [(magic: string) => boolean, Compression])[] = [
  [(magic) => magic.startsWith('\x1f\x8b'), 'gzip'],
  // A block, or the end of an empty stream, follows the header: lines may begin with the letters of the header alone.
  [(magic) => /^BZh[1-9]/.test(magic) && ['1AY&SY', '\x17rE8P\x90'].includes(magic.slice(4)), 'bzip2'],
  [(magic) => magic.startsWith('\x28\xb5\x2f\xfd'), 'zstd'],
  // A skippable frame, with which some writers begin.
  [(magic) => /^[P-_]/.test(magic) && magic.slice(1, 4) === '\x2a\x4d\x18', 'zstd'],
];
const OTHER_FORMATS = [
  ['PK\x03\x04', 'a zip archive'],
  ['\xfd7zXZ\x00', 'an xz file'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['\x04\x22\x4d\x18', 'an lz4 file'],
] as const;

/** The length of `head` less a character that its end cuts. */
function wholeCharacters(head: Buffer): number {
  for (let back = 1; back <= Math.min(3, head.length); back++) {
    const byte = head[head.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return head.length - back;
  }
  return head.length;
}

function unreadable(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('SOURCE_UNREADABLE', `The file ${path} ${reason}.`, { cause, details: { path } });
}

function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read: this user has no right to';
  return `cannot be read (${typeof code === 'string' ? code : String(error)})`;
}

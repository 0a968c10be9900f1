import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileDamage } from './integrity/file-condition.js';

/** What can become of a Parquet file, and what a look at it must say. */
export const DAMAGES = {
  'a flipped byte in the footer': 'damaged',
  'a flipped byte in a data page': 'damaged',
  'flipped bytes in the data pages': 'damaged',
  'the end cut off': 'damaged',
  'no bytes': 'damaged',
  'a folder in its place': 'damaged',
  deleted: 'missing',
} as const satisfies Readonly<Record<string, FileDamage>>;

export type DamageName = keyof typeof DAMAGES;

/** Kinds of damage with what each is called, as tests take them. */
export const DAMAGE_CASES = Object.entries(DAMAGES) as readonly [DamageName, FileDamage][];

/** Those that a reader meets whichever columns it needs: the one byte lies in a column of its own. */
export const DAMAGE_CASES_FOR_ANY_READER = DAMAGE_CASES.filter(([name]) => name !== 'a flipped byte in a data page');

/** Damages a file of a lake, for tests. */
export async function damageFile(root: string, file: string, damage: DamageName): Promise<void> {
  const path = join(root, file);
  const content = await readFile(path);
  switch (damage) {
    case 'a flipped byte in the footer': {
      // The footer begins with the number of its fields and their types.
      const at = content.length - 8 - content.readUInt32LE(content.length - 8) + 1;
      content[at] = (content[at] ?? 0) ^ 0xff;
      return writeFile(path, content);
    }
    case 'a flipped byte in a data page': {
      // The first column's first page begins behind the magic bytes, with its header.
      content[5] = (content[5] ?? 0) ^ 0xff;
      return writeFile(path, content);
    }
    case 'flipped bytes in the data pages': {
      // In each column, whichever of them a reader needs: pages begin behind the magic bytes and end where the footer begins.
      const end = content.length - 8 - content.readUInt32LE(content.length - 8);
      for (let at = 5; at < end; at += 16) content[at] = (content[at] ?? 0) ^ 0xff;
      return writeFile(path, content);
    }
    case 'the end cut off':
      return writeFile(path, content.subarray(0, content.length >> 1));
    case 'no bytes':
      return writeFile(path, '');
    case 'a folder in its place':
      await rm(path);
      await mkdir(path);
      return;
    case 'deleted':
      return rm(path);
  }
}

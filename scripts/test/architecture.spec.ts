import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../start/root.ts';

/** A file may be named from the repository's root, or from the room that the text speaks of. */
const ROOMS = [
  '.',
  'apps/api/src',
  'apps/ingestor/src',
  'apps/web/src/app',
  'libs/domain/src',
  'libs/engine/src',
  'libs/lake/src',
  'libs/livy/src',
  'libs/spark-templates',
];
const FILE = /`([\w-]+\/[\w./-]+\.(?:ts|py|html|graphql))`/g;

it('docs/architecture.md names files that exist', () => {
  const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const named = [...new Set(Array.from(text.matchAll(FILE), ([, file = '']) => file))];
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((file) => !ROOMS.some((room) => existsSync(join(ROOT, room, file))))).toEqual([]);
});

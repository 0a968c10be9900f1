import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { schemaText } from './schema.js';

it('is the committed schema: after a change run `npm run schema` in apps/api', async () => {
  const committed = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
  expect(await schemaText()).toBe(committed);
});

import { writeFile } from 'node:fs/promises';
import 'reflect-metadata';
import { schemaText } from './schema.js';

await writeFile(new URL('../../schema.graphql', import.meta.url), await schemaText());

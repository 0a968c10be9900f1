import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readConfig } from '../src/config.js';
import { servedSchema } from '../src/graphql/served-schema.js';
import { startHttp } from '../src/http/http-server.js';
import { createLog } from '../src/log.js';
import { testEnv } from './stack.js';

it('the committed schema is the one that is served: after a change run `npm run schema` in apps/api', async () => {
  const config = readConfig(testEnv('/nowhere', { GRAPHQL_INTROSPECTION: 'true' }));
  const server = await startHttp(config, createLog('api', config.logLevel));
  try {
    const committed = await readFile(new URL('../schema.graphql', import.meta.url), 'utf8');
    expect(await servedSchema(server.url)).toBe(committed);
  } finally {
    await server.close();
  }
});

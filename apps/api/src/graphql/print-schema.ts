import { writeFile } from 'node:fs/promises';
import { readConfig } from '../config.js';
import { startHttp } from '../http/http-server.js';
import { createLog } from '../log.js';
import { servedSchema } from './served-schema.js';

// The schema needs neither Redis nor a lake: nothing listens at this address.
const config = readConfig({
  PORT: '0',
  REDIS_URL: 'redis://127.0.0.1:1',
  GRAPHQL_INTROSPECTION: 'true',
  LOG_LEVEL: 'silent',
});
const server = await startHttp(config, createLog('schema', config.logLevel), 0);
try {
  await writeFile(new URL('../../schema.graphql', import.meta.url), await servedSchema(server.url));
} finally {
  await server.close();
}

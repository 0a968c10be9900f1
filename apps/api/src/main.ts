import { readConfig } from './config.js';
import { startHttp } from './http/http-server.js';
import { createLog } from './log.js';
import { refuseToStart, stopOnSignal } from './process.js';

try {
  const config = readConfig();
  const log = createLog('api', config.logLevel);
  const server = await startHttp(config, log);
  log.info({ url: server.url }, 'listening');
  stopOnSignal(() => server.close());
} catch (error) {
  refuseToStart(error);
}

import { startWorker } from './worker/start-worker.js';
import { readConfig } from './config.js';
import { createLog } from './log.js';
import { refuseToStart, stopOnSignal } from './process.js';

try {
  const config = readConfig();
  const log = createLog('worker', config.logLevel);
  const worker = await startWorker(config, log);
  log.info({ concurrency: config.worker.concurrency }, 'waiting for analyses');
  stopOnSignal(() => worker.close());
} catch (error) {
  refuseToStart(error);
}

// A worker process on the real engine, slowed by its reader, for tests that kill it.
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker } from '../dist/worker/start-worker.js';
import { readConfig } from '../dist/config.js';
import { openEngine } from '../dist/worker/embedded-engine.js';
import { createLog } from '../dist/log.js';

const config = readConfig();
const engine = await openEngine(config);
const paced = {
  name: engine.name,
  run: (spec, snapshot, sink, signal) =>
    engine.run(
      spec,
      snapshot,
      {
        progress: async (progress) => {
          await sleep(Number(process.env.TEST_PACE_MS), undefined, { signal }).catch(() => undefined);
          await sink.progress(progress);
        },
        partial: (result) => sink.partial(result),
      },
      signal,
    ),
  posts: (...args) => engine.posts(...args),
  close: () => engine.close(),
};
const worker = await startWorker(
  config,
  createLog('worker', config.logLevel),
  { embedded: paced },
  {
    lockDuration: 3_000,
    stalledInterval: 1_000,
    maxStalledCount: 5,
  },
);
process.on('SIGTERM', () => {
  void worker.close().then(() => process.exit(0));
});
process.stdout.write('ready\n');

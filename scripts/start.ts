import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildWorkspace } from './start/build.ts';
import { startLivy } from './start/livy.ts';
import { parseOptions, usage, type StartOptions } from './start/options.ts';
import { checkDataDir, checkPort, StartError } from './start/preflight.ts';
import { startRedis } from './start/redis.ts';
import { Reporter } from './start/reporter.ts';
import { ROOT } from './start/root.ts';
import { Supervisor } from './start/supervisor.ts';

// Starts the whole product on this machine: Redis, API, worker, ingestor; stops all of it on Ctrl-C or SIGTERM.
async function main(options: StartOptions): Promise<number> {
  const reporter = new Reporter(options.events);
  const stop = new AbortController();
  const isStopping = (): boolean => stop.signal.aborted;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

  checkDataDir(options.dataDir);
  await checkPort(options.host, options.port);
  const logs = join(options.dataDir, 'logs');
  mkdirSync(logs, { recursive: true });

  const supervisor = new Supervisor(reporter, logs);
  try {
    // Redis and Livy come up while the build runs. Each may fail, and says so in one sentence.
    const [redis, livy] = await Promise.all([
      startRedis(options, supervisor, reporter),
      startLivy(options, supervisor, reporter, stop.signal),
      options.build ? buildWorkspace(reporter, stop.signal) : Promise.resolve(),
    ]);
    if (isStopping()) return 0;
    const env = {
      ...options.environment,
      HOST: options.host,
      PORT: String(options.port),
      DATA_DIR: options.dataDir,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      LIVY_URL: livy?.url,
    };
    supervisor.spawnApp('api', join(ROOT, 'apps/api/dist/main.js'), env);
    supervisor.spawnApp('worker', join(ROOT, 'apps/api/dist/worker.js'), env);
    if (options.sources.length > 0) {
      // Only now: the build has made it.
      const { readIngestorEvent } = await import('@analytica/domain/contracts');
      const ingestorEnv = {
        ...env,
        REPLAY_FILES: JSON.stringify(options.replayFiles),
        REPLAY_REBASE: String(options.rebase),
        REPLAY_IMPORT_NAME: options.importName,
      };
      supervisor.spawnApp('ingestor', join(ROOT, 'apps/ingestor/dist/main.js'), ingestorEnv, [], {
        onLine: (line) => {
          const event = readIngestorEvent(line);
          if (event !== null) reporter.ingestor(event);
        },
      });
    }
    const url = `http://${options.host === '0.0.0.0' ? '127.0.0.1' : options.host}:${options.port}/`;
    await supervisor.waitUntilReady(url, stop.signal);
    if (!isStopping()) reporter.ready(url, options, logs, livy);
    return await supervisor.run(stop.signal);
  } finally {
    stop.abort(); // whatever still waits for a process that will not come
    await supervisor.stop();
  }
}

try {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options === 'help') {
    console.log(usage());
  } else {
    process.exitCode = await main(options);
  }
} catch (error) {
  const expected = error instanceof StartError;
  console.error(expected ? `\nCannot start: ${error.message}` : error);
  process.exitCode = expected ? 2 : 1;
}

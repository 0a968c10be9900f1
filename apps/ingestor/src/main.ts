import { AppError } from '@analytica/domain';
import { pino } from 'pino';
import { type IngestorConfig, readConfig } from './config.js';
import { countBuffersWithHeap } from './count-buffers-with-heap.js';
import { runIngestor } from './ingestor.js';
import { reportOnStdout } from './status/events.js';

/** The log is safe at any moment: what a slow disk does not flush by then is flushed at the next start. */
const STOP_MS = 20_000;

function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    setTimeout(() => process.exit(0), STOP_MS).unref();
    stop.abort();
  };
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
  // Whoever started this process as part of the whole was killed: nobody else would stop it.
  process.once('disconnect', onSignal);
  process.channel?.unref(); // listening alone must not keep the process alive
  process.stdout.on('error', () => undefined);
  return stop.signal;
}

async function main(): Promise<void> {
  countBuffersWithHeap();
  const config: IngestorConfig = readConfig();
  const logger = pino({ name: 'ingestor', level: config.logLevel }, pino.destination(2));
  try {
    await runIngestor(config, logger, reportOnStdout, stopOnSignals());
  } catch (error) {
    if (!(error instanceof AppError)) logger.fatal({ err: error }, 'The ingestor stopped');
    throw error;
  }
}

main().catch((error: unknown) => {
  // What a library says names queries and folders: it is for the log.
  const message =
    error instanceof AppError ? error.message : 'The ingestor stopped unexpectedly: its log says why. Start it again.';
  reportOnStdout({ event: 'fatal', message });
  process.exit(error instanceof AppError && !error.retryable ? 2 : 1);
});

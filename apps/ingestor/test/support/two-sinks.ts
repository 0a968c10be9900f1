import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../../src/config.js';
import { runIngestor } from '../../src/ingestor.js';
import { reportOnStdout } from '../../src/status/events.js';
import { FileSink } from './file-sink.js';

// The ingestor with a second sink: a program for tests. Its argument is how long the sink takes for a segment, in ms.
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const openFileSink = (root: string): Promise<FileSink> =>
  FileSink.open(join(root, '../second'), Number(process.argv[2]));
await runIngestor(readConfig(), pino({ level: 'silent' }), reportOnStdout, stop.signal, [openFileSink]);

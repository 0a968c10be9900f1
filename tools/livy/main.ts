import { Unavailable } from './assemble.ts';
import { parseServerOptions, USAGE } from './options.ts';
import { startReal } from './server.ts';

// Assembles and starts a real Apache Livy on this machine: `node tools/livy/main.ts [options]`.
const say = (sentence: string): void => {
  console.error(sentence);
};
const options = parseServerOptions(process.argv.slice(2), say);
if (typeof options === 'string') {
  say(options);
  process.exitCode = 2;
} else if (options.help) {
  console.log(`node tools/livy/main.ts [options]\n\n${USAGE}`);
} else {
  try {
    const server = await startReal(options);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void server.stop());
    say(`Apache Livy ${options.manners} on ${server.url}`);
    process.exitCode = await server.ended;
    await server.stop();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof Unavailable ? 3 : 1;
  }
}

import { Unavailable } from '../tools/livy/assemble.ts';
import { parseServerOptions, USAGE } from '../tools/livy/options.ts';
import { startReal, startStandIn, type RunningServer, type ServerOptions } from '../tools/livy/server.ts';

// `npm run livy`: a real Livy if it can be had, else the stand-in; says which.
const say = (sentence: string): void => {
  console.error(sentence);
};

async function start(options: ServerOptions & { readonly kind: string | undefined }): Promise<RunningServer> {
  if (options.kind === 'stand-in') return await startStandIn(options);
  if (options.kind === 'real') return await startReal(options);
  try {
    return await startReal(options);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(`${error.message} The stand-in takes its place.`);
    return await startStandIn(options);
  }
}

const NAMES = { real: 'Apache Livy', 'stand-in': 'The stand-in for Livy (not Apache Livy; for development only)' };

const options = parseServerOptions(process.argv.slice(2), say);
if (typeof options === 'string') {
  say(`${options}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (options.help) {
  console.log(`npm run livy -- [options]\n\n${USAGE}\n  --kind real|stand-in`);
} else {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  try {
    const server = await start(options);
    say(`${NAMES[server.kind]}, manners of ${options.manners}, on ${server.url}`);
    const stopped = new Promise<undefined>((resolve) => {
      if (stop.signal.aborted) resolve(undefined);
      stop.signal.addEventListener('abort', () => resolve(undefined));
    });
    const code = await Promise.race([server.ended, stopped]);
    await server.stop();
    process.exitCode = code ?? 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof Unavailable ? 3 : 1;
  }
}

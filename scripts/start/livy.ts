import { connect } from 'node:net';
import { join } from 'node:path';
import type { StartOptions } from './options.ts';
import { freePort, StartError } from './preflight.ts';
import type { LivyHandle, Reporter } from './reporter.ts';
import { ROOT } from './root.ts';
import type { Supervisor } from './supervisor.ts';

/** What `livy-server.ts` tells over its channel. */
export type LivyMessage =
  | { readonly say: string }
  | { readonly ready: { readonly url: string; readonly kind: 'real' | 'stand-in'; readonly version: string } };

const ANSWER_MS = 5_000;

/**
 * A Livy for this start: the given one, or one that is brought up for as long as the start runs; undefined where no engine needs
 * one, or when it was stopped meanwhile.
 */
export async function startLivy(
  options: Pick<StartOptions, 'engine' | 'livyUrl' | 'environment'>,
  supervisor: Supervisor,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<LivyHandle | undefined> {
  if (options.livyUrl !== '') return await useGiven(options.livyUrl);
  if (options.engine === 'embedded') return undefined;
  const port = await freePort();
  const ready = Promise.withResolvers<LivyHandle | undefined>();
  if (signal.aborted) return undefined;
  signal.addEventListener('abort', () => ready.resolve(undefined), { once: true });
  reporter.say('Bringing up Spark with a Livy server (the first time it is installed, which takes minutes) ...');
  supervisor.spawnApp(
    'livy',
    join(ROOT, 'scripts/start/livy-server.ts'),
    options.environment,
    ['--port', String(port)],
    {
      onMessage: (message) => {
        const told = message as LivyMessage;
        if ('say' in told) reporter.say(told.say);
        else ready.resolve({ url: told.ready.url, name: nameOf(told.ready) });
      },
    },
  );
  return await supervisor.orFatal(ready.promise);
}

function nameOf({ kind, version }: { readonly kind: string; readonly version: string }): string {
  return kind === 'real'
    ? `Apache Livy ${version} with Spark on this machine`
    : `a stand-in for Livy ${version} (not Apache Livy) with Spark on this machine`;
}

/** Whoever takes a connection will do here: credentials and certificates are the worker's matter. */
async function useGiven(url: string): Promise<LivyHandle> {
  const address = URL.parse(url);
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new StartError('LIVY_URL is no address; it can be such as http://livy.example:8998.');
  }
  const port = address.port === '' ? (address.protocol === 'https:' ? 443 : 80) : Number(address.port);
  const reason = await new Promise<string | null>((resolve) => {
    const socket = connect({ host: address.hostname.replace(/^\[|\]$/g, ''), port, timeout: ANSWER_MS });
    const end = (why: string | null): void => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => end(null));
    socket.once('error', (error) => end(error.message));
    socket.once('timeout', () => end('no answer within 5 s'));
  });
  if (reason !== null) {
    throw new StartError(
      `the Livy server at LIVY_URL does not answer (${reason}). Start it, correct --livy-url, or leave it out to get one here.`,
    );
  }
  return { url, name: `Livy at ${address.host}` };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../start/preflight.ts';
import { ROOT } from '../start/root.ts';

export interface Running {
  readonly child: ChildProcess;
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** Waits for an event. @throws when the process ends without it. */
  waitFor(event: string): Promise<Readonly<Record<string, unknown>>>;
  /** SIGTERM, or another signal. Resolves once it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Another checkout can be named here, to see that its programs fail. */
const PROGRAMS = process.env['TEST_CHECKOUT'] ?? ROOT;

/** Runs a built program that reports events as lines of JSON. */
export function run(script: string, env: Readonly<Record<string, string>>, args: readonly string[] = []): Running {
  const child = spawn(process.execPath, [join(PROGRAMS, script), ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      REDIS_URL: 'redis://127.0.0.1:1',
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: Readonly<Record<string, unknown>>[] = [];
  let news = Promise.withResolvers<undefined>();
  let isOver = false;
  const announce = (): void => {
    const before = news;
    news = Promise.withResolvers();
    before.resolve(undefined);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('{"event"')) return;
    events.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
    announce();
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isOver = true;
      resolve();
      announce();
    });
  });
  return {
    child,
    events,
    async waitFor(name) {
      for (;;) {
        const found = events.find(({ event }) => event === name);
        if (found !== undefined) return found;
        if (isOver) throw new Error(`${script} ended without "${name}": ${JSON.stringify(events.at(-1))}`);
        await news.promise;
      }
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

/** Runs the API and its worker, and `work` once the API answers. */
export async function withApi<T>(env: Readonly<Record<string, string>>, work: (url: string) => Promise<T>): Promise<T> {
  const port = String(await freePort());
  const both = ['main.js', 'worker.js'].map((name) => run(`apps/api/dist/${name}`, { ...env, PORT: port }));
  try {
    const url = `http://127.0.0.1:${port}/`;
    const isLive = () =>
      fetch(new URL('health/live', url)).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isLive())) {
      if (both.some(({ child }) => child.exitCode !== null)) throw new Error('The API or its worker has ended.');
      await sleep(50);
    }
    return await work(url);
  } finally {
    for (const each of both) await each.stop();
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';

const project = join(import.meta.dirname, '../..');
/** Under the project, so that its dependencies are found. */
const outDir = join(project, 'test-output', `ingestor-${String(process.pid)}`);

/**
 * Bundles the ingestor from its sources, so that tests never run an old build. @returns the file to run.
 * @param root - folder of the ingestor, or of a copy of it below this one.
 * @param entry - what to start.
 */
export async function bundleIngestor(root = project, entry = 'src/main.ts', folder = outDir): Promise<string> {
  await mkdir(folder, { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: ['@analytica/source'] },
    ssr: {
      external: ['@duckdb/node-api'],
      noExternal: [/^@analytica\//],
      resolve: { conditions: ['@analytica/source'] },
    },
    build: {
      ssr: true,
      target: 'es2024',
      outDir: folder,
      emptyOutDir: true,
      rollupOptions: {
        input: { main: entry, 'prepare-thread': 'src/pipeline/prepare-thread.ts' },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  });
  return join(folder, 'main.js');
}

export async function removeBundle(): Promise<void> {
  await rm(outDir, { recursive: true, force: true });
}

export type Told = Readonly<Record<string, unknown>> & { readonly event: string };

export interface Running {
  readonly child: ChildProcess;
  readonly told: readonly Told[];
  readonly stderr: () => string;
  /** The first event of this kind, also when it was told before. @throws when the process ends without it. */
  waitFor(event: string): Promise<Told>;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** What root has to drop so that a folder's owner and mode count for it too; it can still read the checkout, wherever that lies. */
const WITHOUT_CAPABILITIES = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] as const;

/** Starts the bundled ingestor with nothing but this environment. */
export function startIngestor(
  entry: string,
  env: Readonly<Record<string, string>>,
  options: { readonly unprivileged?: boolean; readonly args?: readonly string[] } = {},
): Running {
  const prefix = options.unprivileged === true ? WITHOUT_CAPABILITIES : (['env'] as const);
  const [command, ...args] = [...prefix, process.execPath, entry, ...(options.args ?? [])];
  const child = spawn(command, args, {
    env: { PATH: '/usr/bin:/bin', REDIS_URL: 'redis://127.0.0.1:1', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told: Told[] = [];
  let stderr = '';
  let news = Promise.withResolvers<undefined>();
  let isOver = false;
  const announce = (): void => {
    const before = news;
    news = Promise.withResolvers();
    before.resolve(undefined);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.push(JSON.parse(line) as Told);
    announce();
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      isOver = true;
      resolve(code ?? String(signal));
      announce();
    });
  });
  return {
    child,
    told,
    stderr: () => stderr,
    ended,
    async waitFor(event) {
      for (;;) {
        const found = told.find((each) => each.event === event);
        if (found !== undefined) return found;
        if (isOver) throw new Error(`Ended without "${event}": ${JSON.stringify(told)} ${stderr}`);
        await news.promise;
      }
    },
  };
}

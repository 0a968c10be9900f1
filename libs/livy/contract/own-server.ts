import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inNamespace } from './config.js';
import { freePort } from './global-setup.js';
import { LIVY_URL } from './support.js';

/** A server of the same kind and version as the one under test, which a test may stop and start. */
export class OwnServer {
  readonly url: string;
  /** Whether drivers that are busy outlive it. A real one is in a namespace that ends them, unless the suite itself is in one. */
  readonly leavesDrivers: boolean;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, leavesDrivers: boolean, args: readonly string[]) {
    this.leavesDrivers = leavesDrivers;
    this.url = `http://127.0.0.1:${String(port)}`;
    this.#args = [...args, '--port', String(port)];
  }

  static async start(conf: readonly string[] = []): Promise<OwnServer> {
    const reply = await fetch(`${LIVY_URL}/version`);
    const { version, branch } = (await reply.json()) as { version: string; branch: string };
    const kind = branch === 'stand-in' ? 'stand-in' : 'real';
    const leaves = kind === 'stand-in' || inNamespace();
    const args = ['--kind', kind, '--manners', version.slice(0, 3), ...(leaves ? ['--orphans', '--no-namespace'] : [])];
    const server = new OwnServer(await freePort(), leaves, [...args, ...conf.flatMap((pair) => ['--conf', pair])]);
    await server.begin();
    return server;
  }

  async begin(): Promise<void> {
    const root = join(import.meta.dirname, '../../..');
    const child = spawn(process.execPath, [join(root, 'scripts/livy.ts'), ...this.#args], { stdio: 'ignore' });
    this.#process = child;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`scripts/livy.ts ended with code ${String(child.exitCode)}`);
      const up = await fetch(`${this.url}/version`).then(
        (reply) => reply.ok,
        () => false,
      );
      if (up) return;
      await wait(100);
    }
  }

  /** Ends it as an operator would. */
  async stop(): Promise<void> {
    await this.#end((child) => child.kill('SIGTERM'));
  }

  /** Ends the server process itself without a word. */
  async kill(): Promise<void> {
    await this.#end((child) => spawnSync('pkill', ['-KILL', '-P', String(child.pid)]));
  }

  async #end(how: (child: ChildProcess) => unknown): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    how(child);
    await ended;
  }
}

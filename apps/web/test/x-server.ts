import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const DOUBLE = join(import.meta.dirname, '../../ingestor/test/doubles/x-api-main.ts');

/** A server that speaks X's protocol, in a process of its own. Killed, it breaks its streams off. */
export class XServer {
  readonly token = 'a-token-of-the-browser-suite';
  #url = 'http://127.0.0.1:0';
  #child: ChildProcess | null = null;

  static async start(): Promise<XServer> {
    const server = new XServer();
    await server.restart();
    return server;
  }

  get url(): string {
    return this.#url;
  }

  async restart(): Promise<void> {
    const args = [DOUBLE, '--port', new URL(this.#url).port, '--rate', '20', '--token', this.token];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    // It says where it is once it listens.
    const [told] = (await once(child.stdout, 'data')) as [Buffer];
    this.#url = /X_API_URL=(\S+)/.exec(told.toString())?.[1] ?? this.#url;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}

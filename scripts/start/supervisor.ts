import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { StartError } from './preflight.ts';
import type { Reporter } from './reporter.ts';

type Role = 'redis' | 'livy' | 'api' | 'worker' | 'ingestor';

type Environment = Readonly<Record<string, string | undefined>>;

/** A process of ours: it has a channel to this one. */
interface App {
  readonly env: Environment;
  readonly listeners: Listeners;
}

interface Listeners {
  /** What it sends over its channel to this process. */
  readonly onMessage?: (message: unknown) => void;
  /** Lines of its stdout, which go to its log otherwise. */
  readonly onLine?: (line: string) => void;
}

interface Member {
  readonly role: Role;
  readonly pid: number;
  /** Absent for a process that an earlier start left running. */
  readonly child?: ChildProcess;
  readonly respawn?: () => void;
}

/** Who needs whom, first to stop first: capture seals its log, the worker lets go of its jobs, what both rest on goes last. */
const STOP_ORDER: readonly Role[] = ['ingestor', 'worker', 'api', 'livy', 'redis'];
const STOP_GRACE_MS = 27_000;
const RESTARTS_PER_MINUTE = 5;
/** Exit code of a process that explained in one sentence why it cannot run: starting it again would not help. */
const EXIT_CONFIGURATION = 2;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Starts the processes of the product, restarts what dies, and stops everything in order. */
export class Supervisor {
  readonly #reporter: Reporter;
  readonly #logs: string;
  readonly #members = new Map<Role, Member>();
  readonly #starts = new Map<Role, number[]>();
  readonly #fatal = Promise.withResolvers<StartError>();
  #stopping = false;

  constructor(reporter: Reporter, logs: string) {
    this.#reporter = reporter;
    this.#logs = logs;
  }

  logFile(role: Role): string {
    return join(this.#logs, `${role}.log`);
  }

  /** Takes over a process that an earlier, killed start left behind, so that it is stopped with the rest. */
  adopt(role: Role, pid: number): void {
    this.#members.set(role, { role, pid });
  }

  spawnApp(
    role: Role,
    script: string,
    env: Environment,
    args: readonly string[] = [],
    listeners: Listeners = {},
  ): void {
    this.#spawn(role, process.execPath, ['--enable-source-maps', script, ...args], { env, listeners });
  }

  /** Starts a program that is none of ours. */
  spawn(role: Role, command: string, args: readonly string[]): void {
    this.#spawn(role, command, args, null);
  }

  #spawn(role: Role, command: string, args: readonly string[], app: App | null): void {
    // Their own process groups: Ctrl-C reaches this process alone, which then stops the others in order. Our apps have a
    // channel to this process besides: should it be killed, the channel closes, and they stop by themselves.
    const child = spawn(command, args, {
      env: { ...(app?.env ?? process.env) },
      stdio: ['ignore', 'pipe', 'pipe', app === null ? 'ignore' : 'ipc'],
      detached: true,
    });
    const { onMessage, onLine } = app?.listeners ?? {};
    if (onMessage !== undefined) child.on('message', onMessage);
    const log = createWriteStream(this.logFile(role), { flags: 'a' });
    log.on('error', () => undefined); // a full disk must not end the supervisor
    child.stderr?.pipe(log, { end: false });
    if (onLine !== undefined && child.stdout !== null) createInterface({ input: child.stdout }).on('line', onLine);
    else child.stdout?.pipe(log, { end: false });
    child.once('error', (error) => this.#fatal.resolve(new StartError(`${role} cannot be started: ${error.message}`)));
    child.once('exit', (code, signal) => this.#onExit(role, code, signal));
    this.#starts.set(role, [...(this.#starts.get(role) ?? []), Date.now()]);
    if (child.pid !== undefined) {
      this.#members.set(role, {
        role,
        pid: child.pid,
        child,
        respawn: () => this.#spawn(role, command, args, app),
      });
    }
  }

  /** Resolves once the API answers; rejects with what a process said when it gave up. */
  async waitUntilReady(url: string, signal: AbortSignal): Promise<void> {
    const ready = async (): Promise<void> => {
      for (let attempt = 0; !signal.aborted; attempt++) {
        const answer = await fetch(new URL('health/live', url)).catch(() => undefined);
        if (answer?.ok === true) return;
        if (attempt === 1_800) throw new StartError(`the API does not answer; its log is ${this.logFile('api')}.`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    await this.orFatal(ready());
  }

  /** Runs until asked to stop; the exit code of the whole. */
  async run(signal: AbortSignal): Promise<number> {
    const stopped = new Promise<void>((resolve) =>
      signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await this.orFatal(stopped);
    return 0;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#members.size > 0) this.#reporter.say('Stopping ...');
    for (const role of STOP_ORDER) {
      const member = this.#members.get(role);
      if (member === undefined) continue;
      await endProcess(member.pid);
      // What it started may hold its ends of these for longer.
      member.child?.stdout?.destroy();
      member.child?.stderr?.destroy();
      this.#members.delete(role);
    }
  }

  /** Waits for something, but no longer than every process can run. */
  async orFatal<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([
      work,
      this.#fatal.promise.then((error) => {
        throw error;
      }),
    ]);
  }

  #onExit(role: Role, code: number | null, signal: NodeJS.Signals | null): void {
    const member = this.#members.get(role);
    this.#members.delete(role);
    if (this.#stopping) return;
    const recent = (this.#starts.get(role) ?? []).filter((at) => at > Date.now() - 60_000);
    if (code === EXIT_CONFIGURATION || recent.length >= RESTARTS_PER_MINUTE || member?.respawn === undefined) {
      this.#fatal.resolve(new StartError(`${role} stopped: ${this.#lastWords(role)} (log: ${this.logFile(role)})`));
      return;
    }
    this.#reporter.say(`${role} ended (${signal ?? `exit code ${code ?? '?'}`}); starting it again.`);
    const respawn = member.respawn;
    setTimeout(() => {
      if (!this.#stopping) respawn();
    }, 500 * recent.length);
  }

  #lastWords(role: Role): string {
    if (role === 'ingestor' && this.#reporter.lastFatal !== '') return this.#reporter.lastFatal;
    try {
      return readFileSync(this.logFile(role), 'utf8').trimEnd().split('\n').at(-1) ?? '';
    } catch {
      return '';
    }
  }
}

async function endProcess(pid: number): Promise<void> {
  const until = Date.now() + STOP_GRACE_MS;
  const send = (signal: NodeJS.Signals): void => {
    try {
      process.kill(pid, signal);
    } catch {
      // it ended by itself
    }
  };
  send('SIGTERM');
  while (isAlive(pid) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  if (isAlive(pid)) send('SIGKILL');
}

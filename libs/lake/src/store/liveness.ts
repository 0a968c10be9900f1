import { randomUUID } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';

/**
 * Who holds a lock, a folder or a pin. Process numbers mean something within one namespace of one running kernel only, and they
 * are used again: so the holder is its number with the time its process began, the kernel's boot and the namespace.
 */
export const holderSchema = z.object({
  pid: z.number(),
  /** When the process began, where the system says so. */
  started: z.string().nullable(),
  /** Which run of which machine; null from versions before where the system did not say so. */
  boot: z.string().nullable().default(null),
  namespace: z.string().nullable().default(null),
  /** Random, one for each thing held; empty from versions before. */
  token: z.string().default(''),
});
export type Holder = z.infer<typeof holderSchema>;

/** `unknown`: a process of another container or machine. Whether it lives shows in whether it renews. */
export type Liveness = 'alive' | 'gone' | 'unknown';

/** Tokens of what this process holds. */
const ownTokens = new Set<string>();

/** This process as a holder with a fresh token. `forgetHolder` ends it. */
export async function newHolder(): Promise<Holder> {
  const token = randomUUID();
  ownTokens.add(token);
  return { ...(await ownProcess()), token };
}

/** Says that this process no longer holds what it held by that token. */
export function forgetHolder(holder: Holder): void {
  ownTokens.delete(holder.token);
}

/** Whether a holder still lives, as far as this process can see. A zombie process holds nothing. */
export async function livenessOf(holder: Holder): Promise<Liveness> {
  if (ownTokens.has(holder.token)) return 'alive';
  const own = await ownProcess();
  const isForeign = holder.boot !== own.boot || holder.namespace !== own.namespace;
  if (holder.token !== '' && isForeign) return 'unknown';
  // The number may be an earlier process's; the process may be about to hold it elsewhere in this program.
  if (holder.pid === process.pid) {
    return holder.token !== '' && holder.started !== null && holder.started === own.started ? 'alive' : 'gone';
  }
  return (await runs(holder)) ? 'alive' : 'gone';
}

async function runs({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const state = await stateOf(pid);
  if (state === null) return true;
  return !state.isZombie && (started === null || state.started === started);
}

let own: Promise<Omit<Holder, 'token'>> | undefined;

function ownProcess(): Promise<Omit<Holder, 'token'>> {
  return (own ??= describeOwnProcess());
}

async function describeOwnProcess(): Promise<Omit<Holder, 'token'>> {
  return {
    pid: process.pid,
    started: (await stateOf(process.pid))?.started ?? null,
    boot: await readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((text) => text.trim(), hostname),
    namespace: await readlink('/proc/self/ns/pid').catch(() => null),
  };
}

/** Null where the system does not say. */
async function stateOf(pid: number): Promise<{ readonly isZombie: boolean; readonly started: string } | null> {
  try {
    const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    // The name in brackets before these fields can hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, started] = [fields[0], fields[19]];
    return started === undefined ? null : { isZombie: state === 'Z' || state === 'X', started };
  } catch {
    return null;
  }
}

interface Sighting {
  readonly sign: number;
  readonly since: number;
}

/**
 * How long things were not renewed while this process watched. Only a clock that never jumps has a say in it: wall clocks jump,
 * and two machines' differ.
 */
export class RenewalWatch {
  readonly #clock: () => number;
  #sightings = new Map<string, Sighting>();

  /** @param clock - milliseconds of a clock that never jumps. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /**
   * Notes what a thing looks like now.
   * @param sign - changes with each renewal, as the time of a file does.
   * @returns for how many ms it has looked so, 0 after a renewal; null at first sight.
   */
  unchangedFor(name: string, sign: number): number | null {
    const now = this.#clock();
    const before = this.#sightings.get(name);
    if (before?.sign === sign) return now - before.since;
    this.#sightings.set(name, { sign, since: now });
    return before === undefined ? null : 0;
  }

  /** Forgets all things but these. */
  retain(names: ReadonlySet<string>): void {
    for (const name of this.#sightings.keys()) if (!names.has(name)) this.#sightings.delete(name);
  }
}

/** Calls `renew` every `everyMs` until the returned function is called. A renewal that fails is made up for by the next. */
export function keepRenewing(renew: () => Promise<unknown>, everyMs: number): () => void {
  const timer = setInterval(() => void renew().catch(() => undefined), everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

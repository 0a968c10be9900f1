import type { LeaseLogEntry } from '@analytica/livy/redis';

/** One hold of one session. `to` null: it is held still. */
export interface Hold {
  readonly session: string;
  readonly owner: string;
  readonly token: number;
  readonly from: number;
  to: number | null;
  how: LeaseLogEntry['event'] | null;
}

/**
 * Who held which session from when to when, by Redis' clock.
 * @throws Error if two held a session at once, or a lease ended that nobody had.
 */
export function holdsOf(log: readonly LeaseLogEntry[]): Hold[] {
  const holds: Hold[] = [];
  const current = new Map<string, Hold>();
  for (const { event, name, owner, token, at } of log) {
    const hold = current.get(name);
    if (event === 'acquire') {
      if (hold !== undefined) throw new Error(`${name} was given to ${owner} while ${hold.owner} held it`);
      const taken: Hold = { session: name, owner, token, from: at, to: null, how: null };
      if (holds.some((earlier) => earlier.token >= token)) throw new Error(`token ${String(token)} is not the newest`);
      current.set(name, taken);
      holds.push(taken);
      continue;
    }
    if (hold?.token !== token || hold.owner !== owner)
      throw new Error(`${event} of ${name} by ${owner}, who held it not`);
    hold.to = at;
    hold.how = event;
    current.delete(name);
  }
  return holds;
}

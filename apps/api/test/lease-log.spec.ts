import type { LeaseLogEntry } from '@analytica/livy/redis';
import { describe, expect, it } from 'vitest';
import { holdsOf } from './lease-log.js';

const entry = (event: LeaseLogEntry['event'], owner: string, token: number, at: number): LeaseLogEntry => ({
  event,
  name: 'session',
  owner,
  tenant: '',
  token,
  at,
});

describe('holdsOf', () => {
  it('tells who held a session from when to when', () => {
    const log = [
      entry('acquire', 'a', 1, 10),
      entry('release', 'a', 1, 20),
      entry('acquire', 'b', 2, 30),
      entry('expired', 'b', 2, 50),
      entry('acquire', 'a', 3, 50),
    ];
    expect(holdsOf(log).map(({ owner, from, to, how }) => [owner, from, to, how])).toEqual([
      ['a', 10, 20, 'release'],
      ['b', 30, 50, 'expired'],
      ['a', 50, null, null],
    ]);
  });

  it('notices a session that two held at once', () => {
    expect(() => holdsOf([entry('acquire', 'a', 1, 10), entry('acquire', 'b', 2, 11)])).toThrow(/while a held it/);
    expect(() => holdsOf([entry('acquire', 'a', 1, 10), entry('release', 'b', 1, 11)])).toThrow(/held it not/);
    const back = [entry('acquire', 'a', 2, 10), entry('release', 'a', 2, 11), entry('acquire', 'b', 1, 12)];
    expect(() => holdsOf(back)).toThrow(/not the newest/);
  });
});

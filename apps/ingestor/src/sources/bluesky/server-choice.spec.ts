import { describe, expect, it } from 'vitest';
import type { ConnectionEnd } from './connection.js';
import { parseEndpoints } from './endpoint.js';
import { ServerChoice } from './server-choice.js';

const TIMES = { firstMs: 500, lastMs: 4000, refusedMs: 60_000 };
const [A, B, C] = ['a:1', 'b:1', 'c:1'];

function choice(hosts: readonly (string | undefined)[], first: string | null = null, random = 1): ServerChoice {
  const endpoints = parseEndpoints(hosts.map((host) => `ws://${String(host)}/subscribe`).join(','));
  return new ServerChoice(endpoints, first, TIMES, () => random);
}

function end(cause: ConnectionEnd['cause'], retryAfterMs: number | null = null): ConnectionEnd {
  const refusal = { status: 0, error: null, retryAfterMs, cause, reason: '' };
  return { cause, reason: '', refusal, hadOversizedFrame: false };
}

/** Host and delay of so many attempts that all fail. */
function attempts(servers: ServerChoice, count: number, cause: ConnectionEnd['cause'] = 'DISCONNECTED'): string[] {
  let now = 0;
  return Array.from({ length: count }, () => {
    const { endpoint, waitMs } = servers.next(now);
    now += waitMs;
    servers.failed(end(cause), now);
    return `${endpoint.host} ${waitMs}`;
  });
}

describe('the choice of a server', () => {
  it('waits not at all, then longer and longer', () => {
    expect(attempts(choice([A]), 7)).toEqual([
      ...['a:1 0', 'a:1 500', 'a:1 1000', 'a:1 2000', 'a:1 4000', 'a:1 4000', 'a:1 4000'],
    ]);
  });

  it('waits half as long at least, by chance', () => {
    expect(attempts(choice([A], null, 0), 4)).toEqual(['a:1 0', 'a:1 250', 'a:1 500', 'a:1 1000']);
  });

  it('goes round the servers, with two attempts at each', () => {
    const hosts = attempts(choice([A, B, C]), 8).map((attempt) => attempt.split(' ')[0]);
    expect(hosts).toEqual([A, A, B, B, C, C, A, A]);
  });

  it('begins with the server of the cursor, and stays with one that works', () => {
    const servers = choice([A, B], 'b:1/subscribe');
    for (let n = 0; n < 5; n += 1) {
      expect(servers.next(n)).toMatchObject({ endpoint: { host: B }, waitMs: 0 });
      servers.worked();
      servers.failed(end('DISCONNECTED'), n);
    }
  });

  it('leaves a server alone that asks for it, and waits only where there is no other', () => {
    const servers = choice([A, B], null, 0);
    servers.next(0);
    servers.failed(end('RATE_LIMITED', 10_000), 0);
    expect(servers.next(0).endpoint.host).toBe(B);
    servers.failed(end('REFUSED'), 0);
    const { endpoint, waitMs } = servers.next(0);
    expect([endpoint.host, waitMs]).toEqual([A, 10_000]);
  });

  it('knows when all of them refuse', () => {
    const servers = choice([A, B]);
    servers.next(0);
    servers.failed(end('REFUSED'), 0);
    expect(servers.isRefusedEverywhere).toBe(false);
    servers.next(0);
    servers.failed(end('REFUSED'), 0);
    expect(servers.isRefusedEverywhere).toBe(true);
    servers.next(100_000);
    servers.worked();
    expect(servers.isRefusedEverywhere).toBe(false);
  });
});

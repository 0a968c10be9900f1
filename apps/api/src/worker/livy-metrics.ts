import type { PoolMetrics } from '@analytica/livy';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const WAITS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 30, 60, 120, 300];
const STATES = ['creating', 'warming', 'idle', 'leased', 'verifying', 'quarantined', 'deleting'] as const;

/** What the session pool reports, as metrics of the worker. */
export function livyMetrics(registry: Registry): PoolMetrics {
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[] = []): Counter<T> =>
    new Counter({ name: `analytica_livy_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <T extends string>(name: string, help: string, labelNames: readonly T[]): Histogram<T> =>
    new Histogram({ name: `analytica_livy_${name}`, help, labelNames: [...labelNames], buckets: WAITS, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []): Gauge<T> =>
    new Gauge({ name: `analytica_livy_${name}`, help, labelNames: [...labelNames], registers });

  const sessions = gauge('sessions', 'Sessions of the whole pool by state', ['state']);
  const waiting = gauge('waiting', 'Runs and pages of this worker that wait for a session');
  const acquire = histogram('acquire_seconds', 'How long a session was waited for', ['outcome']);
  const start = histogram('start_seconds', 'How long starting a session took', ['phase']);
  const run = histogram('statement_seconds', 'Statements: the POST, the time on the server, all of it', ['phase']);
  const startsFailed = counter('starts_failed_total', 'Sessions that could not be started');
  const recycled = counter('recycled_total', 'Sessions given up, by reason', ['reason']);
  const mismatches = counter('nonce_mismatches_total', 'Replies that were not to the statement sent');
  const orphans = counter('orphans_total', 'Sessions that the store did not list, deleted');
  const vanished = counter('vanished_total', 'Sessions that the server lost: their drivers may still run');
  const breaker = gauge('breaker_wait_seconds', 'How long no session is started after failures; 0: closed');

  return {
    sessions: (byState) => {
      for (const state of STATES) sessions.set({ state }, byState[state] ?? 0);
    },
    acquired: (ms, outcome) => {
      acquire.observe({ outcome }, ms / 1000);
    },
    waiting: (count) => {
      waiting.set(count);
    },
    started: ({ createMs, warmMs }) => {
      start.observe({ phase: 'create' }, createMs / 1000);
      start.observe({ phase: 'warm' }, warmMs / 1000);
    },
    startFailed: () => {
      startsFailed.inc();
    },
    ran: ({ submitMs, runMs, totalMs }) => {
      run.observe({ phase: 'submit' }, submitMs / 1000);
      run.observe({ phase: 'server' }, runMs / 1000);
      run.observe({ phase: 'total' }, totalMs / 1000);
    },
    recycled: (reason) => {
      recycled.inc({ reason });
    },
    nonceMismatch: () => {
      mismatches.inc();
    },
    orphan: () => {
      orphans.inc();
    },
    vanished: () => {
      vanished.inc();
    },
    breaker: (waitMs) => {
      breaker.set(waitMs / 1000);
    },
  };
}

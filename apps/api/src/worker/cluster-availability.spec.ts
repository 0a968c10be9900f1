import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ClusterAvailability } from './cluster-availability.js';

const never = (signal: AbortSignal): Promise<never> =>
  sleep(60_000, undefined, { signal }).then(() => {
    throw new Error('late');
  });
const kept = (): AbortSignal => new AbortController().signal;

describe('ClusterAvailability', () => {
  it('tells who waits once starts keep failing and no session is left', async () => {
    const availability = new ClusterAvailability();
    const pool = availability.listen({});
    const waiting = availability.guard(kept(), never);
    pool.startFailed?.(new Error('refused'));
    pool.sessions?.({ quarantined: 1 });
    pool.startFailed?.(new Error('refused'));
    pool.sessions?.({ quarantined: 1 });
    await expect(waiting).rejects.toMatchObject({ code: 'ENGINE_FAILED', retryable: true });
  });

  it('lets them wait while a session is on its way, at work, or was just started', async () => {
    const availability = new ClusterAvailability();
    const pool = availability.listen({});
    const stop = new AbortController();
    const waiting = availability.guard(stop.signal, never);
    pool.startFailed?.(new Error('refused'));
    pool.startFailed?.(new Error('refused'));
    pool.sessions?.({ creating: 1 });
    pool.sessions?.({ leased: 1 });
    pool.started?.({ createMs: 1, warmMs: 1 });
    pool.sessions?.({});
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('passes on what the work gives and throws, and tells the metrics', async () => {
    const availability = new ClusterAvailability();
    let failed = 0;
    availability.listen({ startFailed: () => failed++ }).startFailed?.(new Error('refused'));
    expect(failed).toBe(1);
    expect(await availability.guard(kept(), () => Promise.resolve(7))).toBe(7);
    await expect(availability.guard(kept(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

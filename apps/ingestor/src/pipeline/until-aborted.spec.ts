import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { untilAborted } from './until-aborted.js';

const never = new Promise<never>(() => undefined);

describe('untilAborted', () => {
  it('passes on what the work gives and throws, and listens no longer', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('gives null once the signal aborts, before or meanwhile, whatever becomes of the work', async () => {
    const stop = new AbortController();
    const waiting = untilAborted(never, stop.signal);
    stop.abort();
    expect(await waiting).toBeNull();
    expect(await untilAborted(Promise.reject(new Error('late')), stop.signal)).toBeNull();
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });
});

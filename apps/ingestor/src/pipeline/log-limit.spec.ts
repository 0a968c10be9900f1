import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LogLimit } from './log-limit.js';

/** A log whose open segment and sealed ones have these bytes, and sinks that take one sealed segment at each `take`. */
function logOf(open: number, sealed: number[]) {
  let released = Promise.withResolvers<undefined>();
  const reports: (string | null)[] = [];
  const state = { open, failure: null as Error | null };
  const sum = (): number => sealed.reduce((total, bytes) => total + bytes, 0);
  const limit = new LogLimit({
    log: {
      get openSegment() {
        return { bytes: state.open, records: 1, hour: 0, openedAt: 0 };
      },
    },
    sinks: {
      get keptBytes() {
        return sum();
      },
      async oneReleased() {
        await released.promise;
        if (state.failure !== null) throw state.failure;
      },
    },
    maxBytes: 3 * 1024 * 1024,
    report: (problem) => reports.push(problem),
  });
  const seal = (): Promise<void> => {
    if (state.open > 0) sealed.push(state.open);
    state.open = 0;
    return Promise.resolve();
  };
  const take = async (): Promise<void> => {
    await setImmediate(); // the log has sealed by now
    sealed.shift();
    const before = released;
    released = Promise.withResolvers();
    before.resolve(undefined);
    await setImmediate();
  };
  return { limit, seal, take, reports, state };
}

const MIB = 1024 * 1024;
const never = new AbortController().signal;

describe('LogLimit', () => {
  it('lets a log below the limit grow', async () => {
    const { limit, seal, reports } = logOf(MIB, [MIB]);
    await limit.wait(seal, never);
    expect(limit.bytes).toBe(2 * MIB);
    expect(reports).toEqual([]);
  });

  it('waits with a sentence until the sinks have taken enough, and goes on by itself', async () => {
    const { limit, seal, take, reports } = logOf(MIB, [MIB, MIB, MIB]);
    let isOver = false;
    const waiting = limit.wait(seal, never).then(() => (isOver = true));
    await take();
    expect(limit.bytes).toBe(3 * MIB);
    expect(isOver).toBe(false);
    expect(reports).toEqual([expect.stringMatching(/^Capture waits\. The log holds 3 MiB .*INGEST_LOG_MAX_MIB/)]);
    await take();
    await waiting;
    expect(reports.at(-1)).toBeNull();
  });

  it('does not wait for sinks that have nothing left to take', async () => {
    const { limit, seal } = logOf(0, []);
    await limit.wait(seal, never);
    const full = logOf(4 * MIB, []);
    await full.limit.wait(() => Promise.resolve(), never);
    expect(full.reports.at(-1)).toBeNull();
  });

  it('ends with the process, still full', async () => {
    const { limit, seal, reports } = logOf(0, [4 * MIB]);
    const stop = new AbortController();
    const waiting = limit.wait(seal, stop.signal);
    await setImmediate();
    stop.abort();
    await waiting;
    expect(reports).toHaveLength(1);
  });

  it('passes on what goes wrong with a segment', async () => {
    const { limit, seal, take, state } = logOf(0, [4 * MIB]);
    const waiting = limit.wait(seal, never);
    state.failure = new Error('broken');
    const failed = expect(waiting).rejects.toThrow('broken');
    await take();
    await failed;
  });
});

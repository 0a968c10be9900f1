import type { SourceState } from '@analytica/domain/contracts';
import { NO_CONNECTION } from '@analytica/domain/contracts';
import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../test/support/source-of.js';
import { CaptureProgress } from './capture-progress.js';

let clock = 0;

function progressOf(...states: SourceState[]) {
  const runs = states.map((state, n) => {
    const run = {
      state,
      batches: 1,
      problems: [] as string[],
      isFinished: false,
      failure: null as Error | null,
      source: sourceOf([], undefined, `s${String(n)}`),
      status: () => ({ state: run.state, problems: run.problems, lagMs: null, ...NO_CONNECTION }),
      get intake() {
        return { batches: run.batches };
      },
    };
    return run;
  });
  return { runs, progress: new CaptureProgress(runs, () => clock) };
}

describe('CaptureProgress', () => {
  it.each<[SourceState[], string]>([
    [[], 'IDLE'],
    [['ENDED'], 'IDLE'],
    [['LIVE', 'FAILED'], 'LIVE'],
    [['LIVE', 'FILLING'], 'FILLING'],
    [['REPLAYING', 'STARTING'], 'STARTING'],
    [['FAILED'], 'STOPPED'],
    [['FAILED', 'ENDED'], 'STOPPED'],
  ])('with sources that are %j, capture is %s', (states, expected) => {
    expect(progressOf(...states).progress.state).toBe(expected);
  });

  it('is a fault where the only source has had no connection for a while, not where it makes one anew', () => {
    const { runs, progress } = progressOf('WAITING');
    const [run] = runs;
    if (run === undefined) throw new Error('no run');
    expect([progress.state, progress.disconnected]).toEqual(['LIVE', null]);
    clock += 2999;
    expect(progress.state).toBe('LIVE');
    run.state = 'LIVE';
    expect(progress.state).toBe('LIVE');
    run.state = 'WAITING';
    expect(progress.state).toBe('LIVE');
    clock += 3000;
    const sentence = 's0 has no connection. It connects again by itself.';
    expect(progress.state).toBe('STOPPED');
    expect(progress.disconnected).toEqual({ source: 's0', state: 'WAITING', sentence });
    run.problems.push('The platform asks to wait until 10:00.');
    expect(progress.disconnected?.sentence).toBe('The platform asks to wait until 10:00.');
    run.state = 'LIVE';
    expect([progress.state, progress.disconnected]).toEqual(['LIVE', null]);
  });

  it('is starting where a source has never given anything, until that is a fault', () => {
    const { runs, progress } = progressOf('WAITING');
    for (const run of runs) run.batches = 0;
    expect(progress.state).toBe('STARTING');
    clock += 3000;
    expect(progress.state).toBe('STOPPED');
  });

  it('is a fault where every server refuses, unless what failed is told already', () => {
    const { runs, progress } = progressOf('FAILED');
    const [run] = runs;
    if (run === undefined) throw new Error('no run');
    run.problems.push('The server refuses the connection.');
    const sentence = 'The server refuses the connection.';
    expect(progress.state).toBe('STOPPED');
    expect(progress.disconnected).toEqual({ source: 's0', state: 'FAILED', sentence });
    run.failure = new Error('The token is wrong.');
    expect([progress.state, progress.disconnected]).toEqual(['STOPPED', null]);
  });

  it('goes on where another source captures, and says which does not', () => {
    const { progress } = progressOf('LIVE', 'WAITING');
    expect([progress.state, progress.disconnected]).toEqual(['LIVE', null]);
    clock += 3000;
    expect([progress.state, progress.disconnected?.source]).toEqual(['LIVE', 's1']);
  });
});

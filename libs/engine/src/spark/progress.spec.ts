import type { AnalysisProgress } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { Progress } from './progress.js';

const PARTITIONS = [4, 3, 2, 1].map((hour) => ({ hour, files: [], rows: 1 }));

function recorded(): { progress: Progress; reports: AnalysisProgress[] } {
  const reports: AnalysisProgress[] = [];
  const sink = {
    progress: (at: AnalysisProgress) => {
      reports.push(at);
      return Promise.resolve();
    },
    partial: () => Promise.resolve(),
  };
  return { progress: new Progress(sink, PARTITIONS), reports };
}

describe('progress', () => {
  it('moves on between statements without claiming what is not read', async () => {
    const { progress, reports } = recorded();
    await progress.read(0, 0);
    await progress.read(1, 5);
    for (const part of [0.1, 0.5, 0.5, 1]) {
      progress.underway(1, 4, part);
      await progress.settled();
    }
    await progress.read(4, 9);
    expect(
      reports.map(({ partitionsDone, matchedPosts, readFrom }) => [partitionsDone, matchedPosts, readFrom]),
    ).toEqual([
      [0, 0, null],
      [1, 5, 4],
      [1, 5, 4],
      [2, 5, 4],
      [2, 5, 4],
      [3, 5, 4],
      [4, 9, 1],
    ]);
  });

  it('says that a run waits for a session, and when it does no longer', async () => {
    const { progress, reports } = recorded();
    for (const waiting of [true, false, false]) await progress.waits(waiting);
    await progress.read(1, 5);
    expect(reports.map(({ partitionsDone, waiting }) => [partitionsDone, waiting])).toEqual([
      [0, true],
      [0, false],
      [1, false],
    ]);
  });

  it('never goes back when a run begins again', async () => {
    const { progress, reports } = recorded();
    for (const done of [0, 1, 1, 4]) await progress.read(done, done);
    const counts = reports.map(({ partitionsDone }) => partitionsDone);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });

  it('fails the run when the sink fails', async () => {
    const sink = { progress: () => Promise.reject(new Error('gone')), partial: () => Promise.resolve() };
    await expect(new Progress(sink, PARTITIONS).read(0, 0)).rejects.toThrow('gone');
  });
});

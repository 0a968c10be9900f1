import { type AnalysisSpec, HOUR_MS, type Interval } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';

export interface Question {
  readonly spec: AnalysisSpec;
  readonly note: string;
  /** Also compare pages of the posts. */
  readonly pages: boolean;
}

/** Each topic over everything; each also over one of the shorter intervals, and with one of the switches turned. */
export function questionsOf(snapshot: Snapshot, topics: readonly string[]): readonly Question[] {
  const { files } = snapshot.manifest;
  const from = Math.min(...files.map(({ minCreatedAt }) => minCreatedAt));
  const to = Math.max(...files.map(({ maxCreatedAt }) => maxCreatedAt)) + 1;
  const middle = Math.floor((from + to) / 2);
  const busiest = files.toSorted((a, b) => b.rows - a.rows)[0];
  const at = busiest?.minCreatedAt ?? from;
  const intervals: readonly (readonly [string, Interval])[] = [
    ['five hours by the minute', { from: Math.max(from, to - 5 * HOUR_MS), to }],
    ['borders on posts', { from: at, to: busiest?.maxCreatedAt ?? to }],
    ['one millisecond', { from: at, to: at + 1 }],
    ['the first half', { from, to: middle }],
    ['before everything', { from: from - HOUR_MS, to: from }],
  ];
  return topics.flatMap((topic, index) => {
    const ask = (note: string, change: Partial<AnalysisSpec> = {}, pages = false): Question => ({
      spec: {
        topic,
        interval: { from, to },
        timeZone: 'UTC',
        includeStopWords: false,
        includeRetweetWords: false,
        ...change,
      },
      note,
      pages,
    });
    const [note, interval] = intervals[index % intervals.length] ?? ['', { from, to }];
    const switches = [
      { includeStopWords: true },
      { includeRetweetWords: true },
      { includeStopWords: true, includeRetweetWords: true },
    ];
    return [
      ask('everything', {}, index % 6 === 0),
      ask(note, { interval }),
      ...(index % 2 === 0 ? [ask('switches', switches[(index / 2) % 3])] : []),
    ];
  });
}

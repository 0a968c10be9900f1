import { type Question, intervalLength, isSameQuestion } from './question';

const QUESTION: Question = {
  topic: 'cats',
  interval: { preset: 'LAST_7_DAYS' },
  timeZone: 'Europe/Rome',
  includeStopWords: false,
  includeRetweetWords: false,
};

describe('a question', () => {
  it('is the same only if all that decides the answer is the same', () => {
    expect(isSameQuestion(QUESTION, { ...QUESTION })).toBe(true);
    expect(isSameQuestion(null, null)).toBe(true);
    expect(isSameQuestion(QUESTION, null)).toBe(false);
    const others: Partial<Question>[] = [
      { topic: 'cats dogs' },
      { interval: { preset: 'LAST_24_HOURS' } },
      { interval: { from: 0, to: 1 } },
      { timeZone: 'UTC' },
      { includeStopWords: true },
      { includeRetweetWords: true },
      { engine: 'CLUSTER' },
    ];
    for (const other of others) expect(isSameQuestion(QUESTION, { ...QUESTION, ...other })).toBe(false);
  });
  it('has an interval of a known length', () => {
    expect(intervalLength({ preset: 'LAST_3_DAYS' })).toBe(3 * 86_400_000);
    expect(intervalLength({ from: 5, to: 8 })).toBe(3);
  });
});

import { DEFAULT_VIEW, type UrlState, readUrl, sameQuestion, writeUrl } from './url-state';

const question = {
  topic: '"night train" OR #東京 & a+b%',
  interval: { preset: '7d' as const },
  timeZone: 'Europe/Rome',
  includeStopWords: false,
  includeRetweetWords: false,
};

function roundTrip(state: UrlState): UrlState {
  return readUrl(new URLSearchParams(new URLSearchParams(writeUrl(state)).toString()), 'UTC');
}

describe('URL state', () => {
  it('comes back from the URL as it went in', () => {
    const states: UrlState[] = [
      { question, view: DEFAULT_VIEW },
      { question: null, view: DEFAULT_VIEW },
      {
        question: null,
        chosen: { interval: { from: 1_562_135_340_000, to: 1_562_135_400_000 }, timeZone: 'Asia/Tokyo' },
        view: DEFAULT_VIEW,
      },
      {
        question: {
          ...question,
          interval: { from: 1_763_300_000_000, to: 1_763_400_000_123 },
          includeStopWords: true,
          includeRetweetWords: true,
          engine: 'CLUSTER',
        },
        view: { volume: 'table', metric: 'replies', hashtags: 'bars', order: 'retweeted', tab: 'posts' },
      },
    ];
    for (const state of states) expect(roundTrip(state)).toEqual(state);
  });

  it('asks about 24 hours in the viewer’s zone when only the topic is given', () => {
    const { question: read } = readUrl(new URLSearchParams('q=cats'), 'Asia/Tokyo');
    expect(read).toEqual({
      topic: 'cats',
      interval: { preset: '24h' },
      timeZone: 'Asia/Tokyo',
      includeStopWords: false,
      includeRetweetWords: false,
    });
  });

  it('may choose the interval of a question that is still to be typed', () => {
    const read = readUrl(new URLSearchParams('from=2019-07-03T06:29:00.000Z&to=2019-07-03T06:30:00.000Z'), 'UTC');
    expect(read.question).toBeNull();
    expect(read.chosen).toEqual({
      interval: { from: Date.UTC(2019, 6, 3, 6, 29), to: Date.UTC(2019, 6, 3, 6, 30) },
      timeZone: 'UTC',
    });
    expect(readUrl(new URLSearchParams('from=x&to=y'), 'UTC').chosen).toBeUndefined();
  });

  it('replaces what makes no sense', () => {
    const read = readUrl(
      new URLSearchParams(
        'q=cats&from=2026-01-02&to=2026-01-01&tz=Mars/Base&last=9y&stop=yes&view=nonsense&engine=steam',
      ),
      'UTC',
    );
    expect(read.question).toMatchObject({ interval: { preset: '24h' }, timeZone: 'UTC', includeStopWords: false });
    expect(read.question?.engine).toBeUndefined();
    expect(read.view).toEqual(DEFAULT_VIEW);
    expect(readUrl(new URLSearchParams('q=%20%20'), 'UTC').question).toBeNull();
  });

  it('tells the same question from another', () => {
    expect(sameQuestion(question, { ...question })).toBe(true);
    expect(sameQuestion(question, { ...question, includeRetweetWords: true })).toBe(false);
    expect(sameQuestion(question, { ...question, engine: 'CLUSTER' })).toBe(false);
    expect(sameQuestion(question, null)).toBe(false);
  });
});

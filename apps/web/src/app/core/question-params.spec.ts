import type { Question } from './question';
import { type QuestionParams, readQuestion, unusableZoneText, writeQuestion } from './question-params';

const QUESTION: Question = {
  topic: '"night train" OR #東京 & a+b%',
  interval: { preset: 'LAST_7_DAYS' },
  timeZone: 'Europe/Rome',
  includeStopWords: false,
  includeRetweetWords: false,
};

const read = (query: string, zone = 'UTC'): QuestionParams => readQuestion(new URLSearchParams(query), zone);

describe('the query parameters of a question', () => {
  it('give the question back as it went in', () => {
    const states: QuestionParams[] = [
      { question: QUESTION },
      { question: null },
      {
        question: null,
        chosen: { interval: { from: 1_562_135_340_000, to: 1_562_135_400_000 }, timeZone: 'Asia/Tokyo' },
      },
      { question: { ...QUESTION, timeZone: 'UTC' }, unusableZone: '+02:00' },
      { question: null, unusableZone: 'Mars/Base' },
      {
        question: {
          ...QUESTION,
          interval: { from: 1_763_300_000_000, to: 1_763_400_000_123 },
          includeStopWords: true,
          includeRetweetWords: true,
          engine: 'CLUSTER',
        },
      },
    ];
    for (const state of states) expect(read(new URLSearchParams(writeQuestion(state)).toString())).toEqual(state);
  });

  it('stand for 24 hours in the zone of the browser if only the topic is given', () => {
    expect(read('q=cats', 'Asia/Tokyo')).toEqual({
      question: {
        topic: 'cats',
        interval: { preset: 'LAST_24_HOURS' },
        timeZone: 'Asia/Tokyo',
        includeStopWords: false,
        includeRetweetWords: false,
      },
    });
  });

  it('choose the interval and the zone of a question that is still to be typed', () => {
    expect(read('from=2019-07-03T06:29:00.000Z&to=2019-07-03T06:30:00.000Z')).toEqual({
      question: null,
      chosen: {
        interval: { from: Date.UTC(2019, 6, 3, 6, 29), to: Date.UTC(2019, 6, 3, 6, 30) },
        timeZone: 'UTC',
      },
    });
    expect(read('tz=Asia/Tokyo').chosen).toEqual({ interval: { preset: 'LAST_24_HOURS' }, timeZone: 'Asia/Tokyo' });
    expect(read('from=x&to=y').chosen).toBeUndefined();
  });

  it('are replaced by the default where they make no sense', () => {
    const { question } = read('q=cats&from=2026-01-02&to=2026-01-01&last=9y&stop=yes&engine=steam');
    expect(question).toMatchObject({ interval: { preset: 'LAST_24_HOURS' }, timeZone: 'UTC', includeStopWords: false });
    expect(question?.engine).toBeUndefined();
    expect(read('q=%20%20').question).toBeNull();
  });
});

describe('a time zone in the query parameters', () => {
  it.each(['+02:00', '-0330', 'Mars/Base', 'x'.repeat(100)])('is not re-read in silence: %s', (zone) => {
    const query = new URLSearchParams({ q: 'cats', tz: zone }).toString();
    const { question, unusableZone } = read(query, 'Europe/Rome');
    expect(question?.timeZone).toBe('Europe/Rome');
    expect(unusableZone).toBe(zone);
  });
  it('is used if it is an IANA time zone', () => {
    expect(read('q=cats&tz=Asia/Kathmandu')).toMatchObject({ question: { timeZone: 'Asia/Kathmandu' } });
    expect(read('q=cats&tz=Asia/Kathmandu').unusableZone).toBeUndefined();
  });
  it('is explained in one sentence, with the plus that the address turned into a space', () => {
    expect(unusableZoneText(' 02:00', 'Europe/Rome')).toBe(
      'This browser’s time zone, Europe/Rome, is used, because “+02:00” in the address is not an IANA time zone such as Europe/Madrid.',
    );
  });
});

import { TestBed } from '@angular/core/testing';
import { vi } from 'vitest';
import { analysis, analysisResult, completeAnalysis, event, started } from '../../testing/analyses';
import { GraphqlServer } from '../../testing/graphql-server';
import { Clock } from '../core/clock';
import type { Question } from '../core/question';
import { AnalysisRun } from './analysis-run';

const CATS: Question = {
  topic: 'cats',
  interval: { preset: 'LAST_24_HOURS' },
  timeZone: 'UTC',
  includeStopWords: false,
  includeRetweetWords: false,
};
const DOGS: Question = { ...CATS, topic: 'dogs' };

describe('a run', () => {
  let server: GraphqlServer;
  let run: AnalysisRun;
  const wait = async (ms = 0): Promise<void> => {
    await vi.advanceTimersByTimeAsync(ms);
  };
  const key = (): unknown =>
    (server.last('StartAnalysis').variables['input'] as Record<string, unknown>)['idempotencyKey'];

  beforeEach(() => {
    vi.useFakeTimers();
    server = new GraphqlServer();
    TestBed.configureTestingModule({ providers: [server.provide(), AnalysisRun] });
    TestBed.inject(Clock);
    run = TestBed.inject(AnalysisRun);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('goes from the mutation over its events to the answer, and then nothing is open', async () => {
    run.ask(CATS, 'HOUR_1');
    await wait();
    server.last('StartAnalysis').answer(started(analysis()));
    await wait();
    expect(server.last('AnalysisEvents').variables).toMatchObject({ id: 'analysis-1', afterSeq: 0, bucket: 'HOUR_1' });
    server.last('AnalysisEvents').next(event(1, analysis({ result: analysisResult({ complete: false, posts: 1 }) })));
    server.last('AnalysisEvents').next(event(2, analysis())); // progress alone: the figures stay
    await wait();
    expect(run.analysis()?.result?.posts).toBe(1);
    server.last('AnalysisEvents').next(event(3, completeAnalysis()));
    await wait();
    expect(run.analysis()?.result?.posts).toBe(3);
    expect(server.open()).toEqual([]);
  });

  it('resumes events that broke from the last number seen', async () => {
    run.ask(CATS, 'HOUR_1');
    await wait();
    server.last('StartAnalysis').answer(started(analysis()));
    await wait();
    server.last('AnalysisEvents').next(event(7, analysis()));
    server.last('AnalysisEvents').fail(new Error('The socket closed'));
    await wait();
    expect(run.reconnecting()).toBe(true);
    await wait(1_000);
    expect(server.all('AnalysisEvents').map(({ variables }) => variables['afterSeq'])).toEqual([0, 7]);
  });

  it('keeps a question that was not answered and asks it again under the same key', async () => {
    run.ask(CATS, 'HOUR_1');
    await wait();
    const first = key();
    server.last('StartAnalysis').fail(new TypeError('Failed to fetch'));
    await wait();
    expect(run.outage()).toMatchObject({ code: 'NETWORK', reason: 'The server could not be reached' });
    expect(run.retryIn()).toBe(5);
    await wait(5_000);
    expect(server.all('StartAnalysis')).toHaveLength(2);
    expect(key()).toBe(first);
    server.last('StartAnalysis').fail(new TypeError('Failed to fetch'));
    await wait();
    expect(run.outage()?.attempts).toHaveLength(2);
    dispatchEvent(new Event('online')); // does not wait for the ten seconds
    await wait();
    server.last('StartAnalysis').answer(started(completeAnalysis()));
    await wait();
    expect(run.outage()).toBeNull();
    expect(run.analysis()?.status).toBe('SUCCEEDED');
    await wait(60_000);
    expect(server.all('StartAnalysis')).toHaveLength(3);
  });

  it('does not ask the same question twice unless `again` is set', async () => {
    run.ask(CATS, 'HOUR_1');
    run.ask({ ...CATS }, 'HOUR_1');
    await wait();
    expect(server.all('StartAnalysis')).toHaveLength(1);
    const first = key();
    run.ask(CATS, 'HOUR_1', true);
    await wait();
    expect(server.all('StartAnalysis')).toHaveLength(2);
    expect(key()).not.toBe(first);
  });

  it('leaves out what comes late for an earlier question', async () => {
    run.ask(CATS, 'HOUR_1');
    await wait();
    server.last('StartAnalysis').answer(started(analysis()));
    await wait();
    void run.cancel();
    await wait();
    const events = server.last('AnalysisEvents');
    run.ask(DOGS, 'HOUR_1');
    await wait();
    expect(events.isOpen()).toBe(false);
    server.last('CancelAnalysis').fail(new Error('The analysis is not known'));
    await wait();
    expect(run.outage()).toBeNull();
    expect(run.question()?.topic).toBe('dogs');
  });

  it('shows an answer in other buckets, asking for those alone', async () => {
    run.ask(CATS, 'HOUR_1');
    await wait();
    server.last('StartAnalysis').answer(started(completeAnalysis()));
    await wait();
    void run.useBucket('HOURS_3');
    await wait();
    const volume = { bucket: 'HOURS_3', buckets: [] };
    server.last('AnalysisVolume').answer({ analysis: { id: 'analysis-1', result: { volume } } });
    await wait();
    expect(run.analysis()?.result).toMatchObject({ posts: 3, volume });
    expect(server.all('StartAnalysis')).toHaveLength(1);
  });

  it.each([
    ['before the mutation is answered', () => Promise.resolve()],
    [
      'while events come',
      async () => {
        server.last('StartAnalysis').answer(started(analysis()));
        await wait();
        expect(server.open()).toEqual(['AnalysisEvents']);
      },
    ],
    [
      'while the events are broken',
      async () => {
        server.last('StartAnalysis').answer(started(analysis()));
        await wait();
        server.last('AnalysisEvents').fail(new Error('The socket closed'));
        await wait();
      },
    ],
    [
      'while it waits for the next attempt',
      async () => {
        server.last('StartAnalysis').fail(new TypeError('Failed to fetch'));
        await wait();
        expect(run.outage()?.retryAt).not.toBeNull();
      },
    ],
  ])('leaves nothing behind when its page ends %s', async (_, reach) => {
    run.ask(CATS, 'HOUR_1');
    await wait();
    await reach();
    TestBed.resetTestingModule();
    const answered = server.all('StartAnalysis').length;
    if (server.last('StartAnalysis').isOpen()) server.last('StartAnalysis').answer(started(analysis()));
    dispatchEvent(new Event('online'));
    await wait();
    expect(vi.getTimerCount()).toBe(0);
    await wait(120_000);
    expect(server.open()).toEqual([]);
    expect(server.all('StartAnalysis')).toHaveLength(answered);
  });
});

import { TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import { analysis, analysisResult, completeAnalysis, event, started } from '../../../testing/analyses';
import { type AskServices, askServices } from '../../../testing/ask-services';
import { settle } from '../../../testing/graphql-server';
import type { Analysis } from '../../data/analysis';
import { AnalysisRun } from '../../data/analysis-run';
import { AskDraft } from './ask-draft';
import { AskScreen } from './ask-screen';
import { AskUrl } from './ask-url';

describe('the screen of an ask page', () => {
  async function asked(url = '/?q=cats&tz=UTC'): Promise<AskServices & { screen: AskScreen }> {
    const services = await askServices(url, AskScreen);
    const question = services.get(AskUrl).question();
    if (question) services.get(AnalysisRun).ask(question, 'HOUR_1');
    await settle();
    return { ...services, screen: services.get(AskScreen) };
  }
  const seen = async (value: Analysis): Promise<[string, string]> => {
    const { screen, server } = await asked();
    server.last('StartAnalysis').answer(started(value));
    await settle();
    return [screen.screen(), screen.announcement()];
  };

  it('is the first visit without a question, and help for a topic that cannot be read', async () => {
    const { screen, get, goTo } = await asked('/');
    expect([screen.screen(), screen.announcement()]).toEqual(['first', '']);
    expect(TestBed.inject(Title).getTitle()).toBe('Twitter Analytica');
    get(AskDraft).topic.set('(cats');
    get(AskDraft).submit();
    expect(screen.screen()).toBe('help');
    await goTo('/?q=(cats');
    expect(screen.screen()).toBe('help');
    expect(screen.topic()).toBeNull();
    expect(TestBed.inject(Title).getTitle()).toBe('(cats · Twitter Analytica');
  });

  it('is an answer while there are, or may be, figures', async () => {
    const { screen, server } = await asked();
    expect([screen.screen(), screen.announcement()]).toEqual(['answer', 'Asked']);
    server.last('StartAnalysis').answer(started(analysis({ status: 'QUEUED' })));
    await settle();
    expect(screen.announcement()).toBe('In line');
    const events = server.last('AnalysisEvents');
    const progress = { partitionsTotal: 40, matchedPosts: 1, readFrom: null, waiting: false };
    const announced = new Set<string>();
    for (let done = 0; done < 40; done += 1) {
      events.next(event(done + 1, analysis({ progress: { ...progress, partitionsDone: done } })));
      announced.add(screen.announcement());
    }
    expect([...announced]).toEqual(['Started', '25 per cent read', '50 per cent read', '75 per cent read']);
    events.next(event(41, completeAnalysis()));
    expect([screen.screen(), screen.announcement()]).toEqual(['answer', 'Complete: 3 posts match']);
  });

  it('says that nothing matches only of a complete answer', async () => {
    const nothing = analysisResult({ posts: 0 });
    expect(await seen(completeAnalysis({ result: nothing }))).toEqual(['empty', 'Complete: 0 posts match']);
    TestBed.resetTestingModule();
    expect((await seen(analysis({ result: { ...nothing, complete: false } })))[0]).toBe('answer');
  });

  it('is a cancelled question only if there are no figures', async () => {
    expect(await seen(analysis({ status: 'CANCELLED' }))).toEqual(['cancelled', 'Cancelled']);
    TestBed.resetTestingModule();
    const partial = analysisResult({ complete: false });
    expect((await seen(analysis({ status: 'CANCELLED', result: partial })))[0]).toBe('answer');
  });

  it('is an outage only if there are no figures', async () => {
    const error = { code: 'ENGINE_UNAVAILABLE', message: 'The engine does not answer.', retryable: false };
    const kept = 'The question was not answered. It is kept.';
    expect(await seen(analysis({ status: 'FAILED', error }))).toEqual(['outage', kept]);
    TestBed.resetTestingModule();
    const partial = analysisResult({ complete: false });
    expect((await seen(analysis({ status: 'FAILED', error, result: partial })))[0]).toBe('answer');
  });
});

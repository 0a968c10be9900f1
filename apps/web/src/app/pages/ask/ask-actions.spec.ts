import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { completeAnalysis, started } from '../../../testing/analyses';
import { type AskServices, askServices } from '../../../testing/ask-services';
import { BrowserParts } from '../../../testing/browser-parts';
import { settle } from '../../../testing/graphql-server';
import { AnalysisRun } from '../../data/analysis-run';
import { AskActions } from './ask-actions';
import { AskDraft } from './ask-draft';

describe('the actions of an ask page', () => {
  let browser: BrowserParts;
  let services: AskServices;
  let actions: AskActions;
  const open = async (url: string): Promise<void> => {
    services = await askServices(url, AskActions);
    actions = services.get(AskActions);
    await settled();
  };
  const settled = async (): Promise<void> => {
    await settle();
    await services.harness.fixture.whenStable();
    await settle();
  };
  const topics = (): unknown[] =>
    services.server.all('StartAnalysis').map(({ variables }) => (variables['input'] as { topic: string }).topic);
  const path = (): string => TestBed.inject(Router).url;

  beforeEach(() => {
    browser = new BrowserParts();
  });
  afterEach(() => {
    browser.restore();
  });

  it('run the question of the URL, and none that cannot be read', async () => {
    await open('/?q=cats&tz=UTC');
    expect(topics()).toEqual(['cats']);
    await services.goTo('/?q=dogs&tz=UTC');
    expect(topics()).toEqual(['cats', 'dogs']);
    await services.goTo('/?q=(dogs&tz=UTC');
    expect(topics()).toEqual(['cats', 'dogs']);
    expect(services.get(AnalysisRun).question()).toBeNull();
  });

  it('ask what is typed by going to its URL', async () => {
    await open('/');
    services.get(AskDraft).topic.set(' cats ');
    services.get(AskDraft).timeZone.set('UTC');
    expect(actions.ask()).toBe(true);
    await settled();
    expect(path()).toBe('/?q=cats&last=24h&tz=UTC');
    expect(topics()).toEqual(['cats']);
  });

  it('do not ask a topic that cannot be read', async () => {
    await open('/');
    expect(actions.askTopic('(cats')).toBe(false);
    await settled();
    expect(path()).toBe('/');
    expect(services.get(AskDraft).problem()).not.toBeNull();
  });

  it('ask the same question again, without another entry in the history', async () => {
    await open('/?q=cats&last=24h&tz=UTC');
    expect(actions.ask()).toBe(true);
    await settled();
    expect(topics()).toEqual(['cats', 'cats']);
  });

  it('ask at once in another interval or by another engine, but not before the first question', async () => {
    await open('/');
    services.get(AskDraft).topic.set('cats');
    actions.chooseInterval({ interval: { preset: 'LAST_7_DAYS' }, timeZone: 'UTC' });
    await settled();
    expect(topics()).toEqual([]);
    actions.ask();
    await settled();
    actions.chooseInterval({ interval: { preset: 'LAST_3_DAYS' }, timeZone: 'UTC' });
    await settled();
    expect(path()).toBe('/?q=cats&last=3d&tz=UTC');
    actions.chooseEngine('EMBEDDED');
    await settled();
    expect(path()).toBe('/?q=cats&last=3d&tz=UTC&engine=embedded');
    actions.changeWords({ includeStopWords: true });
    await settled();
    expect(path()).toBe('/?q=cats&last=3d&tz=UTC&stop=1&engine=embedded');
    expect(topics()).toHaveLength(4);
  });

  it('take a question back', async () => {
    await open('/?q=cats&tz=UTC');
    actions.discardQuestion();
    await settled();
    expect(path()).toBe('/');
    expect(services.get(AnalysisRun).question()).toBeNull();
  });

  it('fit the buckets to the plot once there is an answer', async () => {
    await open('/?q=cats&last=24h&tz=UTC');
    actions.fitBuckets(300);
    services.server.last('StartAnalysis').answer(started(completeAnalysis()));
    await settled();
    expect(services.server.all('AnalysisVolume')).toEqual([]);
    actions.fitBuckets(100);
    await settled();
    expect(services.server.last('AnalysisVolume').variables).toMatchObject({ id: 'analysis-1' });
  });
});

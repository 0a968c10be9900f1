import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { askServices } from '../../../testing/ask-services';
import { settle } from '../../../testing/graphql-server';
import type { Question } from '../../core/question';
import { AskUrl, linkToQuestion, readAskParams, writeAskParams } from './ask-url';
import { DEFAULT_VIEW } from './ask-view';

const QUESTION: Question = {
  topic: 'cats OR dogs',
  interval: { preset: 'LAST_7_DAYS' },
  timeZone: 'Europe/Rome',
  includeStopWords: false,
  includeRetweetWords: true,
};

describe('the URL of an ask page', () => {
  it('holds the question and the view', () => {
    const state = { question: QUESTION, view: { ...DEFAULT_VIEW, tab: 'posts' as const } };
    const written = new URLSearchParams(writeAskParams(state)).toString();
    expect(readAskParams(new URLSearchParams(written), 'UTC')).toEqual(state);
    const link = new URL(linkToQuestion(QUESTION));
    expect(readAskParams(link.searchParams, 'UTC').question).toEqual(QUESTION);
  });

  it('is followed as the router goes back and forth', async () => {
    const { get, goTo } = await askServices('/?q=cats&last=3d&tz=Asia/Tokyo');
    const url = get(AskUrl);
    expect(url.question()).toMatchObject({
      topic: 'cats',
      interval: { preset: 'LAST_3_DAYS' },
      timeZone: 'Asia/Tokyo',
    });
    await goTo('/?q=dogs&view=bars');
    expect(url.question()?.topic).toBe('dogs');
    expect(url.view().hashtags).toBe('bars');
    await goTo('/');
    expect(url.question()).toBeNull();
    expect(url.time()).toBeNull();
  });

  it('gives the same question object for a change of the view alone', async () => {
    const { get } = await askServices('/?q=cats&tz=UTC');
    const url = get(AskUrl);
    const before = url.question();
    url.changeView({ hashtags: 'bars' });
    await settle();
    expect(url.view().hashtags).toBe('bars');
    expect(url.question()).toBe(before);
  });

  it('is changed by asking, by a view and by leaving', async () => {
    const { get } = await askServices('/?q=cats&tz=UTC&view=posts');
    const url = get(AskUrl);
    const path = (): string => TestBed.inject(Router).url;
    url.ask(QUESTION);
    await settle();
    expect(path()).toBe('/?q=cats%20OR%20dogs&last=7d&tz=Europe%2FRome&rtw=1');
    expect(url.view().tab).toBe('answer');
    url.changeView({ order: 'retweeted' });
    await settle();
    expect(path()).toBe('/?q=cats%20OR%20dogs&last=7d&tz=Europe%2FRome&rtw=1&view=retweeted');
    url.leaveQuestion();
    await settle();
    expect(path()).toBe('/');
  });

  it('says that a time zone is not used until another question is asked', async () => {
    const { get } = await askServices('/?q=cats&tz=%2B02:00');
    const url = get(AskUrl);
    expect(url.question()?.timeZone).toBe(url.viewerZone);
    expect(url.zoneProblem()).toContain(`${url.viewerZone}, is used, because “+02:00”`);
    url.changeView({ hashtags: 'bars' });
    await settle();
    expect(url.view().hashtags).toBe('bars');
    expect(url.zoneProblem()).toContain('“+02:00”');
    url.ask(QUESTION);
    await settle();
    expect(url.zoneProblem()).toBeNull();
  });
});

import { type WritableSignal, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Apollo } from 'apollo-angular';
import { of } from 'rxjs';
import { liveCapture } from '../../../testing/analyses';
import { AppHeader } from '../../app-header';
import { AnalysisRun } from '../../data/analysis-run';
import { type Capture, CaptureFeed } from '../../data/capture-feed';
import { AnswerBanner } from './answer-banner';
import { FirstVisit } from './first-visit';
import { FirstVisitHeading } from './first-visit-heading';

const LIVE = liveCapture();
const JULY = '2019-07-03T06:29:59.000Z';
const REPLAYED: Capture = {
  ...LIVE,
  state: 'IDLE',
  oldest: '2019-07-03T06:29:00.000Z',
  posts: 1_868,
  rates: [],
  recent: [{ id: '1', source: 'X', createdAt: JULY, text: 'Old', authorUsername: 'a' }],
};

let capture: WritableSignal<Capture | null>;
/** What is on the page of a first visit, an answer's banner and the header while capture is in a state. */
async function see(state: Capture): Promise<{ first: string; banner: string; header: string; element: HTMLElement }> {
  capture.set(state);
  const texts: string[] = [];
  const elements: HTMLElement[] = [];
  for (const component of [FirstVisitHeading, FirstVisit, AnswerBanner, AppHeader]) {
    const fixture = TestBed.createComponent<unknown>(component);
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    elements.push(element);
    texts.push(element.textContent.replace(/\s+/g, ' ').trim());
  }
  const [head = '', body = '', banner = '', header = ''] = texts;
  return { first: `${head} ${body}`, banner, header, element: elements[1] ?? document.body };
}

describe('states of capture', () => {
  beforeEach(() => {
    capture = signal<Capture | null>(null);
    const feed = { capture, broken: signal(false), recentRates: signal([1, 2]), rate: signal(1.5) };
    const run = { analysis: signal(null), question: signal(null) };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: CaptureFeed, useValue: feed },
        { provide: AnalysisRun, useValue: run },
        { provide: Apollo, useValue: { query: () => of({ data: { exampleTopics: [] } }) } },
      ],
    });
  });

  it('live: over which days, and how fast', async () => {
    const { first, header, banner } = await see(LIVE);
    expect(first).toContain('1,234,567 posts captured over the last 7 days.');
    expect(first).toContain('Being captured now');
    expect(header).toContain('Capturing 1.5 posts/s');
    expect(banner).toBe('');
  });

  it('filling: how far, and that answers grow', async () => {
    const { first, header, banner, element } = await see({ ...LIVE, state: 'FILLING', demo: true, progress: 0.42 });
    expect(first).toContain('Filling with demo data: 42%');
    expect(first).toContain('answers grow until it is done');
    expect(element.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('42');
    expect(header).toContain('Filling 42%');
    expect(banner).toContain('Filling with demo data: 42%. Answers grow until it is done.');
  });

  it('replaying: how far', async () => {
    const { first, header, banner } = await see({ ...REPLAYED, state: 'REPLAYING', progress: 0.25 });
    expect(first).toContain('Replaying: 25%');
    expect(first).toContain('written on Wed 3 Jul 2019');
    expect(header).toContain('Replaying 25%');
    expect(banner).toContain('Replaying: 25%.');
  });

  it('replay over: when the posts were written, and that nothing comes in', async () => {
    const { first, header, element } = await see(REPLAYED);
    expect(first).toContain('1,868 posts written on Wed 3 Jul 2019.');
    expect(first).not.toContain('over the last');
    expect(first).toContain('Nothing is being captured now');
    expect(first).toContain('the newest post here is of Wed 3 Jul 2019');
    expect(element.querySelector('.live .t')?.textContent).toBe('3 Jul 2019');
    expect(element.querySelector('.rates')).toBeNull();
    expect(header).toContain('Not capturing');
  });

  it('stopped: why, loudly', async () => {
    const problem = 'Capture has stopped: disk full. No post is stored since 02:10.';
    const { first, header, banner, element } = await see({ ...LIVE, state: 'STOPPED', problem });
    expect(first).toContain(problem);
    expect(element.querySelector('.banner.bad')).not.toBeNull();
    expect(banner).toContain(problem);
    expect(header).toContain('Capture has stopped');
  });

  it('unknown: that it is not known', async () => {
    const { first, header } = await see({ ...REPLAYED, state: 'UNKNOWN', recent: [] });
    expect(first).toContain('1,868 posts written since Wed 3 Jul 2019.');
    expect(first).toContain('what it does is not known');
    expect(header).toContain('Capture unknown');
  });
});

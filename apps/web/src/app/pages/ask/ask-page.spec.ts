import { Component, Injector, createComponent, EnvironmentInjector, ApplicationRef } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideNoopAnimations } from '@angular/platform-browser/animations';
import { ActivatedRoute, convertToParamMap, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { BehaviorSubject } from 'rxjs';
import { vi } from 'vitest';
import { analysis, analysisResult, event, started } from '../../../testing/analyses';
import { BrowserParts } from '../../../testing/browser-parts';
import { GraphqlServer, settle } from '../../../testing/graphql-server';
import { Clock } from '../../core/clock';
import { Online } from '../../core/online';
import { CaptureFeed } from '../../data/capture-feed';
import { EngineOffer } from '../../data/engine-offer';
import { AskPage } from './ask-page';

@Component({ template: 'Another page' })
class OtherPage {}

const partial = (id: string, count: number): object =>
  event(1, analysis({ id, result: analysisResult({ complete: false, posts: count }) }));
const text = (page: Element): string => page.textContent.replace(/\s+/g, ' ');
/** The number of posts that a page shows. */
const posts = (page: Element): string | undefined => page.querySelector('.tile .n')?.textContent.trim();
const boxOf = (page: Element): HTMLTextAreaElement | null => page.querySelector('textarea');
const heading = (page: Element): string | undefined => page.querySelector('h1')?.textContent;

describe('ask pages', () => {
  let server: GraphqlServer;
  let browser: BrowserParts;

  beforeEach(() => {
    browser = new BrowserParts();
    server = new GraphqlServer({ ExampleTopics: { exampleTopics: [] } });
    TestBed.configureTestingModule({
      providers: [
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- ngx-charts still asks for an animation renderer
        provideNoopAnimations(),
        provideRouter([
          { path: '', pathMatch: 'full', component: AskPage },
          { path: 'other', component: OtherPage },
        ]),
        server.provide(),
      ],
    });
    // What is shared by all pages of the application is open before the first page and stays so.
    for (const shared of [CaptureFeed, EngineOffer, Clock, Online]) TestBed.inject<unknown>(shared);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    browser.restore();
    vi.useRealTimers();
  });

  const startedEvents = async (id: string): Promise<void> => {
    await settle();
    server.last('StartAnalysis').answer(started(analysis({ id })));
    await settle();
  };

  it('begin again after the user went to another page and came back', async () => {
    const harness = await RouterTestingHarness.create('/other');
    await settle();
    const [openOperations, openListeners] = [server.open().sort(), browser.open()];

    const first = await harness.navigateByUrl('/?q=cats&last=24h&tz=UTC', AskPage);
    await startedEvents('first');
    server.last('AnalysisEvents').next(partial('first', 41));
    await settle();
    await harness.fixture.whenStable();
    expect(posts(harness.routeNativeElement as Element)).toBe('41');
    expect(server.open()).toContain('AnalysisEvents');
    expect(browser.open()).toBeGreaterThan(openListeners);
    server.last('Posts').answer({
      posts: { totalCount: 41, pageInfo: { hasNextPage: false, endCursor: null }, edges: [] },
    });
    await settle();

    await harness.navigateByUrl('/other', OtherPage);
    await settle();
    expect(server.open().sort()).toEqual(openOperations);
    expect(browser.open()).toBe(openListeners);

    const second = await harness.navigateByUrl('/', AskPage);
    await settle();
    await harness.fixture.whenStable();
    const page = harness.routeNativeElement as Element;
    expect(second).not.toBe(first);
    expect(boxOf(page)?.value).toBe('');
    expect(heading(page)).not.toContain('cats');
    expect(page.querySelector('.tile')).toBeNull();

    await harness.navigateByUrl('/?q=cats&last=24h&tz=UTC', AskPage);
    await settle();
    expect(server.all('StartAnalysis')).toHaveLength(2); // the same question, asked by a page that knows nothing of the first
  });

  it('share nothing while both are on the screen', async () => {
    const page = (query: Record<string, string>) => {
      const params = new BehaviorSubject(convertToParamMap(query));
      const host = document.createElement('div');
      document.body.append(host);
      const ref = createComponent(AskPage, {
        environmentInjector: TestBed.inject(EnvironmentInjector),
        elementInjector: Injector.create({
          providers: [{ provide: ActivatedRoute, useValue: { queryParamMap: params } }],
        }),
        hostElement: host,
      });
      TestBed.inject(ApplicationRef).attachView(ref.hostView);
      return { host, params, destroy: () => ref.destroy() };
    };
    const stable = async (): Promise<void> => {
      await settle();
      await TestBed.inject(ApplicationRef).whenStable();
      await settle();
    };
    const cats = page({ q: 'cats', tz: 'UTC' });
    await startedEvents('cats');
    const catEvents = server.last('AnalysisEvents');
    const dogs = page({ q: 'dogs', tz: 'UTC', last: '7d' });
    await startedEvents('dogs');
    const dogEvents = server.last('AnalysisEvents');
    expect([catEvents.variables['id'], dogEvents.variables['id']]).toEqual(['cats', 'dogs']);

    catEvents.next(partial('cats', 41));
    dogEvents.next(partial('dogs', 97));
    await stable();
    expect([posts(cats.host), posts(dogs.host)]).toEqual(['41', '97']);

    const box = boxOf(cats.host);
    if (box) box.value = 'cats and birds';
    box?.dispatchEvent(new Event('input'));
    await stable();
    expect(boxOf(dogs.host)?.value).toBe('dogs');

    cats.params.next(convertToParamMap({}));
    await stable();
    expect(catEvents.isOpen()).toBe(false);
    expect(dogEvents.isOpen()).toBe(true);
    expect([posts(cats.host), posts(dogs.host)]).toEqual([undefined, '97']);

    dogs.destroy();
    cats.destroy();
    await settle();
    expect(server.open()).not.toContain('AnalysisEvents');
  });

  it('leave no timer behind while a question waits to be asked again', async () => {
    const harness = await RouterTestingHarness.create('/other');
    await settle();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    await harness.navigateByUrl('/?q=cats&last=24h&tz=UTC', AskPage);
    await vi.advanceTimersByTimeAsync(50);
    server.last('StartAnalysis').fail(new TypeError('Failed to fetch'));
    await vi.advanceTimersByTimeAsync(50);
    expect(text(harness.fixture.nativeElement as Element)).toContain('The server does not answer');
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    await harness.navigateByUrl('/other', OtherPage);
    await vi.advanceTimersByTimeAsync(50);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.all('StartAnalysis')).toHaveLength(1);
  });

  it('say that a time zone of the URL is not used', async () => {
    const harness = await RouterTestingHarness.create('/?tz=%2B02:00');
    await settle();
    await harness.fixture.whenStable();
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(text(harness.routeNativeElement as Element)).toContain(
      `This browser’s time zone, ${zone}, is used, because “+02:00” in the address is not an IANA time zone`,
    );
    await harness.navigateByUrl('/?tz=Asia/Tokyo');
    await harness.fixture.whenStable();
    expect(text(harness.routeNativeElement as Element)).not.toContain('is not an IANA time zone');
  });
});

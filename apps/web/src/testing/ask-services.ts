import { type Type, Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { AnalysisRun } from '../app/data/analysis-run';
import { PostPages } from '../app/data/post-pages';
import { AskDraft } from '../app/pages/ask/ask-draft';
import { AskUrl } from '../app/pages/ask/ask-url';
import { GraphqlServer, settle } from './graphql-server';

/** A page without a screen: it provides what an ask page provides, and the services under test. */
export interface AskServices {
  readonly server: GraphqlServer;
  readonly harness: RouterTestingHarness;
  readonly get: <T>(service: Type<T>) => T;
  readonly goTo: (url: string) => Promise<void>;
}

/** Opens a URL on the real router with the services of an ask page and `more` ones. */
export async function askServices(url: string, ...more: Type<unknown>[]): Promise<AskServices> {
  @Component({ template: '', providers: [AnalysisRun, PostPages, AskUrl, AskDraft, ...more] })
  class Page {}

  const server = new GraphqlServer();
  TestBed.configureTestingModule({ providers: [provideRouter([{ path: '', component: Page }]), server.provide()] });
  const harness = await RouterTestingHarness.create(url);
  const get = <T>(service: Type<T>): T => {
    const page = harness.routeDebugElement;
    if (!page) throw new Error(`${url} opens no page`);
    return page.injector.get(service);
  };
  for (const service of more) get(service);
  const goTo = async (next: string): Promise<void> => {
    await harness.navigateByUrl(next);
    await settle();
    await harness.fixture.whenStable();
  };
  await settle();
  return { server, harness, get, goTo };
}

import { analysis, analysisResult, completeAnalysis, event, started } from '../../../testing/analyses';
import { type AskServices, askServices } from '../../../testing/ask-services';
import { settle } from '../../../testing/graphql-server';
import { AnalysisRun } from '../../data/analysis-run';
import { PostPages } from '../../data/post-pages';
import { AskPosts } from './ask-posts';
import { AskUrl } from './ask-url';

const page = (cursor: string, hasNextPage = false): object => ({
  posts: { totalCount: 3, pageInfo: { hasNextPage, endCursor: cursor }, edges: [{ cursor, node: { id: cursor } }] },
});

describe('the posts of an ask page', () => {
  let services: AskServices;
  const shown = (): string[] =>
    services
      .get(PostPages)
      .pages()
      .flat()
      .map((edge) => edge.cursor);
  const asked = (): unknown[] =>
    services.server
      .all('Posts')
      .map(({ variables }) => `${String(variables['analysisId'])} ${String(variables['order'])}`);
  const settled = async (): Promise<void> => {
    await settle();
    await services.harness.fixture.whenStable();
    await settle();
  };

  beforeEach(async () => {
    services = await askServices('/?q=cats&tz=UTC', AskPosts);
    const question = services.get(AskUrl).question();
    if (question) services.get(AnalysisRun).ask(question, 'HOUR_1');
    await settled();
    services.server.last('StartAnalysis').answer(started(analysis()));
    await settled();
  });

  it('are opened once something matches, and once more with the complete answer', async () => {
    const events = services.server.last('AnalysisEvents');
    expect(asked()).toEqual([]);
    events.next(event(1, analysis({ result: analysisResult({ complete: false, posts: 1 }) })));
    await settled();
    services.server.last('Posts').answer(page('partial'));
    await settled();
    expect(shown()).toEqual(['partial']);
    events.next(event(2, analysis({ result: analysisResult({ complete: false, posts: 2, elapsedMs: 900 }) })));
    await settled();
    expect(asked()).toEqual(['analysis-1 NEWEST']);
    events.next(event(3, completeAnalysis()));
    await settled();
    expect(asked()).toEqual(['analysis-1 NEWEST', 'analysis-1 NEWEST']);
    expect(shown()).toEqual(['partial']); // until the complete ones are here
    services.server.last('Posts').answer(page('complete'));
    await settled();
    expect(shown()).toEqual(['complete']);
  });

  it('are opened again in another order, without the old ones', async () => {
    services.server.last('AnalysisEvents').next(event(1, completeAnalysis()));
    await settled();
    services.server.last('Posts').answer(page('newest', true));
    await settled();
    services.get(AskUrl).changeView({ order: 'retweeted' });
    await settled();
    expect(asked()).toEqual(['analysis-1 NEWEST', 'analysis-1 MOST_RETWEETED']);
    expect(shown()).toEqual([]);
    services.server.last('Posts').answer(page('retweeted'));
    await settled();
    expect(shown()).toEqual(['retweeted']);
  });

  it('go when the question goes', async () => {
    services.server.last('AnalysisEvents').next(event(1, completeAnalysis()));
    await settled();
    services.server.last('Posts').answer(page('newest'));
    await settled();
    services.get(AnalysisRun).clear();
    await settled();
    expect(shown()).toEqual([]);
  });
});

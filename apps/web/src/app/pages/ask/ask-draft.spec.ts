import { askServices } from '../../../testing/ask-services';
import { settle } from '../../../testing/graphql-server';
import { AnalysisRun } from '../../data/analysis-run';
import { AskDraft } from './ask-draft';

describe('the draft of an ask page', () => {
  it('follows the URL, may be changed, and follows the next URL', async () => {
    const { get, goTo } = await askServices('/?q=cats&last=3d&tz=Asia/Tokyo');
    const draft = get(AskDraft);
    expect([draft.topic(), draft.interval(), draft.timeZone()]).toEqual([
      'cats',
      { preset: 'LAST_3_DAYS' },
      'Asia/Tokyo',
    ]);
    draft.topic.set('cats dogs');
    draft.interval.set({ preset: 'LAST_24_HOURS' });
    expect(draft.submit()).toMatchObject({
      topic: 'cats dogs',
      interval: { preset: 'LAST_24_HOURS' },
      timeZone: 'Asia/Tokyo',
    });
    await goTo('/?q=birds&last=7d&tz=UTC');
    expect([draft.topic(), draft.interval(), draft.timeZone()]).toEqual(['birds', { preset: 'LAST_7_DAYS' }, 'UTC']);
  });

  it('says what is wrong only after the user tried to ask', async () => {
    const { get } = await askServices('/');
    const draft = get(AskDraft);
    draft.topic.set('(cats');
    expect(draft.problem()).toBeNull();
    expect(draft.submit()).toBeNull();
    expect(draft.problem()?.message).toBe('this bracket is never closed.');
    draft.topic.set('(cats)');
    expect(draft.problem()).toBeNull();
  });

  it('shows why the server refuses the question, until the topic is changed', async () => {
    const { get, server } = await askServices('/?q=cats&tz=UTC');
    const [draft, run] = [get(AskDraft), get(AnalysisRun)];
    run.ask(
      {
        topic: 'cats',
        interval: { preset: 'LAST_24_HOURS' },
        timeZone: 'UTC',
        includeStopWords: false,
        includeRetweetWords: false,
      },
      'HOUR_1',
    );
    await settle();
    const refusal = {
      code: 'TOPIC_SYNTAX',
      message: 'no',
      field: 'topic',
      position: null,
      length: null,
      suggestion: null,
    };
    server.last('StartAnalysis').answer({ startAnalysis: { analysis: null, userErrors: [refusal] } });
    await settle();
    expect(draft.problem()?.message).toBe('no');
    draft.topic.set('dogs');
    expect(draft.problem()).toBeNull();
  });

  it('keeps the switches and the engine of the question, but no engine that is not offered', async () => {
    const { get, server } = await askServices('/?q=cats&tz=UTC&stop=1&engine=cluster');
    const draft = get(AskDraft);
    expect(draft.submit()).toMatchObject({ includeStopWords: true, includeRetweetWords: false, engine: 'CLUSTER' });
    server.last('Engines').answer({ engines: { choices: ['EMBEDDED'], default: 'EMBEDDED' } });
    await settle();
    expect(draft.submit()?.engine).toBeUndefined();
  });
});

import { type AskView, DEFAULT_VIEW, readView, writeView } from './ask-view';

describe('the view parameter', () => {
  it('gives the view back as it went in', () => {
    const views: AskView[] = [
      DEFAULT_VIEW,
      { volume: 'table', metric: 'replies', hashtags: 'bars', order: 'retweeted', tab: 'posts' },
      { ...DEFAULT_VIEW, metric: 'quotes' },
    ];
    for (const view of views) expect(readView(writeView(view) ?? '')).toEqual(view);
  });
  it('is absent for the default view and leaves out what means nothing', () => {
    expect(writeView(DEFAULT_VIEW)).toBeNull();
    expect(readView('nonsense.volume-steam')).toEqual(DEFAULT_VIEW);
  });
});

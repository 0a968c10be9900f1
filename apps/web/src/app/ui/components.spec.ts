import type { Type } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { HeatMap } from './heat-map';
import { IntervalPicker } from './interval-picker';
import { PostItem } from './post-item';
import { QuestionBox } from './question-box';
import { RankedList } from './ranked-list';
import { downsample } from './sparkline';

async function render<T>(component: Type<T>, inputs: Record<string, unknown>) {
  const fixture = TestBed.createComponent(component);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  await fixture.whenStable();
  return { fixture, element: fixture.nativeElement as HTMLElement };
}
const text = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

describe('QuestionBox', () => {
  it('underlines the range of a problem in the copy behind the text', async () => {
    const { element } = await render(QuestionBox, {
      topic: 'cat AND',
      problem: { message: 'something is missing here.', position: 4, length: 3, suggestion: null },
      describedBy: 'problem',
    });
    expect(text(element.querySelector('.wrong'))).toBe('AND');
    expect(element.querySelector('textarea')?.getAttribute('aria-invalid')).toBe('true');
    expect(element.querySelector('textarea')?.getAttribute('aria-describedby')).toBe('problem');
    expect(element.querySelector('.mirror')?.textContent.replace('\u200b', '')).toBe('cat AND');
  });

  it('asks on Enter, makes one line of several, and clears', async () => {
    const { fixture, element } = await render(QuestionBox, { topic: '' });
    let asked = 0;
    fixture.componentInstance.submitted.subscribe(() => (asked += 1));
    const box = element.querySelector('textarea') as HTMLTextAreaElement;
    box.value = 'night\n  train';
    box.dispatchEvent(new Event('input'));
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    await fixture.whenStable();
    expect(asked).toBe(1);
    expect(fixture.componentInstance.topic()).toBe('night train');
    element.querySelector<HTMLButtonElement>('button[aria-label="Clear the topic"]')?.click();
    expect(fixture.componentInstance.topic()).toBe('');
  });
});

describe('IntervalPicker', () => {
  it('is one tab stop whose arrows choose', async () => {
    const { fixture, element } = await render(IntervalPicker, {
      interval: { preset: 'LAST_24_HOURS' },
      timeZone: 'UTC',
      viewerZone: 'UTC',
      newest: 0,
    });
    const chosen: unknown[] = [];
    fixture.componentInstance.choose.subscribe((choice) => chosen.push(choice.interval));
    const radios = [...element.querySelectorAll<HTMLElement>('[role=radio]')];
    expect(radios.map((radio) => radio.tabIndex)).toEqual([0, -1, -1, -1]);
    radios[0]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
    expect(chosen).toEqual([{ preset: 'LAST_3_DAYS' }]);
  });
});

describe('RankedList', () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({
    key: `k${String(i)}`,
    label: `#t${String(i)}`,
    posts: 2_000 - i * 100,
    uses: 9,
    authors: 8,
  }));
  it('shows the same figures as a table and as bars', async () => {
    const { fixture, element } = await render(RankedList, {
      rows,
      distinct: 1_842,
      head: 'Hashtag',
      columns: ['uses', 'authors'],
      empty: 'None',
    });
    const table = Array.from(element.querySelectorAll('tbody tr'), (tr) => [
      text(tr.querySelector('.cellname')),
      text(tr.querySelector('.num')),
    ]);
    expect(table).toHaveLength(12);
    expect(table[0]).toEqual(['#t0', '2,000']);
    fixture.componentRef.setInput('view', 'bars');
    await fixture.whenStable();
    const bars = Array.from(element.querySelectorAll('li'), (li) => [
      text(li.querySelector('.cellname')),
      text(li.querySelector('.b > span')).replace(' posts', ''),
    ]);
    expect(bars).toEqual(table);
    element.querySelector<HTMLButtonElement>('.foot button')?.click();
    await fixture.whenStable();
    expect(element.querySelectorAll('li')).toHaveLength(20);
  });
  it('says when there is nothing', async () => {
    const { element } = await render(RankedList, {
      rows: [],
      distinct: 0,
      head: 'Hashtag',
      empty: 'No post carries a hashtag.',
    });
    expect(text(element)).toBe('No post carries a hashtag.');
  });
});

describe('HeatMap', () => {
  const posts = Array.from({ length: 7 }, (_, d) => Array.from({ length: 24 }, (_, h) => d * 24 + h));
  const covered = posts.map((row) => row.map(() => 1));
  it('is one tab stop that arrows move', async () => {
    const { fixture, element } = await render(HeatMap, { posts, covered });
    document.body.append(element);
    const stops = (): string[] =>
      Array.from(element.querySelectorAll<HTMLElement>('td[tabindex="0"]'), (td) => td.dataset['cell'] ?? '');
    expect(stops()).toEqual(['0-0']);
    const table = element.querySelector('table') as HTMLElement;
    for (const key of ['ArrowRight', 'ArrowDown', 'End'])
      table.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    await fixture.whenStable();
    expect(stops()).toEqual(['1-23']);
    expect(element.querySelectorAll('td.c')).toHaveLength(168);
    element.remove();
  });
  it('is turned on a phone: hours down, weekdays across', async () => {
    const { element } = await render(HeatMap, { posts, covered, turned: true });
    expect(element.querySelectorAll('tbody tr')).toHaveLength(24);
    expect(text(element.querySelector('tbody tr:nth-child(24) td:nth-of-type(7)'))).toBe('167');
  });
});

describe('PostItem', () => {
  const post = {
    id: '1',
    source: 'DEMO',
    createdAt: '2026-11-19T17:00:00.000Z',
    text: '<b>cat</b>',
    lang: 'en',
    authorUsername: 'ann',
    retweetOf: null,
    retweetOfAuthorUsername: null,
    replyTo: null,
    quoteOf: null,
    retweetCount: 3,
    replyCount: 1,
    likeCount: null,
    withheldIn: [],
    url: null,
  };
  const inputs = {
    post,
    marks: [
      { text: '<b>', marked: false },
      { text: 'cat', marked: true },
      { text: '</b>', marked: false },
    ],
    now: Date.parse(post.createdAt) + 14_000,
  };
  it('shows text as text, marks the match and labels demo data', async () => {
    const { element } = await render(PostItem, inputs);
    expect(text(element.querySelector('.text'))).toBe('<b>cat</b>');
    expect(text(element.querySelector('mark'))).toBe('cat');
    expect(Array.from(element.querySelectorAll('.meta span'), text)).toEqual([
      'Demo data',
      '3 retweets reported',
      '1 reply',
    ]);
    expect(element.querySelector('a')).toBeNull();
  });
  it('links to the platform where there is an address, and shows captured and reported retweets apart', async () => {
    const { element } = await render(PostItem, {
      ...inputs,
      post: { ...post, source: 'BLUESKY', url: 'https://example.com/1' },
      captured: 412,
      reported: 542,
    });
    expect(element.querySelector('a')?.getAttribute('href')).toBe('https://example.com/1');
    expect(text(element.querySelector('.meta'))).toContain('412 of 542 retweets');
  });
  it('says by name in which countries a post is withheld, and nothing where it is in none', async () => {
    const { element } = await render(PostItem, { ...inputs, post: { ...post, withheldIn: ['DE', 'FR', 'TR', 'QX'] } });
    expect(text(element.querySelector('.withheld'))).toBe('Withheld in France, Germany, QX, Türkiye');
    const { element: elsewhere } = await render(PostItem, inputs);
    expect(elsewhere.querySelector('.withheld')).toBeNull();
  });
});

describe('sparkline', () => {
  it('sums neighbours instead of dropping them', () => {
    expect(downsample([1, 2, 3, 4, 5], 2)).toEqual([6, 9]);
    expect(downsample([1, 2], 48)).toEqual([1, 2]);
  });
});

/** A topic worth asking, and what it shows. */
export interface ExampleTopic {
  readonly topic: string;
  readonly note: string;
}

/** Questions that the demo source's posts answer well. */
export const DEMO_TOPICS: readonly ExampleTopic[] = [
  { topic: 'coffee', note: 'a word, and the hashtag of that name' },
  { topic: '東京', note: 'a word in a script without spaces' },
  { topic: 'rain OR lluvia', note: 'either word' },
  { topic: '#music', note: 'a hashtag' },
  { topic: '"good morning"', note: 'a phrase' },
];

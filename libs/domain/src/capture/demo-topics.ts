/** A topic worth asking, and what it shows. */
export interface ExampleTopic {
  readonly topic: string;
  readonly note: string;
}

/** Questions that the demo source's posts answer well (apps/ingestor/src/sources/demo/content/topics.ts). */
export const DEMO_TOPICS: readonly ExampleTopic[] = [
  { topic: 'coffee', note: 'a word, and the hashtag of that name' },
  { topic: '"night trains" OR #NightTrains', note: 'a phrase or a hashtag' },
  { topic: '#FirstSnow', note: 'a burst' },
  { topic: 'rain OR lluvia OR chuva', note: 'one word in three languages' },
  { topic: 'コーヒー', note: 'a script without spaces' },
  { topic: '(football OR fútbol) NOT final', note: 'brackets and NOT' },
];

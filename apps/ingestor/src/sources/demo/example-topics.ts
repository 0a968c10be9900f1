/** A question that the demo data surely answer. */
export interface ExampleTopic {
  readonly topic: string;
  readonly note: string;
}

const EXAMPLES: readonly ExampleTopic[] = [
  { topic: '"night trains" OR #NightTrains', note: 'A phrase or its hashtag' },
  { topic: 'coffee AND (rain OR snow)', note: 'Words joined, with brackets' },
  { topic: '東京', note: 'Part of a Japanese text, written without spaces' },
  { topic: 'القهوة', note: 'An Arabic word' },
  { topic: '#café', note: 'A hashtag, whatever its capitals or accents' },
  { topic: '#coffee NOT #weekend', note: 'One hashtag without another' },
];

/** Five or six example questions for a dashboard that shows demo data. */
export function demoTopics(): readonly ExampleTopic[] {
  return EXAMPLES;
}

import { DEMO_TOPICS } from '@analytica/domain';
import type { ExampleTopicModel } from './capture-model.js';

const SYNTAX_EXAMPLES: readonly ExampleTopicModel[] = [
  { topic: 'news', note: 'a word, and the hashtag of that name' },
  { topic: '"good morning"', note: 'a phrase' },
  { topic: '#love', note: 'a hashtag' },
  { topic: 'music OR música', note: 'either word' },
  { topic: '(rain OR snow) NOT fake', note: 'brackets and NOT' },
];

/** Topics for the first visit: those of the demo where the lake holds demo data, else the syntax by example. */
export function exampleTopics(demo: boolean): readonly ExampleTopicModel[] {
  return demo ? DEMO_TOPICS : SYNTAX_EXAMPLES;
}

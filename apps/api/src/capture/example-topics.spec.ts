import { parseTopic } from '@analytica/domain/topic';
import { expect, it } from 'vitest';
import { exampleTopics } from './example-topics.js';

it.each([true, false])('are questions that can be asked (demo: %s)', (demo) => {
  const topics = exampleTopics(demo);
  expect(topics.length).toBeGreaterThanOrEqual(5);
  for (const { topic } of topics) expect(parseTopic(topic).ok, topic).toBe(true);
});

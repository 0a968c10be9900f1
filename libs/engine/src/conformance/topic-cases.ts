import { describe, expect, it } from 'vitest';
import { parseTopic } from '@analytica/domain/topic';
import { byArrivalHour, fixturePost, START } from './fixture.js';
import { answerOf, ask, question } from './harness.js';
import { referenceAnswer } from './reference.js';
import type { Subject } from './subject.js';

const ROWS = byArrivalHour([
  fixturePost({ id: '1', at: START, tokens: ['the', 'black', 'cat'], hashtags: ['Pets'] }),
  fixturePost({ id: '2', at: START + 1, tokens: ['cats', 'don', 't'] }),
  fixturePost({ id: '3', at: START + 2, tokens: ['今', '日', '東', '京', 'に'], hashtags: ['東京タワー'] }),
  fixturePost({ id: '4', at: START + 3, tokens: ['dog'], hashtags: ['cat'], mentions: ['bob'] }),
  fixturePost({ id: '5', at: START + 4, tokens: ['drop', 'table', 'posts'] }),
  fixturePost({ id: '6', at: START + 5, tokens: ['x', 'or', '1', '1'] }),
]);

const TOPICS = [
  'cat',
  'CAT',
  '"black cat"',
  'cat black',
  'black OR dog',
  'cat AND NOT black',
  '#cat',
  '#東京',
  '#東京タワー',
  '東京',
  '@bob',
  "don't",
  'cat OR #pets',
  '#cat OR @bob OR black',
  '(cat OR #pets) AND NOT dog',
  '(cat #pets) OR (dog @bob)',
  '(cat OR #cat) (dog OR #pets)',
  '#cat AND NOT #pets',
];

const HOSTILE = [
  `'; DROP TABLE posts; --`,
  `x' OR '1'='1`,
  `"cat\\" OR 1=1`,
  '\\',
  '$1 ? :name {0} %s',
  'cat\u0000dog',
  '😀',
  '😀 cat 😀',
  '[1,2]::VARCHAR[]',
  'a'.repeat(1_024),
  'ab '.repeat(341),
  '(((((cat)))))',
  '‮cat‬',
  'ca\u0301t',
  '\uD800cat',
];

export function topicCases(subject: Subject): void {
  describe('topics', () => {
    it('matches as the topic’s tree says', async () => {
      const snapshot = await subject.prepareLake(ROWS);
      for (const text of TOPICS) {
        const parsed = parseTopic(text);
        if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.message}`);
        const spec = question(parsed.topic.canonical);
        const result = await ask(subject.engine, snapshot, spec);
        expect(answerOf(result), text).toEqual(answerOf(referenceAnswer(ROWS, spec)));
      }
    });

    it('takes hostile topics as words or refuses them with TOPIC_SYNTAX, and changes nothing', async () => {
      const snapshot = await subject.prepareLake(ROWS);
      for (const text of HOSTILE) {
        const parsed = parseTopic(text);
        const spec = question(parsed.ok ? parsed.topic.canonical : text);
        if (parsed.ok) {
          const result = await ask(subject.engine, snapshot, spec);
          expect(answerOf(result), text).toEqual(answerOf(referenceAnswer(ROWS, spec)));
        } else {
          await expect(ask(subject.engine, snapshot, spec), text).rejects.toMatchObject({ code: 'TOPIC_SYNTAX' });
        }
      }
      const after = await ask(subject.engine, snapshot, question('cat'));
      expect(answerOf(after)).toEqual(answerOf(referenceAnswer(ROWS, question('cat'))));
    });

    it('refuses a topic that does not parse', async () => {
      const snapshot = await subject.prepareLake(ROWS);
      for (const topic of ['', '(cat', 'cat OR', '!!!']) {
        await expect(ask(subject.engine, snapshot, question(topic)), topic).rejects.toMatchObject({
          code: 'TOPIC_SYNTAX',
        });
      }
    });
  });
}

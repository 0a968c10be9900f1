import { HOUR_MS } from '@analytica/domain';
import { parseTopic } from '@analytica/domain/topic';
import { describe, expect, it } from 'vitest';
import { START } from './fixture.js';
import { answerOf, question, NEVER, Recorder } from './harness.js';
import { Dice, randomLake, randomTopic } from './random-lake.js';
import { referenceAnswer } from './reference.js';
import type { Subject } from './subject.js';

const TOPICS_PER_LAKE = 6;

export function propertyCases(subject: Subject, lakes: number): void {
  describe('random lakes and topics', () => {
    it(`give the reference’s answer, to the last digit (${String(lakes)} lakes)`, async () => {
      for (let seed = 1; seed <= lakes; seed++) {
        const dice = new Dice(seed);
        const rows = randomLake(dice, 20 + dice.below(120));
        const snapshot = await subject.prepareLake(rows);
        for (let asked = 0; asked < TOPICS_PER_LAKE; asked++) {
          const text = randomTopic(dice);
          const parsed = parseTopic(text);
          if (!parsed.ok) throw new Error(`seed ${String(seed)}: ${text}: ${parsed.problem.message}`);
          const from = START + dice.below(8) * HOUR_MS - HOUR_MS;
          const spec = question(parsed.topic.canonical, {
            interval: { from, to: from + 1 + dice.below(20 * HOUR_MS) },
            includeStopWords: dice.chance(0.5),
            includeRetweetWords: dice.chance(0.5),
          });
          const result = await subject.engine.run(spec, snapshot, new Recorder(), NEVER);
          const label = `seed ${String(seed)}, ${text}, ${JSON.stringify(spec.interval)}`;
          expect(answerOf(result), label).toEqual(answerOf(referenceAnswer(rows, spec)));
        }
      }
    });
  });
}

import { DEMO_TOPICS } from '@analytica/domain';
import { matches, requireTopic } from '@analytica/domain/topic';
import { expect, it } from 'vitest';
import { normaliseLine } from '../../normalise/normalise-line.js';
import { generateLines } from './demo-source.js';

const to = Date.parse('2026-03-11T14:00:00.000Z');
const posts = [...generateLines({ seed: 1, from: to - 6 * 3_600_000, to, rate: 1 })]
  .flatMap((line) => normaliseLine(line, { arrivedAt: to, path: 'backfill', source: 'demo', shiftMs: 0 }))
  .flatMap((record) => (record.kind === 'post' ? [record.post] : []));

it.each(DEMO_TOPICS)('the example question $topic finds demo posts', ({ topic }) => {
  const parsed = requireTopic(topic);
  expect(posts.filter((post) => matches(parsed, post)).length).toBeGreaterThan(5);
});

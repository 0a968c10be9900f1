import { describe, expect, it } from 'vitest';
import { generateLines } from './demo-source.js';
import { demoTopics } from './example-topics.js';

describe('demoTopics', () => {
  it('has words that the demo data hold', () => {
    const to = Date.parse('2026-03-11T14:00:00.000Z');
    const lines = [...generateLines({ seed: 1, from: to - 6 * 3_600_000, to, rate: 1 })].map((line) =>
      String(line).toLowerCase(),
    );
    const hits = (...parts: string[]) => lines.filter((line) => parts.every((part) => line.includes(part))).length;
    expect(demoTopics()).toHaveLength(6);
    expect(hits('night trains')).toBeGreaterThan(10);
    expect(hits('#nighttrains')).toBeGreaterThan(5);
    expect(hits('coffee', 'rain') + hits('coffee', 'snow')).toBeGreaterThan(5);
    expect(hits('東京')).toBeGreaterThan(10);
    expect(hits('القهوة')).toBeGreaterThan(10);
    expect(hits('#café')).toBeGreaterThan(1);
    expect(hits('#coffee')).toBeGreaterThan(10);
  });
});

import type { AnalysisSpec } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { readTopic, resolveInterval } from './question.js';
import { analysisKey } from '../runs/analysis-key.js';

const SPEC: AnalysisSpec = {
  topic: 'cat',
  interval: { from: 0, to: 60_000 },
  timeZone: 'UTC',
  includeStopWords: false,
  includeRetweetWords: false,
};

describe('a question', () => {
  it('has one canonical topic however it is typed', () => {
    expect(readTopic('cat   AND dog')).toEqual(readTopic('cat dog'));
  });

  it('says where it is wrong', () => {
    expect(readTopic('cat AND (')).toMatchObject({ error: { code: 'TOPIC_SYNTAX', field: 'topic', position: 8 } });
  });

  it('ends presets at the watermark, floored to the minute', () => {
    expect(resolveInterval({ preset: 'LAST_24_HOURS' }, 86_400_000 + 119_999)).toEqual({
      from: 60_000,
      to: 86_460_000,
    });
  });

  it('has another key as soon as anything differs', () => {
    const keys = [
      analysisKey(SPEC, 'embedded', 's'),
      analysisKey({ ...SPEC, topic: 'dog' }, 'embedded', 's'),
      analysisKey({ ...SPEC, interval: { from: 0, to: 60_001 } }, 'embedded', 's'),
      analysisKey({ ...SPEC, timeZone: 'Europe/Madrid' }, 'embedded', 's'),
      analysisKey({ ...SPEC, includeStopWords: true }, 'embedded', 's'),
      analysisKey({ ...SPEC, includeRetweetWords: true }, 'embedded', 's'),
      analysisKey(SPEC, 'cluster', 's'),
      analysisKey(SPEC, 'embedded', 't'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(analysisKey({ ...SPEC }, 'embedded', 's')).toBe(keys[0]);
  });
});

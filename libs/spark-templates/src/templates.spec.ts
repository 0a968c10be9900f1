import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTemplates, type AnalysisParams } from './index.js';

const TEMPLATES = join(import.meta.dirname, '../templates');
const templates = createTemplates({ stopWords: { en: ['the'] } });

const PARAMS: AnalysisParams = {
  run: '0123456789abcdef',
  root: 'file:///lake',
  files: [['2026/01/01/00/1-2.parquet', 0, 1, 10]],
  tombstones: [],
  read: [0],
  topic: { type: 'term', column: 'terms', needle: ' cat ' },
  interval: { from: 0, to: 1 },
  retweetWords: false,
  more: false,
  stopWords: false,
  cell: 60_000,
  newest: 10,
  retweeted: 10,
  top: 20,
};

const HOSTILE = `'''"""\\"\n); __import__('os').system('x')\u0000 😀 \uD800`;

describe('the builder', () => {
  it('keeps what was asked out of the program', () => {
    const asked = templates.analysis({ ...PARAMS, topic: { type: 'term', column: 'terms', needle: HOSTILE } });
    expect(asked.program).toBe(templates.analysis(PARAMS).program);
    expect(asked.program).toBe(templates.drop('00').program);
    expect(asked.params).toMatchObject({ topic: { needle: HOSTILE } });
  });

  it('refuses what is no question', () => {
    const refuse = (change: Record<string, unknown>): void => {
      expect(() => templates.analysis({ ...PARAMS, ...change })).toThrow();
    };
    refuse({ run: 'x; y' });
    refuse({ root: '/lake' });
    refuse({ files: [['../secret', 0, 1, 10]] });
    refuse({ files: [['/etc/passwd', 0, 1, 10]] });
    refuse({ topic: { type: 'term', column: 'id', needle: 'x' } });
    refuse({ topic: { type: 'or', children: [] } });
    refuse({ interval: { from: 0.5, to: 1 } });
    refuse({ read: [] });
    refuse({ newest: -1 });
  });

  it('asks several questions about the same files at once', () => {
    const { topic, interval, stopWords, cell, newest, retweeted, top, ...common } = PARAMS;
    const one = { topic, interval, stopWords, cell, newest, retweeted, top };
    const asked = templates.analyses({ ...common, interval, questions: [one, one] });
    expect(asked.program).toBe(templates.analysis(PARAMS).program);
    expect(asked.params).toMatchObject({ program: 'analyses', questions: [one, one], read: [0] });
    expect(() => templates.analyses({ ...common, interval, questions: [] })).toThrow();
  });

  it('tells versions of the stop words apart', () => {
    expect(createTemplates({ stopWords: { en: ['the'] } }).digest).toBe(templates.digest);
    expect(createTemplates({ stopWords: { en: ['a'] } }).digest).not.toBe(templates.digest);
  });
});

describe('the programs', () => {
  it('pass their own tests and compile', () => {
    const { status, stderr } = spawnSync(
      'python3',
      ['-B', '-m', 'unittest', 'discover', '-s', join(TEMPLATES, 'tests')],
      {
        encoding: 'utf8',
      },
    );
    expect(stderr).toContain('OK');
    expect(status, stderr).toBe(0);
  });
});

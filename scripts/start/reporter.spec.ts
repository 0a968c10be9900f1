import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseOptions } from './options.ts';
import { Reporter } from './reporter.ts';
import { ROOT } from './root.ts';

const accounting = {
  ...{ received: 3, stored: 3, duplicates: 0, deletes: 0, not_posts: 0, dead_letters: 0, filtered: 0 },
  pending: 0,
};
const done = { event: 'replay-done', from: 0, to: 0, accounting, problems: [] } as const;
let printed: string[];

beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => vi.restoreAllMocks());

function lastSentence(args: readonly string[], importName: string | null): string | undefined {
  const options = parseOptions(['--replay', 'a', ...args], {});
  if (options === 'help') throw new Error('unexpected help');
  const reporter = new Reporter(false);
  reporter.ingestor({ ...done, importName });
  reporter.ready('http://127.0.0.1:8080/', options, 'logs', undefined);
  return printed.at(-1);
}

describe('the end of a replay', () => {
  it('names the import and the command that removes it', () => {
    expect(lastSentence(['--data-dir', join(ROOT, 'data')], 'june')).toBe(
      '  They are the import june, kept until you stop this and remove it: npm run lake -- remove june --lake lake',
    );
    expect(lastSentence(['--data-dir', '/my data', '--lake', 'other'], 'june')).toMatch(
      /npm run lake -- remove june --lake other --data-dir '\/my data'$/,
    );
  });

  it('names none where the lake has none', () => {
    expect(lastSentence([], null)).toMatch(/^All files are in: received 3 = stored 3/);
  });
});

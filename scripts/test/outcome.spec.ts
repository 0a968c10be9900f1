import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureLines } from './failures.ts';
import { failedStep, lastLines, PASSED_STEP, readReports, sum, summarise } from './outcome.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outcome-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

interface Test {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}
const passed: Test = { fullName: 'adds up', status: 'passed', failureMessages: [] };
const failed = (message: string): Test => ({ fullName: 'a > b', status: 'failed', failureMessages: [message] });

function report(file: string, tests: readonly Test[], more: object = {}): void {
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  writeFileSync(
    join(folder, file),
    JSON.stringify({
      numPassedTests: count('passed'),
      numFailedTests: count('failed'),
      numTotalTests: tests.length,
      numFailedTestSuites: 0,
      success: count('failed') === 0,
      testResults: [{ name: '/x/y/some.spec.ts', status: 'passed', message: '', assertionResults: tests }],
      ...more,
    }),
  );
}

describe('readReports', () => {
  it('names what failed, over several reports', () => {
    report('a.json', [passed, failed('AssertionError: 1 is not 2')]);
    report('b.json', [passed]);
    expect(readReports(folder)).toEqual({
      passed: 2,
      failed: 1,
      failures: [{ name: 'some.spec.ts, a > b', message: 'AssertionError: 1 is not 2' }],
    });
  });

  it('counts and names a file that could not be loaded, an error outside of tests, and what was skipped', () => {
    const testResults = [{ name: '/x/bad.spec.ts', status: 'failed', message: 'No such module', assertionResults: [] }];
    report('load.json', [], { success: false, numFailedTestSuites: 1, testResults });
    report('outside.json', [passed], { success: false });
    vi.spyOn(console, 'error').mockReturnValue();
    report('skip.json', [{ ...passed, status: 'skipped' }]);
    const counts = readReports(folder);
    expect(counts).toMatchObject({ passed: 1, failed: 3 });
    expect(counts.failures.map(({ name, message }) => `${name}: ${message}`).sort()).toEqual([
      'bad.spec.ts: No such module',
      'outside.json: An error outside of every test; the log above has it.',
      'some.spec.ts, adds up: It was skipped.',
    ]);
  });

  it('takes no report for a failure', () => {
    expect(readReports(join(folder, 'none'))).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('failureLines', () => {
  const lines = (...messages: readonly string[]) =>
    failureLines([{ name: 'unit', failures: messages.map((message, i) => ({ name: `t${i}`, message })) }]);

  it('gives the suite, the name, the words and our own line, without colours', () => {
    const message =
      '\x1b[31mError:\x1b[39m no\n\n  because\n    at lib (node_modules/x.js:1:2)\n    at /a/some.spec.ts:12:5';
    expect(lines(message)).toEqual([
      'FAILED unit: t0',
      '    Error: no',
      '      because',
      '    at /a/some.spec.ts:12:5',
    ]);
  });

  it('is short whatever the tests say', () => {
    const long = Array.from({ length: 50 }, () => 'x'.repeat(5_000)).join('\n');
    const all = lines(...Array.from({ length: 30 }, () => long));
    expect(all).toHaveLength(101);
    expect(all.at(-1)).toBe('and 20 more');
    expect(Math.max(...all.map((line) => line.length))).toBe(300);
  });
});

describe('lastLines', () => {
  it('shows the end of a command, whole', () => {
    const output = Array.from({ length: 30 }, (_, i) => `line ${i}\n\n`).join('');
    const [, ...shown] = failureLines([
      { name: 'truth', failures: [{ name: 'figures', message: `ended:\n${lastLines(output)}` }] },
    ]);
    expect(shown.map((line) => line.trim())).toEqual([
      'ended:',
      ...Array.from({ length: 8 }, (_, i) => `line ${i + 22}`),
    ]);
  });
});

describe('summarise', () => {
  it('closes with what failed and the counts', () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const lint = sum([PASSED_STEP, failedStep('prettier', 'npx prettier ended with exit code 1')]);
    expect(
      summarise([
        { name: 'build', ...PASSED_STEP },
        { name: 'lint', ...lint },
      ]),
    ).toBe(1);
    const said = log.mock.calls.map(([text]) => String(text)).join('\n');
    expect(said.split('\n').slice(-5)).toEqual([
      'What failed:',
      'FAILED lint: prettier',
      '    npx prettier ended with exit code 1',
      '',
      '2 passed, 1 failed',
    ]);
    log.mockClear();
    expect(summarise([{ name: 'build', ...PASSED_STEP }])).toBe(0);
    expect(log.mock.calls.map(([text]) => String(text))).toEqual(['\n1 passed, 0 failed']);
  });
});

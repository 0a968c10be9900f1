import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { failureLines, SHOWN_LINES, type Failure } from './failures.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed, in words. */
  readonly failures: readonly Failure[];
}

export interface Outcome extends Counts {
  readonly name: string;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numTotalTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/**
 * Adds up Vitest's JSON reports in a folder. A file that could not even be loaded counts as a failure, and so does a test
 * that was skipped: a suite that did not run is not green.
 */
export function readReports(folder: string): Counts {
  let passed = 0;
  let failed = 0;
  const failures: Failure[] = [];
  let files: string[] = [];
  try {
    files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    // no report at all is a failure below
  }
  if (files.length === 0) return failedStep('vitest', 'It left no report.');
  for (const file of files) {
    const report = JSON.parse(readFileSync(join(folder, file), 'utf8')) as VitestReport;
    const notRun = report.numTotalTests - report.numPassedTests - report.numFailedTests;
    const broken = !report.success && report.numFailedTests === 0 ? Math.max(1, report.numFailedTestSuites) : 0;
    passed += report.numPassedTests;
    failed += report.numFailedTests + notRun + broken;
    const named = failuresOf(report);
    failures.push(...named);
    if (broken > 0 && named.length === 0)
      failures.push({ name: file, message: 'An error outside of every test; the log above has it.' });
    if (notRun > 0) console.error(`${file}: ${notRun} tests were skipped`);
  }
  return { passed, failed, failures };
}

function failuresOf(report: VitestReport): Failure[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = basename(name);
    const bad = assertionResults.filter((test) => test.status !== 'passed');
    if (bad.length === 0 && status === 'failed') return [{ name: file, message }];
    return bad.map((test) => ({
      name: `${file}, ${test.fullName}`,
      message: test.failureMessages?.[0] ?? (test.status === 'failed' ? '' : 'It was skipped.'),
    }));
  });
}

/** A step that is no test went well. */
export const PASSED_STEP: Counts = { passed: 1, failed: 0, failures: [] };

/** A step that is no test went wrong. */
export function failedStep(name: string, message: string): Counts {
  return { passed: 0, failed: 1, failures: [{ name, message }] };
}

/** The last lines that say something, few enough to be shown with what failed. */
export function lastLines(output: string): string {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-SHOWN_LINES)
    .join('\n');
}

export function sum(counts: readonly Counts[]): Counts {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
    failures: counts.flatMap(({ failures }) => failures),
  };
}

/** Prints what failed and the one line that CI reads; returns the exit code. */
export function summarise(outcomes: readonly Outcome[]): number {
  const { passed, failed } = sum(outcomes);
  for (const { name, failed: n } of outcomes) if (n > 0) console.log(`FAILED: ${name} (${n})`);
  const lines = failureLines(outcomes);
  if (lines.length > 0) console.log(['', 'What failed:', ...lines].join('\n'));
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
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
}

/**
 * Adds up Vitest's JSON reports in a folder. A file that could not even be loaded counts as a failure, and so does a test
 * that was skipped: a suite that did not run is not green.
 */
export function readReports(folder: string): Counts {
  let passed = 0;
  let failed = 0;
  let files: string[] = [];
  try {
    files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    // no report at all is a failure below
  }
  if (files.length === 0) return { passed: 0, failed: 1 };
  for (const file of files) {
    const report = JSON.parse(readFileSync(join(folder, file), 'utf8')) as VitestReport;
    const notRun = report.numTotalTests - report.numPassedTests - report.numFailedTests;
    const broken = !report.success && report.numFailedTests === 0 ? Math.max(1, report.numFailedTestSuites) : 0;
    passed += report.numPassedTests;
    failed += report.numFailedTests + notRun + broken;
    if (notRun > 0) console.error(`${file}: ${notRun} tests were skipped`);
  }
  return { passed, failed };
}

/** Prints the one line that CI reads; returns the exit code. */
export function summarise(outcomes: readonly Outcome[]): number {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  for (const { name, failed: n } of outcomes) if (n > 0) console.log(`FAILED: ${name} (${n})`);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

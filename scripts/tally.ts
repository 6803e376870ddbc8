/** Counts the tests in the JSON reports of the test runners. */

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

function count(report: unknown, key: string): number {
  const value =
    typeof report === 'object' && report !== null ? (report as Record<string, unknown>)[key] : undefined;
  if (typeof value !== 'number') throw new Error(`the report has no number "${key}"`);
  return value;
}

/** Vitest's (Jest-shaped) report. A test file that could not be loaded holds no tests and counts as one failure. */
export function vitestTally(report: unknown): Tally {
  const files = (report as { testResults?: { status: string; assertionResults: { status: string }[] }[] })
    .testResults;
  const broken = (files ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: count(report, 'numPassedTests'),
    failed: count(report, 'numFailedTests') + broken.length,
    skipped: count(report, 'numPendingTests') + count(report, 'numTodoTests'),
  };
}

/** Playwright's report. A flaky test passed on a retry and counts as passed. */
export function playwrightTally(report: unknown): Tally {
  const { stats, errors } = report as { stats?: unknown; errors?: unknown[] };
  return {
    passed: count(stats, 'expected') + count(stats, 'flaky'),
    failed: count(stats, 'unexpected') + (errors?.length ?? 0),
    skipped: count(stats, 'skipped'),
  };
}

/** Several runners' tests in one line: `5 passed, 0 failed, 1 skipped`. */
export function inWords(tallies: readonly Tally[]): string {
  const sum = (key: keyof Tally): number => tallies.reduce((n, tally) => n + tally[key], 0);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped}`;
}

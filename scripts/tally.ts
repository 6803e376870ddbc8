/** Counts the tests in the JSON reports of the test runners, and names those that failed. */
import path from 'node:path';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** A line for each failure: file, test, first line of the error. */
  failures: string[];
}

/** A failure in one line: a log of which only the end is kept still says what failed. */
function failure(file: string, test: string, message: string | undefined): string {
  const where = path.isAbsolute(file) ? path.relative(path.resolve(import.meta.dirname, '..'), file) : file;
  // Colours of a terminal.
  // oxlint-disable-next-line no-control-regex
  const first = (message ?? '').replaceAll(/\u001B\[[0-9;]*m/g, '').split('\n', 1)[0];
  return [where, test, first].filter((part) => part !== '').join(': ');
}

function count(report: unknown, key: string): number {
  const value =
    typeof report === 'object' && report !== null ? (report as Record<string, unknown>)[key] : undefined;
  if (typeof value !== 'number') throw new Error(`the report has no number "${key}"`);
  return value;
}

interface VitestFile {
  name: string;
  status: string;
  message?: string;
  assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
}

/** Vitest's (Jest-shaped) report. A test file that could not be loaded holds no tests and counts as one failure. */
export function vitestTally(report: unknown): Tally {
  const files = (report as { testResults?: VitestFile[] }).testResults ?? [];
  const failed = files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map((test) => failure(name, test.fullName, test.failureMessages?.[0])),
  );
  const broken = files
    .filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    )
    .map(({ name, message }) => failure(name, '', message));
  return {
    failures: [...failed, ...broken],
    passed: count(report, 'numPassedTests'),
    failed: count(report, 'numFailedTests') + broken.length,
    skipped: count(report, 'numPendingTests') + count(report, 'numTodoTests'),
  };
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    file: string;
    ok: boolean;
    tests: { results: { errors?: { message?: string }[] }[] }[];
  }[];
}

function unexpected(suite: PlaywrightSuite): string[] {
  const own = (suite.specs ?? [])
    .filter(({ ok }) => !ok)
    .map(({ file, title, tests }) => {
      const last = tests.flatMap(({ results }) => results).at(-1);
      return failure(file, title, last?.errors?.[0]?.message);
    });
  return [...own, ...(suite.suites ?? []).flatMap(unexpected)];
}

/** Playwright's report. A flaky test passed on a retry and counts as passed. */
export function playwrightTally(report: unknown): Tally {
  const { stats, errors, suites } = report as {
    stats?: unknown;
    errors?: { message?: string }[];
    suites?: PlaywrightSuite[];
  };
  return {
    failures: [
      ...(suites ?? []).flatMap(unexpected),
      ...(errors ?? []).map(({ message }) => failure('browser tests', '', message)),
    ],
    passed: count(stats, 'expected') + count(stats, 'flaky'),
    failed: count(stats, 'unexpected') + (errors?.length ?? 0),
    skipped: count(stats, 'skipped'),
  };
}

/** Several runners' tests in one line: `5 passed, 0 failed, 1 skipped`. */
export function inWords(tallies: readonly Tally[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped'): number =>
    tallies.reduce((n, tally) => n + tally[key], 0);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped}`;
}

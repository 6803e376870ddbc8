import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inWords, playwrightTally, vitestTally } from './tally.ts';

describe('vitestTally', () => {
  it('counts tests, and a file that could not be loaded as a failure', () => {
    const report = {
      numPassedTests: 7,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [
        {
          name: path.resolve(import.meta.dirname, '../tests/a.test.ts'),
          status: 'failed',
          assertionResults: [
            {
              fullName: 'sum of two',
              status: 'failed',
              failureMessages: ['Error: \u001B[31m3\u001B[39m is not 4\n    at a'],
            },
            { fullName: 'sum of none', status: 'passed', failureMessages: [] },
          ],
        },
        { name: 'b.test.ts', status: 'failed', message: 'cannot be loaded', assertionResults: [] },
        { name: 'c.test.ts', status: 'passed', assertionResults: [{ fullName: 'c', status: 'passed' }] },
      ],
    };
    expect(vitestTally(report)).toEqual({
      passed: 7,
      failed: 2,
      skipped: 3,
      failures: ['tests/a.test.ts: sum of two: Error: 3 is not 4', 'b.test.ts: cannot be loaded'],
    });
  });

  it('refuses a report without counts', () => {
    expect(() => vitestTally({})).toThrow('numPassedTests');
  });
});

describe('playwrightTally', () => {
  it('counts a flaky test as passed and an error outside tests as a failure', () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };
    const result = (message?: string) => ({ errors: message === undefined ? [] : [{ message }] });
    const spec = (title: string, ...results: object[]) => ({
      title,
      file: 'page.spec.ts',
      tests: [{ results }],
    });
    const suites = [
      {
        specs: [{ ...spec('opens', result()), ok: true }],
        suites: [{ specs: [{ ...spec('starts', result('late'), result('later\nby much')), ok: false }] }],
      },
    ];
    const once = { stats, errors: [], suites };
    expect(playwrightTally(once)).toEqual({
      passed: 5,
      failed: 1,
      skipped: 2,
      failures: ['page.spec.ts: starts: later'],
    });
    const twice = playwrightTally({ ...once, errors: [{ message: 'no server' }] });
    expect(twice.failed).toBe(2);
    expect(twice.failures.at(-1)).toBe('browser tests: no server');
  });

  it('refuses a report without counts', () => {
    expect(() => playwrightTally({})).toThrow('expected');
  });
});

describe('inWords', () => {
  it('adds all runners up, and is silent on skipped tests where there are none', () => {
    const one = { passed: 5, failed: 1, skipped: 0, failures: [] };
    expect(inWords([one, { ...one, passed: 2, failed: 0 }])).toBe('7 passed, 1 failed');
    expect(inWords([one, { ...one, passed: 0, failed: 0, skipped: 3 }])).toBe(
      '5 passed, 1 failed, 3 skipped',
    );
    expect(inWords([])).toBe('0 passed, 0 failed');
  });
});

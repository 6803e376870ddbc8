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
        { status: 'failed', assertionResults: [{ status: 'failed' }] },
        { status: 'failed', assertionResults: [] },
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
      ],
    };
    expect(vitestTally(report)).toEqual({ passed: 7, failed: 2, skipped: 3 });
  });

  it('refuses a report without counts', () => {
    expect(() => vitestTally({})).toThrow('numPassedTests');
  });
});

describe('playwrightTally', () => {
  it('counts a flaky test as passed and an error outside tests as a failure', () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };
    expect(playwrightTally({ stats, errors: [] })).toEqual({ passed: 5, failed: 1, skipped: 2 });
    expect(playwrightTally({ stats, errors: [{ message: 'no server' }] }).failed).toBe(2);
  });

  it('refuses a report without counts', () => {
    expect(() => playwrightTally({})).toThrow('expected');
  });
});

describe('inWords', () => {
  it('adds all runners up, and is silent on skipped tests where there are none', () => {
    const one = { passed: 5, failed: 1, skipped: 0 };
    expect(inWords([one, { passed: 2, failed: 0, skipped: 0 }])).toBe('7 passed, 1 failed');
    expect(inWords([one, { passed: 0, failed: 0, skipped: 3 }])).toBe('5 passed, 1 failed, 3 skipped');
    expect(inWords([])).toBe('0 passed, 0 failed');
  });
});

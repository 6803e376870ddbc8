/** Each recorded comparison reads as a zip of the history, and comes to the verdict that it is called by. */
import { describe, expect, it } from 'vitest';
import { judgedRuns } from '../src/evidence/comparison-summary.ts';
import { VERDICT_CODES } from '../src/evidence/verdict.ts';
import { readArchive } from '../src/runs/archive.ts';
import { summarize } from '../src/runs/summary.ts';
import { recordedComparison } from './recorded-comparisons.ts';

/** Said beside what to take. */
const BESIDE = new Set(['undertrained', 'overfitted']);

describe('a recorded comparison', () => {
  it.each(VERDICT_CODES)('of the verdict %s', async (code) => {
    const { comparison, runs } = readArchive(await recordedComparison(code), `${code}.zip`, code);
    expect(runs).toHaveLength(24);
    const compared = runs.map(({ state, events }) => {
      const { spec } = comparison.runs.find(({ run }) => run === state.run)!;
      return { key: state.run, spec, summary: summarize(events), events };
    });
    const { verdict } = judgedRuns(compared, comparison.spec.baseline)!;
    if (BESIDE.has(code)) expect(verdict.also).toContain(code);
    else expect(verdict.code).toBe(code);
  });
});

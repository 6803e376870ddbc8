import { describe, expect, it } from 'vitest';
import { PredictionKeeper } from './predictions.ts';

function evaluated(keeper: PredictionKeeper, step: number, best: boolean): void {
  keeper.take({ logits: Float64Array.of(step), texts: [`after ${step}`] });
  keeper.hear({ type: 'evaluate', step, split: 'validation', metrics: {} });
  if (best) keeper.choose();
}

describe('PredictionKeeper', () => {
  it('has the predictions of the step that the run chose, and of the last', () => {
    const keeper = new PredictionKeeper();
    expect(keeper.at(0)).toBeNull();
    evaluated(keeper, 0, true);
    evaluated(keeper, 10, true);
    evaluated(keeper, 20, false);
    evaluated(keeper, 30, false);
    expect(keeper.at(10)).toEqual({ step: 10, logits: Float64Array.of(10), texts: ['after 10'] });
    expect(keeper.at(30)?.step).toBe(30);
    expect(keeper.at(20)?.step).toBe(30);
  });

  it('follows a run that chooses anew, whatever was better before', () => {
    const keeper = new PredictionKeeper();
    evaluated(keeper, 5, true);
    evaluated(keeper, 8, true);
    evaluated(keeper, 10, false);
    expect(keeper.at(8)?.step).toBe(8);
  });

  it('goes on with what a run had said', () => {
    const before = new PredictionKeeper();
    evaluated(before, 5, true);
    evaluated(before, 8, false);
    const after = new PredictionKeeper(before.kept);
    evaluated(after, 10, false);
    expect([after.at(5)?.step, after.at(10)?.step]).toEqual([5, 10]);
  });
});

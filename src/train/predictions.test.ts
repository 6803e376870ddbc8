import { describe, expect, it } from 'vitest';
import { PredictionKeeper } from './predictions.ts';

function evaluated(keeper: PredictionKeeper, step: number, metrics: Record<string, number>): void {
  keeper.take({ logits: Float64Array.of(step), texts: [`after ${step}`] });
  keeper.hear({ type: 'evaluate', step, split: 'validation', metrics });
}

describe('PredictionKeeper', () => {
  it('has the predictions of the best step, of equals the first, and of the last', () => {
    const keeper = new PredictionKeeper('accuracy');
    expect(keeper.at(0)).toBeNull();
    evaluated(keeper, 0, { accuracy: 0.5 });
    evaluated(keeper, 10, { accuracy: 0.8 });
    evaluated(keeper, 20, { accuracy: 0.8 });
    evaluated(keeper, 30, { accuracy: 0.7 });
    expect(keeper.at(10)).toEqual({ step: 10, logits: Float64Array.of(10), texts: ['after 10'] });
    expect(keeper.at(30)?.step).toBe(30);
  });

  it('takes less loss for better and an undefined metric for nothing', () => {
    const keeper = new PredictionKeeper('loss');
    evaluated(keeper, 0, { loss: 2 });
    evaluated(keeper, 5, { loss: 1 });
    evaluated(keeper, 9, { loss: NaN });
    expect(keeper.at(5)?.step).toBe(5);
    expect(keeper.at(7)?.step).toBe(9);
  });

  it('chooses anew in every stage', () => {
    const keeper = new PredictionKeeper('accuracy');
    evaluated(keeper, 5, { accuracy: 0.9 });
    keeper.hear({ type: 'stage', stage: 1, reason: 'completed', step: 5, best: null });
    evaluated(keeper, 8, { accuracy: 0.6 });
    evaluated(keeper, 10, { accuracy: 0.4 });
    expect(keeper.at(8)?.step).toBe(8);
  });
});

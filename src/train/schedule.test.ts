import { describe, expect, it } from 'vitest';
import { learningRateAt } from './schedule.ts';

describe('learningRateAt', () => {
  const rates = (type: 'linear' | 'cosine' | 'constant', steps: number, warmupSteps: number, base = 1) =>
    Array.from({ length: steps }, (_, i) => learningRateAt(i + 1, steps, base, { type, warmupSteps }));

  // transformers 5.18: LambdaLR(get_linear_schedule_with_warmup(opt, 3, 8)), rates seen by steps 1..8.
  it('linear with warm-up starts at 0 and reaches its top after the warm-up', () => {
    const expected = [0, 1 / 3, 2 / 3, 1, 0.8, 0.6, 0.4, 0.2];
    rates('linear', 8, 3).forEach((rate, i) => expect(rate).toBeCloseTo(expected[i], 14));
  });

  it('linear without warm-up starts at the full rate and ends at 1/N of it', () => {
    const expected = [5e-4, 4e-4, 3e-4, 2e-4, 1e-4];
    rates('linear', 5, 0, 5e-4).forEach((rate, i) => expect(rate).toBeCloseTo(expected[i], 14));
  });

  // transformers 5.18: get_cosine_schedule_with_warmup(opt, 2, 6), num_cycles 0.5.
  it('cosine follows half a wave after the warm-up', () => {
    const expected = [0, 0.5, 1, 0.8535533905932737, 0.5, 0.14644660940672627];
    rates('cosine', 6, 2).forEach((rate, i) => expect(rate).toBeCloseTo(expected[i], 14));
  });

  it('constant stays after the warm-up', () => {
    expect(rates('constant', 5, 2)).toEqual([0, 0.5, 1, 1, 1]);
  });

  it('a warm-up as long as the run, or longer, never decays', () => {
    expect(rates('linear', 4, 4)).toEqual([0, 0.25, 0.5, 0.75]);
    expect(rates('linear', 4, 8)).toEqual([0, 0.125, 0.25, 0.375]);
  });
});

import { describe, expect, it } from 'vitest';
import { BUILTIN_TRAITS } from '../deltas/default-rates.ts';
import { stepRate } from '../train/schedule.ts';
import { completeOptimizer } from './spec-optimizer.ts';

describe('the optimizer of a spec', () => {
  it('is AdamW unless it says otherwise', () => {
    expect(completeOptimizer({}, [{ type: 'full' }])).toEqual({
      type: 'adamw',
      learningRate: 5e-4,
      defaultFor: BUILTIN_TRAITS,
      weightDecay: 0,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
    });
  });

  it('completes Adafactor with the defaults of Hugging Face, and a completed one is complete', () => {
    const relative = completeOptimizer({ type: 'adafactor' }, [{ type: 'full' }]);
    expect(relative).toEqual({
      type: 'adafactor',
      relativeStep: true,
      scaleParameter: true,
      warmupInit: false,
      clipThreshold: 1,
      decayRate: -0.8,
      weightDecay: 0,
      epsilon: [1e-30, 1e-3],
    });
    expect(completeOptimizer(relative, [{ type: 'full' }])).toEqual(relative);
    const given = completeOptimizer({ type: 'adafactor', learningRate: 3e-4, beta1: 0.9 }, [
      { type: 'full' },
    ]);
    expect(given).toMatchObject({ relativeStep: false, learningRate: 3e-4, beta1: 0.9 });
    expect(completeOptimizer(given, [{ type: 'full' }])).toEqual(given);
    expect(completeOptimizer({ type: 'adafactor', relativeStep: false }, [{ type: 'full' }])).toMatchObject({
      learningRate: 5e-4,
      defaultFor: BUILTIN_TRAITS,
    });
  });

  it.each([
    [{ relativeStep: true }, /^training\.optimizer\.relativeStep: got true .* it belongs to "adafactor"/],
    [
      { type: 'adafactor', betas: [0.9, 0.99] },
      /^training\.optimizer\.betas: .* training\.optimizer\.beta1 and training\.optimizer\.decayRate instead/,
    ],
    [
      { type: 'adafactor', relativeStep: true, learningRate: 1e-3 },
      /^training\.optimizer\.learningRate: .* leave it out or set training\.optimizer\.relativeStep to false/,
    ],
    [
      { type: 'adafactor', relativeStep: false, warmupInit: true },
      /^training\.optimizer\.warmupInit: .*schedule\.warmupSteps/,
    ],
    [{ type: 'adafactor', epsilon: 1e-8 }, /^training\.optimizer\.epsilon: .* two positive numbers/],
    [
      { type: 'adafactor', headLearningRate: 1e-3 },
      /^training\.optimizer\.headLearningRate: got 0\.001 .* set training\.optimizer\.relativeStep to false/,
    ],
    [
      { learningRate: 0, headLearningRate: 1e-3 },
      /^training\.optimizer\.headLearningRate: .* a multiple of training\.optimizer\.learningRate, which is 0/,
    ],
    [{ epsilon: [1e-30, 1e-3] }, /^training\.optimizer\.epsilon: .* one positive number/],
  ] as const)('refuses %o', (input, message) => {
    expect(() =>
      completeOptimizer(input as Parameters<typeof completeOptimizer>[0], [{ type: 'full' }]),
    ).toThrow(message);
  });

  it('has a rate of the head where one is given, and a task without a head refuses it', () => {
    const optimizer = completeOptimizer({ headLearningRate: 2e-3 }, [{ type: 'lora' }]);
    expect(optimizer).toMatchObject({ learningRate: 5e-3, headLearningRate: 2e-3 });
    expect(completeOptimizer(optimizer, [{ type: 'lora' }])).toEqual(optimizer);
    expect(() => completeOptimizer({ headLearningRate: 2e-3 }, [{ type: 'lora' }], false)).toThrow(
      /^training\.optimizer\.headLearningRate: .* answers in words and has no head of its own/,
    );
  });

  it('trains the head of a random subspace at the head’s own default, unless the rate was given', () => {
    const said = [{ type: 'said', dimension: 10_000 }] as const;
    const optimizer = completeOptimizer({}, said);
    expect(optimizer).toMatchObject({
      learningRate: 3.2e-4,
      headLearningRate: 2e-3,
      defaultFor: { ...BUILTIN_TRAITS, head: true },
    });
    expect(completeOptimizer(optimizer, said)).toEqual(optimizer);
    const { headLearningRate: _, ...before } = optimizer;
    const oneRate = completeOptimizer({ ...before, defaultFor: BUILTIN_TRAITS }, said);
    expect(oneRate).not.toHaveProperty('headLearningRate');
    expect(completeOptimizer({ learningRate: 3.2e-4 }, said)).not.toHaveProperty('headLearningRate');
    expect(completeOptimizer({}, said, false)).not.toHaveProperty('headLearningRate');
    expect(completeOptimizer({ headLearningRate: 2e-3 }, said)).toMatchObject({ defaultFor: BUILTIN_TRAITS });
    expect(completeOptimizer({ type: 'adafactor' }, said)).not.toHaveProperty('headLearningRate');
  });

  it('takes relative steps: 1/√n, at most a hundredth, or warming up', () => {
    const schedule = { type: 'linear', warmupSteps: 0 } as const;
    const rateAt = (step: number, warmupInit: boolean): number => {
      const optimizer = completeOptimizer({ type: 'adafactor', warmupInit }, [{ type: 'full' }]);
      return stepRate(step, { steps: 100, optimizer, schedule });
    };
    expect(rateAt(1, false)).toBe(1e-2);
    expect(rateAt(40_000, false)).toBe(1 / 200);
    expect(rateAt(3, true)).toBeCloseTo(3e-6, 12);
    const adamw = completeOptimizer({ learningRate: 1 }, [{ type: 'full' }]);
    expect(stepRate(51, { steps: 100, optimizer: adamw, schedule })).toBe(0.5);
  });
});

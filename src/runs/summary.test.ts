import { describe, expect, it } from 'vitest';
import type { MemoryBytes } from '../plan/plan.ts';
import type { RunEvent } from '../train/events.ts';
import { median, summarize } from './summary.ts';

const memory: MemoryBytes = {
  frozenWeights: 1,
  trainable: 2,
  gradients: 3,
  optimizer: 4,
  activations: 5,
  workspace: 6,
  batch: 7,
  total: 28,
};

const step = (n: number, loss: number, milliseconds: number): RunEvent => ({
  type: 'step',
  step: n,
  loss,
  learningRate: 1e-3,
  gradNorm: 1,
  milliseconds,
  tokens: 100,
});

const evaluation = (n: number, accuracy: number): RunEvent => ({
  type: 'evaluate',
  step: n,
  split: 'validation',
  metrics: { accuracy, loss: 1 - accuracy },
});

const events: RunEvent[] = [
  {
    type: 'start',
    time: '2026-01-01T00:00:00.000Z',
    adapter: { vendor: 'v', description: 'd' },
    trainableParameters: 10,
    totalParameters: 100,
  },
  { type: 'memory', predicted: memory, allocated: memory },
  evaluation(0, 0.5),
  step(1, 0.7, 40),
  step(2, 0.6, 10),
  evaluation(2, 0.8),
  step(3, 0.5, 10),
  evaluation(3, 0.7),
  {
    type: 'end',
    reason: 'completed',
    step: 3,
    best: { step: 2, metric: 'accuracy', value: 0.8 },
    seconds: 1.5,
  },
];

describe('summarize', () => {
  it('folds a whole run', () => {
    expect(summarize(events)).toEqual({
      reason: 'completed',
      scores: { validation: { accuracy: 0.8, loss: 1 - 0.8 } },
      steps: 3,
      trainableParameters: 10,
      totalParameters: 100,
      initial: { step: 0, metrics: { accuracy: 0.5, loss: 0.5 } },
      best: { step: 2, metrics: { accuracy: 0.8, loss: 1 - 0.8 }, metric: 'accuracy', value: 0.8 },
      last: { step: 3, metrics: { accuracy: 0.7, loss: 1 - 0.7 } },
      firstLoss: 0.7,
      lastLoss: 0.5,
      seconds: 1.5,
      millisecondsPerStep: 10,
      tokens: 300,
      tokensPerSecond: 5000,
      memory: { predicted: memory, allocated: memory },
    });
  });

  it('gives weights that were trained on no score of the untuned model, where scoring them was given up', () => {
    const stopped = (more: RunEvent[], best: number): RunEvent[] => [
      ...events.slice(0, 5),
      ...more,
      {
        type: 'end',
        reason: 'stopped',
        step: 2,
        best: { step: best, metric: 'accuracy', value: best === 0 ? 0.5 : 0.8 },
        seconds: 1,
      },
    ];
    expect(summarize(stopped([], 0))).not.toHaveProperty('scores');
    expect(summarize(stopped([evaluation(2, 0.8)], 2)).scores?.validation).toMatchObject({ accuracy: 0.8 });
    // Scored and no better than the untuned model: that is what is kept.
    expect(summarize(stopped([evaluation(2, 0.4)], 0)).scores?.validation).toMatchObject({ accuracy: 0.5 });
  });

  it('knows nothing of what was not measured', () => {
    const end: RunEvent = {
      type: 'end',
      reason: 'failed',
      step: 0,
      best: null,
      seconds: 0,
      message: 'no room',
    };
    expect(summarize([end])).toMatchObject({
      reason: 'failed',
      message: 'no room',
      steps: 0,
      lastLoss: null,
      millisecondsPerStep: null,
      tokensPerSecond: null,
    });
    expect(summarize([end])).not.toHaveProperty('best');
  });
});

it('median is the middle, or the mean of the two', () => {
  expect([median([]), median([3]), median([9, 1, 5]), median([4, 1, 3, 100])]).toEqual([null, 3, 5, 3.5]);
});

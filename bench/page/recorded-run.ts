/** Events of a run as the worker reports them: a noisy loss that falls, an evaluation every 250 steps. */
import type { RunEvent } from '../../src/train/events.ts';

export const RUNS = ['full', 'lora', 'prompt', 'head', 'prefix', 'adapter', 'bitfit', 'ia3'] as const;
export const STEPS = 5000;
const EVALUATE_EVERY = 250;

export function recordedRun(method: string, seed: number): RunEvent[] {
  let state = seed + 1;
  const random = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
  const bytes = {
    frozenWeights: 7e6,
    trainable: 1e5,
    gradients: 1e5,
    optimizer: 2e5,
    activations: 2e7,
    workspace: 1e5,
    batch: 1e4,
    total: 2.75e7,
  };
  const events: RunEvent[] = [
    {
      type: 'start',
      time: '2026-01-01T00:00:00.000Z',
      adapter: { vendor: 'replay', description: method },
      trainableParameters: 1000 * (seed + 1),
      totalParameters: 1_883_520,
    },
    { type: 'memory', predicted: bytes, allocated: bytes },
  ];
  for (let step = 1; step <= STEPS; step++) {
    const fall = 0.25 + 0.45 * Math.exp(-step / (500 + 200 * seed));
    events.push({
      type: 'step',
      step,
      loss: fall + 0.2 * (random() - 0.5),
      learningRate: 1e-3,
      gradNorm: 1 + random(),
      milliseconds: 8 + 4 * random(),
      tokens: 300,
    });
    if (step % EVALUATE_EVERY === 0) {
      const metrics = { accuracy: 1 - fall, f1: 1 - fall, matthews: 0.9 - fall, loss: fall };
      events.push({ type: 'evaluate', step, split: 'validation', metrics });
    }
  }
  return events;
}

/**
 * Learning-rate schedules, as in Hugging Face's `get_linear_schedule_with_warmup`,
 * `get_cosine_schedule_with_warmup` and `get_constant_schedule_with_warmup`.
 */
import type { StepSettings } from './instance.ts';
import type { ScheduleSpec, TrainingSpec } from '../runs/spec-training.ts';

/**
 * The learning rate of one optimizer step as the optimizer takes it: the schedule's, or with Adafactor's relative
 * step min(10⁻², 1/√n), or min(10⁻⁶·n, 1/√n) where it warms up (Shazeer and Stern, 2018, section 8).
 */
export function stepRate(
  step: number,
  { steps, optimizer, schedule }: Pick<TrainingSpec, 'steps' | 'optimizer' | 'schedule'>,
): number {
  if (optimizer.learningRate !== undefined)
    return learningRateAt(step, steps, optimizer.learningRate, schedule);
  const warmupInit = optimizer.type === 'adafactor' && optimizer.warmupInit;
  return Math.min(warmupInit ? 1e-6 * step : 1e-2, 1 / Math.sqrt(step));
}

/**
 * What an optimizer step takes.
 * @param turn how often it has been the turn of the step's task, of several: what that task alone trains counts so
 */
export function stepSettings(
  step: number,
  learningRate: number,
  training: Pick<TrainingSpec, 'steps' | 'optimizer' | 'schedule'>,
  turn: { step: number } | null,
): StepSettings {
  const settings = { optimizerStep: step, learningRate };
  if (turn === null) return settings;
  // A schedule goes by the run's steps; a relative rate by those that a tensor has taken.
  const relative = training.optimizer.learningRate === undefined;
  const rate = relative ? stepRate(turn.step, training) : learningRate;
  return { ...settings, task: { optimizerStep: turn.step, learningRate: rate } };
}

/**
 * The learning rate that a schedule gives one optimizer step.
 *
 * With n from 1, N steps and W warm-up steps, the factor is (n−1)/W while n ≤ W, then
 * linear (N−n+1)/(N−W), cosine ½(1 + cos π(n−1−W)/(N−W)), constant 1.
 * @param step n, from 1
 * @param steps N
 * @param base the rate that the factor scales
 */
export function learningRateAt(step: number, steps: number, base: number, schedule: ScheduleSpec): number {
  const done = step - 1;
  const warmup = schedule.warmupSteps;
  if (done < warmup) return base * (done / warmup);
  // The factor comes first, as in PyTorch's LambdaLR, so that a factor of 1 gives the rate exactly.
  const span = Math.max(1, steps - warmup);
  switch (schedule.type) {
    case 'linear':
      return base * (Math.max(0, steps - done) / span);
    case 'cosine':
      return base * Math.max(0, 0.5 * (1 + Math.cos((Math.PI * (done - warmup)) / span)));
    case 'constant':
      return base;
  }
}

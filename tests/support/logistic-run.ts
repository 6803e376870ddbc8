/** A training loop over a model with true gradients, for tests. */
import { completeTraining, type TrainingInput } from '../../src/runs/spec-training.ts';
import type { EndEvent, EvaluateEvent, RunEvent, StepEvent } from '../../src/train/events.ts';
import type { Instance } from '../../src/train/instance.ts';
import { TrainingRun, type Scores, type TrainingRunOptions } from '../../src/train/training-run.ts';
import { LogisticInstance, countingBatch } from './logistic-instance.ts';

export const adapter = { vendor: 'none', description: 'this process' };

/** Accuracy and mean loss on rows that training does not see. */
export async function evaluate(instance: Instance): Promise<Scores> {
  const batch = countingBatch(1000, 20);
  const logits = await instance.forward(batch);
  let right = 0;
  let loss = 0;
  for (let row = 0; row < batch.rows; row++) {
    const [a, b] = [logits[2 * row], logits[2 * row + 1]];
    if ((b > a ? 1 : 0) === batch.labels[row]) right++;
    const top = Math.max(a, b);
    loss += top + Math.log(Math.exp(a - top) + Math.exp(b - top)) - (batch.labels[row] === 0 ? a : b);
  }
  return { metrics: { accuracy: right / batch.rows, loss: loss / batch.rows } };
}

export function makeRun(input: TrainingInput, options: Partial<TrainingRunOptions> = {}) {
  const events: RunEvent[] = [];
  const instance = new LogisticInstance();
  const training = completeTraining(input, [{ type: 'full' }], 'loss', true);
  const run = new TrainingRun({
    instance,
    training,
    batchesOf: (step) =>
      Array.from({ length: training.gradientAccumulation }, (_, k) =>
        countingBatch(
          ((step - 1) * training.gradientAccumulation + k) * training.batchSize,
          training.batchSize,
        ),
      ),
    evaluate,
    emit: (event) => events.push(event),
    adapter,
    ...options,
  });
  const steps = () => events.filter((event): event is StepEvent => event.type === 'step');
  const evaluations = () => events.filter((event): event is EvaluateEvent => event.type === 'evaluate');
  const end = () => events.filter((event): event is EndEvent => event.type === 'end');
  return { run, instance, events, steps, evaluations, end };
}

export async function toEnd(run: TrainingRun): Promise<void> {
  while (await run.advance());
}

export const short: TrainingInput = {
  steps: 12,
  batchSize: 8,
  evaluateEvery: 5,
  optimizer: { learningRate: 0.05 },
};

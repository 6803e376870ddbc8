/** The `stages` of a run spec: methods trained in turn, each over what the ones before it learned. */
import { say } from '../sentence.ts';
import { z } from 'zod';
import type { MetricName } from '../train/metrics/metrics.ts';
import { record } from './fields.ts';
import { expects, fieldError } from './refusal.ts';
import { hasHead, type Task } from './spec-data.ts';
import type { Preset } from '../deltas/defaults.ts';
import { completeMethod, delegate, methodList, methodSchema } from './spec-method.ts';
import type { MethodInput, Methods } from './spec-method.ts';
import { completeTraining, mergeTraining, trainingSchema } from './spec-training.ts';
import type { TrainingInput, TrainingSpec } from './spec-training.ts';

/** What a stage sets for itself; the rest of `training` holds for all stages. */
const { steps, optimizer, schedule } = trainingSchema.shape;
const ownTraining = record({ steps, optimizer, schedule });

const entry = record({ method: methodSchema, training: ownTraining.optional() });

const stageSchema = delegate<StageInput | MethodInput | MethodInput[]>((value) =>
  typeof value === 'object' && value !== null && 'method' in value ? entry : methodSchema,
);

/** Methods to train in turn: each a method, a list of methods, or `{ "method", "training" }`. */
export const stagesSchema = z
  .array(stageSchema, { error: expects(say`a list of methods to train in turn`) })
  .min(1, { error: expects(say`a list with at least one method`) });

export type StageInput = z.output<typeof entry>;
export type StagesInput = z.output<typeof stagesSchema>;

/** A completed stage. */
export interface StageSpec {
  method: Methods;
  training: Pick<TrainingSpec, 'steps' | 'optimizer' | 'schedule'>;
}

/** Methods that put virtual tokens before the text; the rewrite of each can be there once. */
const ONCE = new Set(['prompt', 'multitaskPrompt', 'ipt', 'prefix', 'mam', 'unipelt']);

/**
 * Fills in the documented defaults; an omitted learning rate is that of the stage's own method.
 * @param where path of the list, for the refusal
 * @throws StudioError `spec` for stages that cannot follow each other
 */
export function completeStages(
  input: StagesInput,
  training: TrainingInput,
  metric: MetricName,
  validates: boolean,
  task?: Task,
  where = 'stages',
  preset?: Preset,
): StageSpec[] {
  const seen = new Set<string>();
  return input.map((stage, i) => {
    const { method, training: own = {} } = entryOf(stage);
    const completed = completeMethod(method, `${where}[${i}]`, task, preset);
    const types = methodList(completed).map(({ type }) => type);
    const again = types.find((type) => ONCE.has(type) && seen.has(type));
    if (again !== undefined) {
      throw fieldError(
        `${where}[${i}]`,
        method,
        say`another method than "${again}", which an earlier stage has: its virtual tokens can be added once`,
      );
    }
    for (const type of types) seen.add(type);
    const whole = completeTraining(
      mergeTraining(training, own),
      methodList(completed),
      metric,
      validates,
      task === undefined || hasHead(task),
    );
    return {
      method: completed,
      training: { steps: whole.steps, optimizer: whole.optimizer, schedule: whole.schedule },
    };
  });
}

function entryOf(stage: StagesInput[number]): StageInput {
  return !Array.isArray(stage) && 'method' in stage ? stage : { method: stage };
}

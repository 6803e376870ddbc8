/** The `training` of a run spec: how many steps, of what, with which optimizer and schedule. */
import type { z } from 'zod';
import { PRECISIONS, type Precision } from '../plan/precisions.ts';
import { RECOMPUTE_MODES, type RecomputeMode } from '../plan/recompute-modes.ts';
import type { MetricName } from '../train/metrics/metrics.ts';
import type { RatedMethod } from '../deltas/default-rates.ts';
import { completeOptimizer, optimizerSchema } from './spec-optimizer.ts';
import type { OptimizerSpec } from './spec-optimizer.ts';
import { flag, fraction, integer, MOST_SEED, numberFrom, oneOf, record } from './fields.ts';

/** Metrics a run can be judged by; `loss` and `perplexity` are better when lower, the others when higher. */
export const METRIC_NAMES = [
  'accuracy',
  'f1',
  'matthews',
  'pearson',
  'spearman',
  'loss',
  'perplexity',
  'exactMatch',
  'tokenF1',
  'rouge1',
  'rouge2',
  'rougeL',
  'bleu',
  'chrf',
] as const satisfies readonly MetricName[];

export const TASK_SAMPLINGS = ['proportional', 'equal'] as const;
export type TaskSampling = (typeof TASK_SAMPLINGS)[number];

export const trainingSchema = record({
  steps: integer(0).optional(),
  batchSize: integer(1, 65536).optional(),
  gradientAccumulation: integer(1).optional(),
  seed: integer(0, MOST_SEED).optional(),
  shuffle: flag().optional(),
  optimizer: optimizerSchema.optional(),
  schedule: record({
    type: oneOf(['linear', 'cosine', 'constant']).optional(),
    warmupSteps: integer(0).optional(),
  }).optional(),
  taskSampling: oneOf(TASK_SAMPLINGS).optional(),
  maxGradNorm: numberFrom(0).optional(),
  dropout: fraction().optional(),
  recompute: oneOf(RECOMPUTE_MODES).optional(),
  precision: oneOf(PRECISIONS).optional(),
  fitMemory: integer(1).optional(),
  evaluateEvery: integer(0).optional(),
  metric: oneOf(METRIC_NAMES).optional(),
  keepBest: flag().optional(),
  earlyStopping: record({
    patience: integer(1).optional(),
    minDelta: numberFrom(0).optional(),
  }).optional(),
});

export type { MetricName };

/** `training` as written in a spec. */
export type TrainingInput = z.output<typeof trainingSchema>;

export type { OptimizerSpec } from './spec-optimizer.ts';

export interface ScheduleSpec {
  type: 'linear' | 'cosine' | 'constant';
  warmupSteps: number;
}

export interface TrainingSpec {
  /** Optimizer steps; with none the model is scored and kept as it starts. */
  steps: number;
  /** Rows of a micro-batch. */
  batchSize: number;
  /** Micro-batches of one optimizer step. */
  gradientAccumulation: number;
  seed: number;
  shuffle: boolean;
  /** Of several tasks: whether each is trained on as often as it has batches, or all alike. */
  taskSampling?: TaskSampling;
  optimizer: OptimizerSpec;
  schedule: ScheduleSpec;
  /** Global norm to clip to; 0 does not clip. */
  maxGradNorm: number;
  dropout: number;
  /** What the backward pass makes anew rather than keep; absent: what costs nothing that could be measured. */
  recompute?: RecomputeMode;
  /** Bytes that the run may take on the device: decides what is recomputed, where that is not said. */
  fitMemory?: number;
  /** How weights and activations are stored; absent: in single precision. */
  precision?: Precision;
  /** Evaluate at step 0, every so many steps and at the end; 0 never evaluates. */
  evaluateEvery: number;
  /** What the best step is judged by; the task's own metric unless given. */
  metric: MetricName;
  /** End with the weights of the best evaluation rather than the last step's. */
  keepBest: boolean;
  /** Stop after `patience` evaluations in a row that do not improve on the best by more than `minDelta`. */
  earlyStopping?: { patience: number; minDelta: number };
}

export const TRAINING_DEFAULTS = {
  steps: 200,
  batchSize: 16,
  gradientAccumulation: 1,
  seed: 42,
  shuffle: true,
  weightDecay: 0,
  schedule: 'linear',
  warmupSteps: 0,
  maxGradNorm: 1,
  dropout: 0,
  evaluateEvery: 50,
  patience: 3,
  minDelta: 0,
} as const;

/**
 * Fills in the documented defaults.
 * @param methods whose learning rate an omitted one stands for; the smallest, where several train at once
 * @param metric the task's own metric
 * @param validates is there anything to evaluate on? Without it `evaluateEvery` defaults to 0
 * @param headed has the model a head of the task's own?
 */
export function completeTraining(
  input: TrainingInput,
  methods: readonly RatedMethod[],
  metric: MetricName,
  validates: boolean,
  headed = true,
): TrainingSpec {
  const d = TRAINING_DEFAULTS;
  const evaluateEvery = input.evaluateEvery ?? (validates ? d.evaluateEvery : 0);
  return {
    steps: input.steps ?? d.steps,
    batchSize: input.batchSize ?? d.batchSize,
    gradientAccumulation: input.gradientAccumulation ?? d.gradientAccumulation,
    seed: input.seed ?? d.seed,
    shuffle: input.shuffle ?? d.shuffle,
    ...(input.taskSampling && { taskSampling: input.taskSampling }),
    optimizer: completeOptimizer(input.optimizer ?? {}, methods, headed),
    schedule: {
      type: input.schedule?.type ?? d.schedule,
      warmupSteps: input.schedule?.warmupSteps ?? d.warmupSteps,
    },
    maxGradNorm: input.maxGradNorm ?? d.maxGradNorm,
    dropout: input.dropout ?? d.dropout,
    ...(input.recompute && { recompute: input.recompute }),
    ...(input.precision && { precision: input.precision }),
    ...(input.fitMemory && { fitMemory: input.fitMemory }),
    evaluateEvery,
    metric: input.metric ?? metric,
    keepBest: input.keepBest ?? evaluateEvery > 0,
    ...(input.earlyStopping && {
      earlyStopping: {
        patience: input.earlyStopping.patience ?? d.patience,
        minDelta: input.earlyStopping.minDelta ?? d.minDelta,
      },
    }),
  };
}

/** One training laid over another: what `over` says counts, the rest is `base`'s. */
export function mergeTraining(base: TrainingInput, over: TrainingInput): TrainingInput {
  return {
    ...base,
    ...over,
    optimizer: { ...base.optimizer, ...over.optimizer },
    schedule: { ...base.schedule, ...over.schedule },
    ...(base.earlyStopping || over.earlyStopping
      ? { earlyStopping: { ...base.earlyStopping, ...over.earlyStopping } }
      : {}),
  };
}

/** What a run's task makes of the model and of the rows: the same for training, evaluation and prediction. */
import { encodeSteps, type EncodedDataset, type EncodeOptions } from '../data/batching/encoded.ts';
import type { Dataset } from '../data/dataset.ts';
import type { LabelSpace } from '../data/labels.ts';
import type { Tokenizer } from '../data/tokenizer/tokenizer.ts';
import { checkWrittenWords, labelWordIds } from '../data/verbalizer.ts';
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { prepareForTask } from '../models/heads.ts';
import type { Model } from '../models/model.ts';
import { withWordHead, type WordHeadOptions } from '../models/word-head.ts';
import type { RunSpec, Task } from '../runs/spec.ts';
import { metricTaskOf } from '../runs/spec-texts.ts';
import { atOnce, type Steps } from '../steps.ts';
import type { LogitTask, MetricTask } from './metrics/metrics.ts';

type TaskSpec = Pick<RunSpec, 'model' | 'data' | 'training'>;

/**
 * The model with the output that the task is trained by.
 * @param labels the classes; null where there are none
 * @throws StudioError where the model cannot do the task, or a label's word is none of its vocabulary
 */
export function modelForTask(
  base: Model,
  { model: wanted, data, training }: TaskSpec,
  labels: LabelSpace | null,
  tokenizer: Tokenizer,
): Model {
  const { task, pooling, head } = wanted;
  switch (task) {
    case 'classification':
    case 'regression':
      if (writesTexts(base))
        throw new StudioError(
          'spec',
          say`${field('model.task')}: got "${task}", and ${base.source} writes texts and has no classifier; take the task "text2text", for classes with ${field('data.verbalizer')}.`,
          { where: 'model.task' },
        );
      return prepareForTask(base, {
        task,
        labels: labels?.names ?? [],
        pooling,
        seed: training.seed,
        fresh: head === 'fresh',
      });
    case 'maskedLm':
      return withWordHead(base, wordHead(data, labels!, tokenizer));
    case 'text2text':
      if (!writesTexts(base))
        throw new StudioError(
          'spec',
          say`${field('model.task')}: got "text2text", and ${base.source} has no decoder to write a text with; choose a T5, or the task "classification".`,
          { where: 'model.task' },
        );
      if (data.verbalizer) checkWrittenWords(tokenizer, data.verbalizer);
      return base;
  }
}

/** The mask and the label words as ids. @throws StudioError('tokenizer') without a mask token, ('spec') for a word */
function wordHead(
  { template, verbalizer }: RunSpec['data'],
  space: LabelSpace,
  tokenizer: Tokenizer,
): WordHeadOptions {
  if (tokenizer.maskId === null)
    throw new StudioError(
      'tokenizer',
      say`The tokenizer has no mask token, which the task "maskedLm" fills in; use the tokenizer.json that belongs to the model.`,
      { where: 'tokenizer.json' },
    );
  const wordIds = labelWordIds(tokenizer, template!, verbalizer!, space);
  return { maskId: tokenizer.maskId, wordIds, labels: space.names };
}

/** Has a model a decoder? */
function writesTexts({ graph }: Pick<Model, 'graph'>): boolean {
  return graph.inputs.some(({ name }) => name === 'decoder_input_ids');
}

/** What a model can be asked to do, the likeliest first. */
export function tasksOf({ graph, task }: Pick<Model, 'graph' | 'task'>): Task[] {
  if (writesTexts({ graph })) return ['text2text'];
  return ['classification', 'regression', ...(task === 'maskedLm' ? (['maskedLm'] as const) : [])];
}

/** The rows as the task's batches are made from, a step each; those without tokens are refused, or left out. */
export function encodeTaskSteps(
  dataset: Dataset,
  tokenizer: Tokenizer,
  { data }: Pick<RunSpec, 'data'>,
  config: Model['config'],
  options: Pick<EncodeOptions, 'emptyRows'> = {},
): Steps<EncodedDataset> {
  const { maxLength, maxTargetLength, template, verbalizer } = data;
  return encodeSteps(dataset, tokenizer, maxLength, {
    ...(template !== undefined && { template }),
    ...options,
    ...(maxTargetLength !== undefined && {
      targets: {
        maxLength: maxTargetLength,
        startId: decoderStart(config, tokenizer),
        ...(verbalizer && { words: Object.values(verbalizer) }),
      },
    }),
  });
}

/** All steps of `encodeTaskSteps` at once. */
export function encodeForTask(...asked: Parameters<typeof encodeTaskSteps>): EncodedDataset {
  return atOnce(encodeTaskSteps(...asked));
}

/** What a decoder reads first: T5's is the padding token. */
export function decoderStart(config: Model['config'], tokenizer: Tokenizer): number {
  const { decoder_start_token_id: start } = config;
  return typeof start === 'number' ? start : tokenizer.padId;
}

/** The words that a run which writes answers its classes by, in the order of the classes; null where it has none. */
export function labelWords(
  { model, data }: Pick<RunSpec, 'model' | 'data'>,
  labels: LabelSpace | null,
): string[] | null {
  const { verbalizer } = data;
  if (model.task !== 'text2text' || labels === null || verbalizer === undefined) return null;
  return labels.names.map((name) => verbalizer[name]);
}

/** How a run is measured. */
export function metricTask({ model, data }: Pick<RunSpec, 'model' | 'data'>): MetricTask {
  return metricTaskOf(model.task, data.verbalizer);
}

/** How a run is measured that answers by logits a row. */
export function logitTask(spec: Pick<RunSpec, 'model' | 'data'>): LogitTask {
  const task = metricTask(spec);
  if (task === 'text2text' || task === 'textClassification')
    throw new Error(`internal: "${task}" is not measured by logits a row`);
  return task;
}

/** Columns of the logits. */
export function outputsOf({ model }: Pick<RunSpec, 'model'>, labels: LabelSpace | null): number {
  return model.task === 'regression' ? 1 : (labels?.names.length ?? 0);
}

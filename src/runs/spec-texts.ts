/** Fields of a run spec that have to do with templates, label words and targets: what suits which task. */
import { field, listed, say, type Sentence, type SentenceValue } from '../sentence.ts';
import type { z } from 'zod';
import { parseTemplate, slotsOf } from '../data/template.ts';
import { metricsFor, type MetricName, type MetricTask } from '../train/metrics/metrics.ts';
import { integer, record } from './fields.ts';
import { fieldError } from './refusal.ts';
import type { DataInput, Task } from './spec-data-schema.ts';

export const generationSchema = record({
  maxNewTokens: integer(1).optional(),
  beams: integer(1, 32).optional(),
  rows: integer(0).optional(),
});

export type GenerationInput = z.output<typeof generationSchema>;

/** How texts are generated, for `text2text`. */
export interface GenerationSpec {
  /** Tokens after which a text that has not ended is cut. */
  maxNewTokens: number;
  /** Beams of the search; 1 is greedy. */
  beams: number;
  /** Validation rows, from the first, that evaluations of a training run generate texts for; 0 for none. */
  rows: number;
}

/** Greedy; a few dozen rows show how texts come along at little cost. */
const GENERATION_DEFAULTS = { beams: 1, rows: 64 } as const;

/** @throws StudioError `spec` where the task generates nothing */
export function completeGeneration(
  input: GenerationInput | undefined,
  task: Task,
  maxTargetLength: number | undefined,
): GenerationSpec | undefined {
  if (task !== 'text2text' || maxTargetLength === undefined) {
    if (input !== undefined) throw fieldError('generation', input, leftOut(task, TEXT_TO_TEXT));
    return undefined;
  }
  return {
    maxNewTokens: input?.maxNewTokens ?? maxTargetLength,
    beams: input?.beams ?? GENERATION_DEFAULTS.beams,
    rows: input?.rows ?? GENERATION_DEFAULTS.rows,
  };
}

/** What a run is measured by: text to text with label words is a classification too. */
export function metricTaskOf(task: Task, verbalizer: object | undefined): MetricTask {
  if (task === 'maskedLm') return 'classification';
  if (task === 'text2text' && verbalizer !== undefined) return 'textClassification';
  return task;
}

/** @throws StudioError when the task has no such metric, or the run does not generate what it is made from */
export function checkMetric(
  metric: MetricName | undefined,
  task: MetricTask,
  generation: GenerationSpec | undefined,
): void {
  if (metric === undefined) return;
  const { names, generated } = metricsFor(task);
  if (!names.includes(metric)) {
    const accepted = names.map((name) => `"${name}"`).join(', ');
    throw fieldError('training.metric', metric, say`a metric of ${task}: ${accepted}`);
  }
  if (generated.includes(metric) && generation?.rows === 0) {
    throw fieldError(
      'training.metric',
      metric,
      say`a metric that needs no generated texts, since ${field('generation.rows')} is 0`,
    );
  }
}

const leftOut = (task: Task, owner: SentenceValue) =>
  say`it to be left out of a "${task}": it belongs to ${owner}`;
const TEXT_TO_TEXT = say`"${'text2text'}"`;
const CLASSIFICATION = say`"${'classification'}"`;
const TEMPLATED = listed([say`"${'maskedLm'}"`, TEXT_TO_TEXT]);
const BY_LOGITS = listed([CLASSIFICATION, say`"${'maskedLm'}"`]);
const WITH_CLASSES = say`tasks with classes`;

/** Fields that belong to other tasks. @throws StudioError `spec` */
export function refuseFields(input: DataInput, task: Task): void {
  const { columns, template, verbalizer, maxTargetLength, fewShot, labels, classWeights } = input;
  const refuse = (path: string, value: unknown, owner: SentenceValue): void => {
    if (value !== undefined) throw fieldError(`data.${path}`, value, leftOut(task, owner));
  };
  if (task !== 'classification') refuse('labels', labels, CLASSIFICATION);
  // To weigh all classes alike where there are none is no mistake.
  if ((task === 'regression' || task === 'text2text') && classWeights !== 'none')
    refuse('classWeights', classWeights, BY_LOGITS);
  if (task !== 'text2text') {
    refuse('columns.target', columns?.target, TEXT_TO_TEXT);
    refuse('maxTargetLength', maxTargetLength, TEXT_TO_TEXT);
    if (task !== 'maskedLm') {
      refuse('template', template, TEMPLATED);
      refuse('verbalizer', verbalizer, TEMPLATED);
    }
  } else if (verbalizer === undefined) {
    if (columns?.label !== undefined) {
      throw fieldError(
        'data.columns.label',
        columns.label,
        say`${field('data.columns.target')} for text to text, or words for the labels in ${field('data.verbalizer')}`,
      );
    }
    refuse('fewShot', fewShot, WITH_CLASSES);
  } else
    refuse(
      'columns.target',
      columns?.target,
      say`text to text without a verbalizer, whose words are the targets`,
    );
  if (task === 'regression') {
    refuse('fewShot', fewShot, WITH_CLASSES);
    // Not to stratify what cannot be is no mistake.
    if (input.stratify === true) refuse('stratify', true, WITH_CLASSES);
  }
}

/** @throws StudioError `spec` for a template that lacks a slot or has one it cannot fill */
export function checkTemplate({ template, columns }: DataInput, task: Task): void {
  if (template === undefined) {
    if (task !== 'maskedLm') return;
    throw fieldError('data.template', template, say`a template such as "{text} It was {mask}."`);
  }
  const slots = slotsOf(parseTemplate(template));
  const complain = (expected: Sentence) => fieldError('data.template', template, expected);
  const unknown = slots.find((slot) => !['text', 'text2', 'mask'].includes(slot));
  if (unknown !== undefined) throw complain(say`{text}, {text2} or {mask} in place of {${unknown}}`);
  const twice = slots.find((slot, i) => slots.indexOf(slot) !== i);
  if (twice !== undefined) throw complain(say`{${twice}} to stand once`);
  if (!slots.includes('text')) throw complain(say`a template with {text}, where the text goes`);
  const masked = slots.includes('mask');
  if (task === 'maskedLm' && !masked) throw complain(say`a template with {mask}, where the word goes`);
  if (task === 'text2text' && masked) {
    throw complain(say`a template without {mask}: in "text2text" the model writes its answer itself`);
  }
  if (columns?.text === undefined) return;
  if (slots.includes('text2') && columns.text.length < 2) {
    throw fieldError(
      'data.columns.text',
      columns.text,
      say`two columns, since ${field('data.template')} has {text2}`,
    );
  }
  if (!slots.includes('text2') && columns.text.length > 1) {
    throw fieldError(
      'data.columns.text',
      columns.text,
      say`one column, since ${field('data.template')} has no {text2}`,
    );
  }
}

/** @throws StudioError `spec` where label words are missing or not distinct */
export function checkVerbalizer({ verbalizer }: DataInput, task: Task): void {
  const example = say`a word for each label such as {"0": "bad", "1": "good"}`;
  if (verbalizer === undefined) {
    if (task === 'maskedLm') throw fieldError('data.verbalizer', verbalizer, example);
    return;
  }
  const words = Object.values(verbalizer).map((word) => word.trim());
  if (words.length < 2) throw fieldError('data.verbalizer', verbalizer, say`at least two labels: ${example}`);
  const twice = words.find((word, i) => words.indexOf(word) !== i);
  if (twice !== undefined) {
    throw fieldError(
      'data.verbalizer',
      verbalizer,
      say`a different word for each label; "${twice}" stands for two`,
    );
  }
}

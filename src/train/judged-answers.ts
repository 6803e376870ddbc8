/** What a run answers to the rows that it is judged by, row by row: with one seed these are what is tested. */
import type { RunSpec } from '../runs/spec.ts';
import type { AnswersEvent } from './events.ts';
import { argmaxRows } from './metrics/classification.ts';
import { ROW_METRICS, rowScores } from './metrics/text/score.ts';
import type { PredictionKeeper } from './predictions.ts';
import type { Prepared } from './prepared.ts';

/**
 * Of the test set where it was scored, else of validation.
 * @param step of the weights that were kept
 * @returns null without answers of those weights, or without numbers
 */
export function judgedAnswers(
  { model, training: { metric } }: Pick<RunSpec, 'model' | 'training'>,
  { test, validation, labelSpace }: Pick<Prepared, 'test' | 'validation' | 'labelSpace'>,
  keeper: PredictionKeeper,
  step: number,
): AnswersEvent | null {
  const split = keeper.test === null ? 'validation' : 'test';
  const data = split === 'test' ? test : validation;
  const answers = keeper.test ?? keeper.at(step);
  if (data === null || answers?.step !== step) return null;
  const told = (truth: ArrayLike<number>, given: ArrayLike<number>): AnswersEvent => ({
    type: 'answers',
    split,
    step,
    truth: numbersText(truth),
    given: numbersText(given),
  });
  const name = ROW_METRICS.find((one) => one === metric);
  if (model.task === 'text2text' && !labelSpace && name !== undefined) {
    const { references } = data.dataset;
    if (!references || !answers.texts?.length) return null;
    const scores = rowScores(answers.texts, references.slice(0, answers.texts.length))[name];
    return told(new Float64Array(scores.length).fill(1), scores);
  }
  const regression = model.task === 'regression';
  const columns = regression ? 1 : (labelSpace?.names.length ?? 0);
  if (columns === 0 || answers.logits.length !== data.rows * columns) return null;
  const given = regression ? answers.logits : argmaxRows(answers.logits, columns);
  return told(data.labels, given);
}

/** Six digits tell any two values apart that a metric would. */
function numbersText(values: ArrayLike<number>): string {
  return Array.from(values, (value) => String(Number(value.toPrecision(6)))).join(' ');
}

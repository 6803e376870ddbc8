/** What a run answers to the rows that it is judged by, row by row: with one seed these are what is tested. */
import type { RunSpec } from '../runs/spec.ts';
import { taskView } from '../runs/spec-tasks.ts';
import type { AnswersEvent } from './events.ts';
import { argmaxRows } from './metrics/classification.ts';
import { ROW_METRICS, rowScores } from './metrics/text/score.ts';
import type { PredictionKeeper, StepPredictions } from './predictions.ts';
import type { Prepared } from './prepared.ts';
import { answersOfTasks } from './task-answers.ts';

/**
 * Of the test set where it was scored, else of validation; of several tasks each one's.
 * @param step of the weights that were kept
 * @returns none without answers of those weights, or without numbers
 */
export function judgedAnswers(
  spec: RunSpec,
  prepared: Pick<Prepared, 'test' | 'validation' | 'labelSpace' | 'tasks'>,
  keeper: PredictionKeeper,
  step: number,
): AnswersEvent[] {
  const split = keeper.test === null ? 'validation' : 'test';
  const answers = keeper.test ?? keeper.at(step);
  if (answers?.step !== step) return [];
  const { tasks } = prepared;
  if (tasks === undefined) return told(spec, prepared, split, answers);
  const each = answersOfTasks(answers, prepared, spec, split) ?? [];
  return each.flatMap((own, i) =>
    told(taskView(spec, i), tasks[i].prepared, split, own).map((event) => ({
      ...event,
      task: tasks[i].name,
    })),
  );
}

function told(
  { model, training: { metric } }: Pick<RunSpec, 'model' | 'training'>,
  prepared: Pick<Prepared, 'test' | 'validation' | 'labelSpace'>,
  split: 'validation' | 'test',
  answers: StepPredictions,
): AnswersEvent[] {
  const { labelSpace, [split]: data } = prepared;
  const { step } = answers;
  if (data === null) return [];
  const event = (truth: ArrayLike<number>, given: ArrayLike<number>): AnswersEvent[] => [
    { type: 'answers', split, step, truth: numbersText(truth), given: numbersText(given) },
  ];
  const name = ROW_METRICS.find((one) => one === metric);
  if (model.task === 'text2text' && !labelSpace && name !== undefined) {
    const { references } = data.dataset;
    if (!references || !answers.texts?.length) return [];
    const scores = rowScores(answers.texts, references.slice(0, answers.texts.length))[name];
    return event(new Float64Array(scores.length).fill(1), scores);
  }
  const regression = model.task === 'regression';
  const columns = regression ? 1 : (labelSpace?.names.length ?? 0);
  if (columns === 0 || answers.logits.length !== data.rows * columns) return [];
  const given = regression ? answers.logits : argmaxRows(answers.logits, columns);
  return event(data.labels, given);
}

/** Six digits tell any two values apart that a metric would. */
function numbersText(values: ArrayLike<number>): string {
  return Array.from(values, (value) => String(Number(value.toPrecision(6)))).join(' ');
}

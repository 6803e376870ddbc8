/**
 * What a run of several tasks says of its rows: an evaluation's answers lie one task behind the other, in the order of
 * the tasks, and are taken apart here.
 */
import type { RunSpec } from '../runs/spec.ts';
import { isGenerated } from './metrics/metrics.ts';
import type { RowAnswers } from './predictions.ts';
import type { Prepared } from './prepared.ts';

/** Answers of the tasks as those of the run. */
export function joinedAnswers(tasks: readonly RowAnswers[]): RowAnswers {
  const logits = new Float64Array(tasks.reduce((sum, one) => sum + one.logits.length, 0));
  let at = 0;
  for (const one of tasks) {
    logits.set(one.logits, at);
    at += one.logits.length;
  }
  return {
    logits,
    ...(tasks.every(({ texts }) => texts) && { texts: tasks.flatMap(({ texts }) => texts!) }),
  };
}

/**
 * The answers of each task; null where they are not to all rows of all tasks, as those of a file need not be.
 * @param prepared of several tasks
 */
export function answersOfTasks<Answers extends RowAnswers>(
  answers: Answers,
  { tasks = [] }: Pick<Prepared, 'tasks'>,
  { training, generation }: Pick<RunSpec, 'training' | 'generation'>,
  split: 'validation' | 'test',
): Answers[] | null {
  const all = split === 'test' && isGenerated(training.metric);
  let logits = 0;
  let texts = 0;
  const found = tasks.map(({ prepared }): Answers => {
    const rows = prepared[split]?.rows ?? 0;
    const written = all ? rows : Math.min(rows, generation?.rows ?? 0);
    const own = {
      ...answers,
      logits: answers.logits.slice(logits, (logits += rows * prepared.outputs)),
      ...(answers.texts && { texts: answers.texts.slice(texts, (texts += written)) }),
    };
    return own;
  });
  const whole = logits === answers.logits.length && (!answers.texts || texts === answers.texts.length);
  return whole ? found : null;
}

/** Answers that look at no row: one class for all of them, and classes that are never answered. */
import type { Outcomes, RowAnswers } from './outcome.ts';
import { rowMetric } from './row-metric.ts';

/**
 * The best that one class for all judged rows scores. It knows the labels of those rows, as `reference.largestClass`,
 * the class that most training rows have, does not: a method that is no better may answer without looking.
 * @returns null without classes or answers, and of a metric that answers do not tell
 */
export function bestConstant(outcomes: Outcomes): number | null {
  const truth = truthOf(outcomes);
  const metricOf = rowMetric(outcomes);
  if (outcomes.classes === undefined || truth === null || metricOf === null) return null;
  const scores = [...new Set(truth)]
    .map((label) =>
      metricOf(
        truth.map(() => label),
        truth,
      ),
    )
    .filter(Number.isFinite);
  return scores.length === 0 ? null : Math.max(...scores);
}

/** Is one class all that is answered, though the rows have several? */
export function isConstant({ truth, given }: RowAnswers): boolean {
  return new Set(Array.from(given)).size === 1 && new Set(Array.from(truth)).size > 1;
}

/** Classes that rows have and that are never answered. */
export function missedClasses({ truth, given }: RowAnswers): number[] {
  const answered = new Set(Array.from(given));
  return [...new Set(Array.from(truth))].filter((label) => !answered.has(label)).sort((a, b) => a - b);
}

/** Classes that each of these methods leaves out of its answers in most of its seeds. */
export function missedByAll(outcomes: Outcomes, names: readonly string[]): number[] {
  const lists = outcomes.methods
    .filter(({ name }) => names.includes(name))
    .map(({ answers = [] }) => {
      const missed = answers.flatMap(missedClasses);
      const timesOf = (label: number) => missed.filter((one) => one === label).length;
      return [...new Set(missed)].filter((label) => timesOf(label) > answers.length / 2);
    });
  const [first = [], ...rest] = lists;
  return first.filter((label) => rest.every((list) => list.includes(label))).sort((a, b) => a - b);
}

/** How many of the judged rows have one of these classes, and how many rows there are. */
export function rowsOf(outcomes: Outcomes, classes: readonly number[]): { rows: number; all: number } {
  const truth = truthOf(outcomes) ?? [];
  return { rows: truth.filter((label) => classes.includes(label)).length, all: truth.length };
}

/** Labels of the judged rows; null where nobody answered them. */
function truthOf({ methods }: Outcomes): number[] | null {
  const truth = methods.flatMap(({ answers }) => answers ?? []).find((one) => one.truth.length > 0)?.truth;
  return truth === undefined ? null : Array.from(truth);
}

/** What a finished classifier says of the rows held out, with the weights that were kept. */
import { fitTemperature } from './metrics/report/calibration.ts';
import { classReport, type ClassReport } from './metrics/report/report.ts';
import type { StepPredictions } from './predictions.ts';
import type { Prepared } from './prepared.ts';

export interface AnswerReport {
  /** That the logits are to be divided by, fitted on the validation rows; null without any. */
  temperature: number | null;
  validation?: ClassReport;
  test?: ClassReport;
}

/** Of a run that has ended: what it said of the validation and test rows, and the step of the weights it keeps. */
interface Answered {
  predictions: StepPredictions | null;
  tested?: StepPredictions;
  adapterStep: number | null;
}

/** Null where there are no classes, or no answers with the weights that were kept. */
export function answerReport(
  { predictions, tested, adapterStep }: Answered,
  { validation, test, labelSpace }: Pick<Prepared, 'validation' | 'test' | 'labelSpace'>,
): AnswerReport | null {
  if (labelSpace === null) return null;
  const { names } = labelSpace;
  // A run that was taken up again may have scored its best step in an earlier process.
  const held = predictions?.step === adapterStep ? answersTo(validation, predictions.logits, names) : null;
  const asked = tested ? answersTo(test, tested.logits, names) : null;
  if (held === null && asked === null) return null;
  const temperature = held && fitTemperature(held.logits, held.labels, names.length);
  const reportOf = (answers: Answers) => classReport(answers.logits, answers.labels, names, temperature);
  return {
    temperature,
    ...(held && { validation: reportOf(held) }),
    ...(asked && { test: reportOf(asked) }),
  };
}

interface Answers {
  logits: Float64Array;
  labels: ArrayLike<number>;
}

/** Null unless every row has an answer. */
function answersTo(
  rows: Prepared['validation'],
  logits: Float64Array,
  names: readonly string[],
): Answers | null {
  if (rows === null || logits.length !== rows.rows * names.length) return null;
  return { logits, labels: rows.labels };
}

/** Rows that are judged, with what every run answers them: all of them, where the page shows some. */
import type { ValidationPredictions } from '../../protocol/predictions.ts';
import type { Dictionary } from '../i18n/en.ts';
import { answerAt } from '../state/prediction-views.ts';

/**
 * Line, text (and second text), what is right, and of every run its answer and how sure it is of that.
 * @param rows indices of the validation rows
 * @param nameOf what the page calls a run
 */
export function answerRows(
  { texts, pairs, labels, labelNames, lines, runs }: ValidationPredictions,
  rows: readonly { row: number }[],
  { compare: text, byClass, verdict }: Dictionary,
  nameOf: (run: string) => string,
): string[][] {
  const label = (value: number): string => labelNames?.[value] ?? String(value);
  const header = [
    text.rowLine,
    text.rowText,
    ...(pairs === null ? [] : [text.playText2]),
    text.truth,
    ...runs.flatMap(({ run }) =>
      labelNames === null ? [nameOf(run)] : [nameOf(run), verdict.part(nameOf(run), byClass.confidence)],
    ),
  ];
  const cells = ({ row }: { row: number }): string[] => [
    String(lines[row]),
    texts[row],
    ...(pairs === null ? [] : [pairs[row]]),
    label(labels[row]),
    ...runs.flatMap((run) => {
      const { predicted, probability } = answerAt(run, row, labelNames?.length ?? null);
      return labelNames === null ? [label(predicted)] : [label(predicted), String(probability ?? '')];
    }),
  ];
  return [header, ...rows.map(cells)];
}

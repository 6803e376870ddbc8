import { useState } from 'react';
import type { RunPredictions, ValidationPredictions } from '../../../protocol/predictions.ts';
import { formatCount, formatFigures, formatShare } from '../../format.ts';
import { answerAt } from '../../state/prediction-views.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { MethodMark } from '../method-mark.tsx';
import { useMethodName } from '../method-name.ts';

interface Props {
  caption: string;
  predictions: ValidationPredictions;
  /** Indices of the validation rows, in the order to show them. */
  rows: readonly number[];
  /** Whose answers stand beside them. */
  runs: readonly RunPredictions[];
}

/** Rows shown at first, and more at each press. */
const SHOWN = 10;

/** Validation rows with their labels and what the runs say. */
export function ExampleRows({ caption, predictions, rows, runs }: Props) {
  const text = useText();
  const nameOf = useMethodName();
  const headers = useStudioState((state) => state.runs);
  const [limit, setLimit] = useState(SHOWN);
  const { texts, pairs, labels, labelNames, lines } = predictions;
  const label = (value: number): string =>
    labelNames === null ? formatFigures(value, 4) : labelNames[value];
  const name = (run: string): string =>
    nameOf(headers.find((header) => header.run === run) ?? { run, method: run });
  const hidden = rows.length - limit;
  return (
    <div className="example-rows">
      <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
        <table className="examples">
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.compare.rowLine}</th>
              <th scope="col">{text.compare.rowText}</th>
              <th scope="col">{text.compare.truth}</th>
              {runs.map(({ run }) => (
                <th key={run} scope="col">
                  <MethodMark run={run} /> {name(run)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, limit).map((row) => (
              <tr key={row}>
                <td className="number muted" data-label={text.compare.rowLine}>
                  {lines[row]}
                </td>
                <td className="example-text">
                  {texts[row]}
                  {pairs !== null && <span className="example-pair">{pairs[row]}</span>}
                </td>
                <td data-label={text.compare.truth}>{label(labels[row])}</td>
                {runs.map((run) => {
                  const { predicted, probability } = answerAt(run, row, labelNames?.length ?? null);
                  const right = labelNames === null || predicted === labels[row];
                  return (
                    <td
                      key={run.run}
                      className={right ? 'number' : 'number wrong'}
                      data-label={name(run.run)}
                    >
                      {label(predicted)}
                      {probability !== null && <span className="muted"> {formatShare(probability, 1)}</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && (
        <button type="button" className="quiet" onClick={() => setLimit(limit + 5 * SHOWN)}>
          {text.compare.more(formatCount(hidden))}
        </button>
      )}
    </div>
  );
}

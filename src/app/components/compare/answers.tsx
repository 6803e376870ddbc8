import { useId, useState } from 'react';
import type { RunPredictions, ValidationPredictions } from '../../../protocol/predictions.ts';
import { formatCount } from '../../format.ts';
import { cellRows, confusion } from '../../state/prediction-views.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';
import { Panel } from '../panel.tsx';
import { ClassDetails } from './class-details.tsx';
import { ExampleRows } from './example-rows.tsx';
import { TrueAgainstPredicted } from './true-predicted.tsx';

/** What one run answers to the validation rows: a confusion matrix, or predicted against true values. */
export function Answers({ predictions }: { predictions: ValidationPredictions }) {
  const text = useText();
  const id = useId();
  const nameOf = useMethodName();
  const headers = useStudioState((state) => state.runs);
  const [chosen, setChosen] = useState<string | null>(null);
  const run = predictions.runs.find((found) => found.run === chosen) ?? predictions.runs[0];
  const nameOfRun = (key: string): string =>
    nameOf(headers.find(({ run: own }) => own === key) ?? { run: key, method: key });
  const classes = predictions.labelNames !== null;
  return (
    <Panel
      folds
      takes={{ name: classes ? 'confusion' : 'predicted-against-true' }}
      title={classes ? text.compare.answersTitle : text.compare.scatterTitle}
      aside={
        <span className="slider">
          <label htmlFor={id}>{text.compare.chooseRun}</label>
          <select id={id} value={run.run} onChange={(event) => setChosen(event.target.value)}>
            {predictions.runs.map(({ run: key }) => (
              <option key={key} value={key}>
                {nameOfRun(key)}
              </option>
            ))}
          </select>
        </span>
      }
    >
      <p className="hint">
        {text.compare.answersOf(nameOfRun(run.run), run.step)} {classes && text.compare.answersHelp}
      </p>
      {classes ? (
        <>
          <Matrix key={run.run} predictions={predictions} run={run} names={predictions.labelNames!} />
          <ClassDetails predictions={predictions} run={run} names={predictions.labelNames!} />
        </>
      ) : (
        <TrueAgainstPredicted predictions={predictions} run={run} name={nameOfRun(run.run)} />
      )}
    </Panel>
  );
}

interface MatrixProps {
  predictions: ValidationPredictions;
  run: RunPredictions;
  names: readonly string[];
}

function Matrix({ predictions, run, names }: MatrixProps) {
  const text = useText();
  const [open, setOpen] = useState<{ truth: number; predicted: number } | null>(null);
  const { counts, most } = confusion(predictions, run);
  const rows = open === null ? [] : cellRows(predictions, run, open.truth, open.predicted);
  return (
    <>
      <div className="scroll" tabIndex={0} role="group" aria-label={text.compare.answersTitle}>
        <table className="confusion">
          <thead>
            <tr>
              <td>
                <span className="muted">
                  {text.compare.truth} ↓ {text.compare.predictedAs} →
                </span>
              </td>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {counts.map((cells, truth) => (
              <tr key={names[truth]}>
                <th scope="row">{names[truth]}</th>
                {cells.map((count, predicted) => {
                  const pressed = open?.truth === truth && open.predicted === predicted;
                  return (
                    <td key={names[predicted]}>
                      <button
                        type="button"
                        className={truth === predicted ? 'cell right' : 'cell wrong'}
                        style={{ '--share': count / most } as React.CSSProperties}
                        aria-pressed={pressed}
                        disabled={count === 0}
                        aria-label={text.compare.cell(names[truth], names[predicted], count)}
                        onClick={() => setOpen(pressed ? null : { truth, predicted })}
                      >
                        {formatCount(count)}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {open !== null && (
        <ExampleRows
          caption={text.compare.cellRows(names[open.truth], names[open.predicted], rows.length)}
          predictions={predictions}
          rows={rows.map(({ row }) => row)}
          runs={[run]}
        />
      )}
    </>
  );
}

import { useMemo, useState } from 'react';
import type { RunPredictions, ValidationPredictions } from '../../../protocol/predictions.ts';
import { CALIBRATION_BINS } from '../../../train/metrics/report/calibration.ts';
import type { AverageScores } from '../../../train/metrics/report/by-class.ts';
import type { ClassReport } from '../../../train/metrics/report/report.ts';
import { UnitChart } from '../../charts/unit-chart.tsx';
import { formatCount, formatFixed } from '../../format.ts';
import { reportOfRun } from '../../state/class-report.ts';
import { useText } from '../../use-studio.tsx';

/** Curves drawn at most; of further classes the table has the areas. */
const MOST_CURVES = 8;

interface Props {
  predictions: ValidationPredictions;
  run: RunPredictions;
  names: readonly string[];
}

/** Scores of every class, ROC and precision-recall curves and calibration of one run; worked out once it is opened. */
export function ClassDetails(props: Props) {
  const text = useText().byClass;
  const [open, setOpen] = useState(false);
  return (
    <details
      className="more class-details"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{text.open}</summary>
      {open && <Opened {...props} />}
    </details>
  );
}

function Opened({ predictions, run, names }: Props) {
  const report = useMemo(() => reportOfRun(predictions, run, names), [predictions, run, names]);
  return (
    <>
      <ClassTable report={report} />
      <div className="unit-charts">
        <ClassCurves report={report} which="roc" />
        <ClassCurves report={report} which="precisionRecall" />
        <Calibration report={report} />
      </div>
    </>
  );
}

const NONE = '–';
const share = (value: number | null): string => (value === null ? NONE : formatFixed(value, 3));

function ClassTable({ report }: { report: ClassReport }) {
  const text = useText().byClass;
  const { classes, curves, areas } = report;
  const curvesOf = new Map(curves.map((curve) => [curve.label, curve]));
  const means: [string, AverageScores, ClassReport['areas'] | null][] = [
    [text.macro, report.macro, areas],
    [text.weighted, report.weighted, null],
  ];
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label={text.table}>
        <table className="numbers" data-name="classes">
          <caption className="visually-hidden">{text.table}</caption>
          <thead>
            <tr>
              <th scope="col">{text.class}</th>
              <th scope="col">{text.precision}</th>
              <th scope="col">{text.recall}</th>
              <th scope="col">F1</th>
              <th scope="col">{text.support}</th>
              <th scope="col">{text.rocArea}</th>
              <th scope="col">{text.prArea}</th>
            </tr>
          </thead>
          <tbody>
            {classes.map(({ label, precision, recall, f1, support }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <Score value={precision} />
                <Score value={recall} />
                <Score value={f1} />
                <td data-value={support}>{formatCount(support)}</td>
                <Score value={curvesOf.get(label)?.roc.area ?? null} />
                <Score value={curvesOf.get(label)?.precisionRecall.area ?? null} />
              </tr>
            ))}
            {means.map(([name, { precision, recall, f1 }, area]) => (
              <tr key={name} className="mean">
                <th scope="row">{name}</th>
                <Score value={precision} />
                <Score value={recall} />
                <Score value={f1} />
                <td data-value={report.rows}>{formatCount(report.rows)}</td>
                <Score value={area?.roc ?? null} />
                <Score value={area?.precisionRecall ?? null} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="hint">{text.help}</p>
    </>
  );
}

function Score({ value }: { value: number | null }) {
  return <td data-value={value ?? ''}>{share(value)}</td>;
}

function ClassCurves({ report, which }: { report: ClassReport; which: 'roc' | 'precisionRecall' }) {
  const text = useText().byClass;
  const drawn = report.curves.filter((curve) => curve[which].points.length > 0).slice(0, MOST_CURVES);
  if (drawn.length === 0) return null;
  const hidden = report.curves.filter((curve) => curve[which].area !== null).length - drawn.length;
  const roc = which === 'roc';
  const title = roc ? text.roc : text.precisionRecall;
  const areas = drawn.map((curve) => text.area(curve.label, share(curve[which].area)));
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <UnitChart
        label={text.curveLabel(title, areas.join(', '))}
        xName={roc ? text.rocX : text.recall}
        yName={roc ? text.rocY : text.precision}
        diagonal={roc}
        lines={drawn.map((curve, i) => ({
          key: curve.label,
          color: `var(--run-${i})`,
          points: curve[which].points,
        }))}
      />
      <ul className="legend">
        {drawn.map((curve, i) => (
          <li key={curve.label}>
            <span className="swatch" style={{ background: `var(--run-${i})` }} aria-hidden="true" />
            {areas[i]}
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="hint">{text.otherCurves(hidden)}</p>}
    </figure>
  );
}

function Calibration({ report: { calibration } }: { report: ClassReport }) {
  const text = useText().byClass;
  const { bins, ece, temperature, eceAtTemperature } = calibration;
  return (
    <figure>
      <figcaption>{text.calibration}</figcaption>
      <UnitChart
        label={text.calibrationLabel(share(ece))}
        xName={text.confidence}
        yName={text.rightShare}
        diagonal
        bars={bins.flatMap(({ rows, accuracy, confidence }, i) =>
          rows === 0
            ? []
            : [
                {
                  from: i / CALIBRATION_BINS,
                  to: (i + 1) / CALIBRATION_BINS,
                  height: accuracy,
                  mark: confidence,
                },
              ],
        )}
      />
      <p className="hint">
        {text.ece(share(ece))}{' '}
        {temperature !== null &&
          eceAtTemperature !== null &&
          `${text.temperature(formatFixed(temperature, 2), share(eceAtTemperature))} ${text.overconfident}`}
      </p>
    </figure>
  );
}

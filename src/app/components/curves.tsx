import { useId, useState } from 'react';
import { LineChart, type ChartCurve } from '../charts/line-chart.tsx';
import { methodStyle } from '../charts/method-style.ts';
import { formatMetric } from '../format.ts';
import type { RunSnapshot } from '../state/recorder.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { MethodMark } from './method-mark.tsx';
import { useMethodName } from './method-name.ts';
import { Panel } from './panel.tsx';

/** Points drawn of one curve at most; the recorder keeps all of them. */
const MAX_POINTS = 300;
/** With this few points a batch's loss is drawn as it is. */
const SMOOTHED_FROM = 20;

/** Loss and validation curves of all runs, live. */
export function Curves() {
  const text = useText();
  const runs = useStudioState((state) => state.runs);
  if (!runs.some((run) => run.step > 0 || run.lastMetrics !== null)) {
    return (
      <Panel title={text.lossTitle}>
        <p className="muted empty">{text.curvesEmpty}</p>
      </Panel>
    );
  }
  return (
    <div className="curves">
      <LossCurves runs={runs} />
      <ValidationCurves runs={runs} />
    </div>
  );
}

function LossCurves({ runs }: { runs: readonly RunSnapshot[] }) {
  const text = useText();
  const { recorder } = useStudio();
  const nameOf = useMethodName();
  const sliderId = useId();
  const [smoothing, setSmoothing] = useState(0.8);
  const curves = runs.flatMap((run): ChartCurve[] => {
    const loss = recorder.curves(run.run)?.loss;
    if (loss === undefined || loss.length === 0) return [];
    const common = { name: nameOf(run), ...methodStyle(run.method) };
    const raw = { ...common, key: `${run.run} raw`, points: loss.downsample(MAX_POINTS), faint: true };
    if (smoothing === 0 || loss.length < SMOOTHED_FROM) return [{ ...raw, key: run.run, faint: false }];
    return [raw, { ...common, key: run.run, points: loss.smoothed(smoothing).downsample(MAX_POINTS) }];
  });
  const last = runs
    .filter((run) => run.loss !== null)
    .map((run) => text.curveLast(nameOf(run), formatMetric('loss', run.loss ?? NaN)));
  return (
    <Panel
      title={text.lossTitle}
      aside={
        <span className="slider">
          <label htmlFor={sliderId}>{text.smoothing}</label>
          <input
            id={sliderId}
            type="range"
            min="0"
            max="0.99"
            step="0.01"
            value={smoothing}
            onChange={(event) => setSmoothing(Number(event.target.value))}
          />
        </span>
      }
    >
      <Legend runs={runs} />
      <LineChart
        curves={curves}
        label={text.curveLabel(text.lossTitle, last.join(', '))}
        stepName={text.step}
        lastStep={lastStep(runs)}
        formatValue={(value) => value.toPrecision(3)}
      />
    </Panel>
  );
}

function ValidationCurves({ runs }: { runs: readonly RunSnapshot[] }) {
  const text = useText();
  const { recorder } = useStudio();
  const nameOf = useMethodName();
  const selectId = useId();
  const mainMetric = useStudioState((state) => state.metric);
  const [chosen, setChosen] = useState<string | null>(null);
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.lastMetrics ?? {})))];
  const metric = chosen !== null && names.includes(chosen) ? chosen : mainMetric;
  const curves = runs.flatMap((run): ChartCurve[] => {
    const points = recorder.curves(run.run)?.metrics.get(metric)?.downsample(MAX_POINTS) ?? [];
    if (points.length === 0) return [];
    return [
      { key: run.run, name: nameOf(run), points, dots: points.length <= 40, ...methodStyle(run.method) },
    ];
  });
  const last = runs
    .filter((run) => run.lastMetrics?.[metric] !== undefined)
    .map((run) => text.curveLast(nameOf(run), formatMetric(metric, run.lastMetrics?.[metric] ?? NaN)));
  return (
    <Panel
      title={text.validationTitle}
      aside={
        names.length > 0 && (
          <span className="slider">
            <label htmlFor={selectId}>{text.metric}</label>
            <select id={selectId} value={metric} onChange={(event) => setChosen(event.target.value)}>
              {names.map((name) => (
                <option key={name} value={name}>
                  {text.metricNames[name] ?? name}
                </option>
              ))}
            </select>
          </span>
        )
      }
    >
      {curves.length === 0 ? (
        <p className="muted no-curves">{text.validationEmpty}</p>
      ) : (
        <>
          <Legend runs={runs} />
          <LineChart
            curves={curves}
            label={text.curveLabel(text.metricNames[metric] ?? metric, last.join(', '))}
            stepName={text.step}
            lastStep={lastStep(runs)}
            formatValue={(value) => formatMetric(metric, value)}
          />
        </>
      )}
    </Panel>
  );
}

function Legend({ runs }: { runs: readonly RunSnapshot[] }) {
  const nameOf = useMethodName();
  return (
    <ul className="legend" aria-hidden="true">
      {runs.map((run) => (
        <li key={run.run}>
          <MethodMark method={run.method} />
          {nameOf(run)}
        </li>
      ))}
    </ul>
  );
}

function lastStep(runs: readonly RunSnapshot[]): number {
  return Math.max(1, ...runs.map((run) => run.steps));
}

import { memo, useDeferredValue, useId, useMemo, useState } from 'react';
import { Cursor } from '../charts/cursor.ts';
import { thinned } from '../charts/thin.ts';
import { LiveChart, type LiveCurve } from '../charts/live-chart.tsx';
import { formatCount, formatFigures, formatFixed, formatMetric, formatSeconds } from '../format.ts';
import type { RunSnapshot } from '../state/recorder.ts';
import type { Series, XAxis } from '../state/series.ts';
import { useRunStyle } from '../use-run-style.ts';
import { curvesSvg } from '../take-along/drawn.ts';
import { lightColors } from '../take-along/pictures.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { Readout, type Reading } from './compare/readout.tsx';
import { useMethodName } from './method-name.ts';
import { Panel } from './panel.tsx';

/** With this few points a batch's loss is drawn as it is. */
const SMOOTHED_FROM = 20;
/** Curves of so few points carry dots. */
const DOTS_UP_TO = 40;
/** Points of a curve that is taken along. */
const MOST_POINTS = 4000;
/** Where a curve has come to its end. */
const BEYOND = '–';
const X_AXES: readonly XAxis[] = ['step', 'seconds', 'tokens'];

/** How all curves are drawn. */
interface View {
  axis: XAxis;
  smoothing: number;
  log: boolean;
  /** Validation metric, or null for the one that decides. */
  metric: string | null;
}

/** Loss and validation curves of all runs, live, over the whole of their history. */
export function Curves() {
  // Curves grow between frames, so that a click or a key is never behind them.
  const own = useDeferredValue(useStudioState((state) => state.runs));
  const overlays = useStudioState((state) => state.overlays);
  return <CurvesOf own={own} overlays={overlays} />;
}

interface Runs {
  own: readonly RunSnapshot[];
  overlays: readonly RunSnapshot[];
}

const CurvesOf = memo(function CurvesOf({ own, overlays }: Runs) {
  const text = useText();
  const runs = useMemo(() => [...own, ...overlays], [own, overlays]);
  const [view, setView] = useState<View>({ axis: 'step', smoothing: 0.8, log: false, metric: null });
  const [cursor] = useState(() => new Cursor());
  if (!runs.some((run) => run.step > 0 || run.lastMetrics !== null)) {
    return (
      <Panel title={text.lossTitle}>
        <p className="muted empty">{text.curvesEmpty}</p>
      </Panel>
    );
  }
  return (
    <>
      <Tools view={view} onView={(change) => setView({ ...view, ...change })} />
      <div className="curves">
        <LossCurves runs={runs} view={view} cursor={cursor} />
        <ValidationCurves
          runs={runs}
          view={view}
          cursor={cursor}
          onMetric={(metric) => setView({ ...view, metric })}
        />
      </div>
    </>
  );
});

function Tools({ view, onView }: { view: View; onView: (change: Partial<View>) => void }) {
  const text = useText();
  const id = useId();
  return (
    <div className="curve-tools" role="group" aria-label={text.compare.curveTools}>
      <span className="slider">
        <label htmlFor={`${id}-axis`}>{text.compare.xAxis}</label>
        <select
          id={`${id}-axis`}
          value={view.axis}
          onChange={(event) => onView({ axis: event.target.value as XAxis })}
        >
          {X_AXES.map((axis) => (
            <option key={axis} value={axis}>
              {text.compare.xAxes[axis]}
            </option>
          ))}
        </select>
      </span>
      <span className="slider">
        <label htmlFor={`${id}-smoothing`}>{text.smoothing}</label>
        <input
          id={`${id}-smoothing`}
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          value={view.smoothing}
          onChange={(event) => onView({ smoothing: Number(event.target.value) })}
        />
        <span className="number">{formatFixed(view.smoothing, 2)}</span>
      </span>
      <label className="slider">
        <input
          type="checkbox"
          checked={view.log}
          onChange={(event) => onView({ log: event.target.checked })}
        />
        {text.compare.logScale}
      </label>
    </div>
  );
}

interface CurvesProps {
  runs: readonly RunSnapshot[];
  view: View;
  cursor: Cursor;
}

function LossCurves({ runs, view, cursor }: CurvesProps) {
  const text = useText();
  const idle = useStudioState((state) => state.session === 'idle');
  const studio = useStudio();
  const nameOf = useMethodName();
  const styleOf = useRunStyle();
  const { axis, smoothing, log } = view;
  // Snapshots change when the recorder has taken something in: then the curves have grown.
  const curves = useMemo(() => {
    const raw: LiveCurve[] = [];
    const smooth: LiveCurve[] = [];
    for (const { run } of runs) {
      const loss = studio.curves(run)?.loss;
      if (loss === undefined || loss.length === 0) continue;
      const common = { ...styleOf(run), x: loss.xs(axis) };
      const faint = smoothed(loss, smoothing);
      raw.push({ ...common, key: `${run} raw`, y: loss.ys(), faint });
      if (faint) smooth.push({ ...common, key: run, y: loss.smoothed(smoothing), smooth: true });
    }
    return [...raw, ...smooth];
  }, [runs, studio, styleOf, axis, smoothing]);
  const readings = runs.map(({ run, method }): Reading => {
    const loss = studio.curves(run)?.loss;
    return {
      run,
      name: nameOf({ run, method }),
      at: (x) => {
        if (loss === undefined || loss.length === 0) return '';
        if (x !== null && loss.isPast(axis, x)) return BEYOND;
        const i = x === null ? loss.length - 1 : loss.indexAt(axis, x);
        const raw = formatMetric('loss', loss.ys()[i]);
        if (!smoothed(loss, smoothing)) return raw;
        return `${formatMetric('loss', loss.smoothed(smoothing)[i])} (${raw})`;
      },
    };
  });
  const last = runs
    .filter((run) => run.loss !== null)
    .map((run) => text.curveLast(nameOf(run), formatMetric('loss', run.loss ?? NaN)));
  const drawn = drawnCurves({
    title: text.lossTitle,
    runs,
    view,
    curves,
    nameOf,
    xName: text.compare.xAxes[axis],
    formatY: (value) => formatFigures(value, 3),
    log,
  });
  return (
    <Panel title={text.lossTitle} folds={idle} takes={{ name: 'loss', drawn }}>
      <Chart
        {...{ runs, view, cursor, curves, readings, log }}
        title={text.lossTitle}
        label={`${text.curveLabel(text.lossTitle, last.join(', '))} ${text.compare.curveKeys}`}
        formatY={(value) => formatFigures(value, 3)}
      />
    </Panel>
  );
}

function smoothed(loss: Series, smoothing: number): boolean {
  return smoothing > 0 && loss.length >= SMOOTHED_FROM;
}

function ValidationCurves({
  runs,
  view,
  cursor,
  onMetric,
}: CurvesProps & { onMetric: (name: string) => void }) {
  const text = useText();
  const studio = useStudio();
  const nameOf = useMethodName();
  const styleOf = useRunStyle();
  const selectId = useId();
  const mainMetric = useStudioState((state) => state.metric);
  const idle = useStudioState((state) => state.session === 'idle');
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.lastMetrics ?? {})))];
  const metric = view.metric !== null && names.includes(view.metric) ? view.metric : mainMetric;
  const { axis } = view;
  // Evaluations are few: between them nothing is drawn anew.
  const points = runs.map(({ run }) => studio.curves(run)?.metrics.get(metric)?.length ?? 0).join();
  const keys = runs.map(({ run }) => run).join('\n');
  const curves = useMemo(
    () =>
      runs.flatMap(({ run }): LiveCurve[] => {
        const series = studio.curves(run)?.metrics.get(metric);
        if (series === undefined || series.length === 0) return [];
        const dots = series.length <= DOTS_UP_TO;
        return [{ ...styleOf(run), key: run, x: series.xs(axis), y: series.ys(), dots }];
      }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- of the runs only their keys and points count here
    [keys, points, studio, styleOf, axis, metric],
  );
  const readings = runs.map(({ run, method }): Reading => {
    const series = studio.curves(run)?.metrics.get(metric);
    return {
      run,
      name: nameOf({ run, method }),
      at: (x) => {
        if (series === undefined || series.length === 0) return '';
        if (x !== null && series.isPast(axis, x)) return BEYOND;
        const i = x === null ? series.length - 1 : series.indexAt(axis, x);
        return formatMetric(metric, series.ys()[i]);
      },
    };
  });
  const last = runs
    .filter((run) => run.lastMetrics?.[metric] !== undefined)
    .map((run) => text.curveLast(nameOf(run), formatMetric(metric, run.lastMetrics?.[metric] ?? NaN)));
  const name = text.metricNames[metric] ?? metric;
  const drawn = drawnCurves({
    title: `${text.validationTitle}: ${name}`,
    runs,
    view,
    curves,
    nameOf,
    xName: text.compare.xAxes[axis],
    formatY: (value) => formatMetric(metric, value),
    log: false,
  });
  return (
    <Panel
      title={text.validationTitle}
      folds={idle}
      takes={curves.length > 0 ? { name: `validation-${metric}`, drawn } : undefined}
      aside={
        names.length > 0 && (
          <span className="slider">
            <label htmlFor={selectId}>{text.metric}</label>
            <select id={selectId} value={metric} onChange={(event) => onMetric(event.target.value)}>
              {names.map((option) => (
                <option key={option} value={option}>
                  {text.metricNames[option] ?? option}
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
        <Chart
          {...{ runs, view, cursor, curves, readings }}
          log={false}
          title={name}
          label={`${text.curveLabel(name, last.join(', '))} ${text.compare.curveKeys}`}
          formatY={(value) => formatMetric(metric, value)}
        />
      )}
    </Panel>
  );
}

interface Drawn {
  title: string;
  runs: readonly RunSnapshot[];
  view: View;
  curves: readonly LiveCurve[];
  nameOf: (run: RunSnapshot) => string;
  xName: string;
  formatY: (y: number) => string;
  log: boolean;
}

/** The chart as an SVG file, made when it is asked for: a canvas cannot be taken along. */
function drawnCurves({ runs, view, curves, nameOf, ...chart }: Drawn): () => string[] {
  return () => {
    const colors = lightColors(curves.map(({ color }) => color));
    const named = curves.map(({ key, dash, faint, x, y }, i) => {
      const run = runs.find((one) => one.run === key || `${one.run} raw` === key)!;
      const points = thinned(y.length, MOST_POINTS).map((at): [number, number] => [x[at], y[at]]);
      return { name: nameOf(run), color: colors[i], dash, faint, points };
    });
    const xMax = axisEnd(view.axis, runs);
    return [curvesSvg({ ...chart, xMax, curves: named, formatX: (x) => formatPlace(view.axis, x) })];
  };
}

interface ChartProps extends CurvesProps {
  curves: readonly LiveCurve[];
  readings: readonly Reading[];
  log: boolean;
  title: string;
  label: string;
  formatY: (y: number) => string;
}

function Chart({ runs, view, cursor, curves, readings, log, title, label, formatY }: ChartProps) {
  const text = useText();
  const formatX = (x: number): string => formatPlace(view.axis, x);
  const valueText = (x: number | null): string =>
    readings.map(({ name, at }) => `${name} ${at(x)}`).join(', ');
  return (
    <>
      <LiveChart
        {...{ curves, label, cursor, log, formatX, formatY, valueText }}
        xMax={axisEnd(view.axis, runs)}
      />
      <Readout
        caption={title}
        readings={readings}
        cursor={cursor}
        where={(x) => text.compare.at[view.axis](formatX(Math.round(x * 10) / 10))}
      />
    </>
  );
}

function formatPlace(axis: XAxis, x: number): string {
  return axis === 'seconds' ? formatSeconds(x) : formatCount(Math.round(x));
}

/** The last step from the start, so that the axis stands still; time and tokens grow, in strides. */
function axisEnd(axis: XAxis, runs: readonly RunSnapshot[]): number {
  if (axis === 'step') return Math.max(1, ...runs.map((run) => run.steps));
  const most = Math.max(...runs.map((run) => run[axis]), 1e-3);
  const stride = 10 ** Math.floor(Math.log10(most)) / 2;
  return Math.ceil(most / stride) * stride;
}

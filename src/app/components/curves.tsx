import { memo, useDeferredValue, useId, useMemo, useState } from 'react';
import { Cursor } from '../charts/cursor.ts';
import { thinned } from '../charts/thin.ts';
import { LiveChart, type LiveCurve } from '../charts/live-chart.tsx';
import { formatCount, formatFigures, formatFixed, formatMetric, formatSeconds } from '../format.ts';
import { mean } from '../../evidence/samples.ts';
import { linesOf, MeanCache, type GroupLines } from '../state/curve-lines.ts';
import { hasSeeds, methodGroups } from '../state/method-groups.ts';
import type { RunSnapshot } from '../state/recorder.ts';
import type { Series, XAxis } from '../state/series.ts';
import { useRunStyle } from '../use-run-style.ts';
import type { Dictionary } from '../i18n/en.ts';
import { curveRows } from '../take-along/curve-rows.ts';
import { curvesSvg } from '../take-along/drawn.ts';
import { lightColors } from '../take-along/pictures.ts';
import { useOfTask, useShownRuns } from '../use-shown.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { Readout, type Reading } from './compare/readout.tsx';
import { useReferences, type ReferenceLine } from './compare/use-references.ts';
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
  /** Every seed by itself, behind the mean of them. */
  single: boolean;
}

/** Loss and validation curves of all runs, live, over the whole of their history. */
export function Curves() {
  // Curves grow between frames, so that a click or a key is never behind them.
  const own = useDeferredValue(useShownRuns());
  const overlays = useOfTask(useStudioState((state) => state.overlays));
  const task = useStudioState((state) => state.shownTask);
  // Another task has other curves: what was worked out of one is nothing to the next.
  return <CurvesOf key={task ?? ''} own={own} overlays={overlays} />;
}

interface Runs {
  own: readonly RunSnapshot[];
  overlays: readonly RunSnapshot[];
}

const CurvesOf = memo(function CurvesOf({ own, overlays }: Runs) {
  const text = useText();
  const runs = useMemo(() => [...own, ...overlays], [own, overlays]);
  const [view, setView] = useState<View>({
    axis: 'step',
    smoothing: 0.8,
    log: false,
    metric: null,
    single: false,
  });
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
      <Tools
        view={view}
        seeds={hasSeeds(methodGroups(runs))}
        onView={(change) => setView({ ...view, ...change })}
      />
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

interface ToolsProps {
  view: View;
  /** Are there several seeds of a method? */
  seeds: boolean;
  onView: (change: Partial<View>) => void;
}

function Tools({ view, seeds, onView }: ToolsProps) {
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
      {seeds && (
        <label className="slider">
          <input
            type="checkbox"
            checked={view.single}
            onChange={(event) => onView({ single: event.target.checked })}
          />
          {text.compare.singleSeeds}
        </label>
      )}
    </div>
  );
}

interface CurvesProps {
  runs: readonly RunSnapshot[];
  view: View;
  cursor: Cursor;
}

/** What is drawn of every method, and what is read at the reading line. */
function useLines(
  { runs, view }: Pick<CurvesProps, 'runs' | 'view'>,
  smoothing: number,
  metric: string | null,
): GroupLines[] {
  const studio = useStudio();
  const [means] = useState(() => new MeanCache());
  const { axis, single } = view;
  // Snapshots change when the recorder has taken something in: then the curves have grown.
  return useMemo(() => {
    const seriesOf = (run: string): Series | undefined => {
      const curves = studio.curves(run);
      return metric === null ? curves?.loss : curves?.metrics.get(metric);
    };
    const asked = { axis, single, smoothing, smoothedFrom: SMOOTHED_FROM, seriesOf };
    return methodGroups(runs).flatMap((group) => linesOf(group, asked, means) ?? []);
  }, [runs, studio, means, axis, single, smoothing, metric]);
}

/** The faint below the main, a band below its mean. */
function useCurves(lines: readonly GroupLines[], fewPoints: boolean): LiveCurve[] {
  const styleOf = useRunStyle();
  return useMemo(() => {
    const below: LiveCurve[] = [];
    const main: LiveCurve[] = [];
    for (const { group, x, y, smooth, raw, band, single } of lines) {
      const look = styleOf(group.name);
      if (raw !== null) below.push({ ...look, key: `${group.name} raw`, x: raw.x, y: raw.y, faint: true });
      for (const one of single)
        below.push({ ...look, key: `${one.run} single`, x: one.x, y: one.y, smooth, faint: 'single' });
      if (band !== null)
        below.push(
          { ...look, key: `${group.name} high`, x, y: band.high, smooth: true, edge: 'high' },
          { ...look, key: `${group.name} low`, x, y: band.low, smooth: true, edge: 'low' },
        );
      const dots = fewPoints && x.length <= DOTS_UP_TO;
      main.push({ ...look, key: group.name, x, y, smooth, ...(dots && { dots }) });
    }
    return [...below, ...main];
  }, [lines, styleOf, fewPoints]);
}

/** What stands at the reading line: a value, the value behind a moving average, the band around a mean. */
function readingsOf(
  lines: readonly GroupLines[],
  nameOf: ReturnType<typeof useMethodName>,
  format: (y: number) => string,
  range: (from: string, to: string) => string,
): Reading[] {
  return lines.map(({ group, y, raw, band, at }) => ({
    run: group.name,
    name: nameOf({ run: group.name, method: group.method }),
    ranges: band !== null,
    at: (x) => {
      const i = at(x);
      if (i < 0) return BEYOND;
      if (raw !== null) return `${format(y[i])} (${format(raw.y[i])})`;
      return band === null
        ? format(y[i])
        : `${format(y[i])} (${range(format(band.low[i]), format(band.high[i]))})`;
    },
  }));
}

/** The curves as a table, worked out when it is wanted. */
function rowsOf(
  lines: readonly GroupLines[],
  text: Dictionary,
  { axis }: View,
  y: string,
  nameOf: ReturnType<typeof useMethodName>,
): () => string[][] {
  const names = {
    method: text.columnMethod,
    x: text.compare.xAxes[axis],
    y,
    average: text.smoothing,
    from: text.verdict.from,
    to: text.verdict.to,
    part: text.verdict.part,
  };
  return () => curveRows(lines, names, ({ name, method }) => nameOf({ run: name, method }));
}

function LossCurves({ runs, view, cursor }: CurvesProps) {
  const text = useText();
  const idle = useStudioState((state) => state.session === 'idle');
  const nameOf = useMethodName();
  const { axis, smoothing, log } = view;
  const lines = useLines({ runs, view }, smoothing, null);
  const curves = useCurves(lines, false);
  const format = (y: number): string => formatMetric('loss', y);
  const readings = readingsOf(lines, nameOf, format, text.verdict.interval);
  const last = methodGroups(runs).flatMap(({ name, method, runs: own }) => {
    const losses = own.flatMap(({ loss }) => loss ?? []);
    return losses.length === 0 ? [] : [text.curveLast(nameOf({ run: name, method }), format(mean(losses)))];
  });
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
    <Panel
      title={text.lossTitle}
      folds={idle}
      takes={{ name: 'loss', drawn, rows: rowsOf(lines, text, view, text.lossTitle, nameOf) }}
    >
      <Chart
        {...{ runs, view, cursor, curves, readings, log }}
        title={text.lossTitle}
        label={`${text.curveLabel(text.lossTitle, last.join(', '))} ${text.compare.curveKeys}`}
        formatY={(value) => formatFigures(value, 3)}
      />
    </Panel>
  );
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
  const selectId = useId();
  const mainMetric = useStudioState((state) => state.metric);
  const idle = useStudioState((state) => state.session === 'idle');
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.lastMetrics ?? {})))];
  const metric = view.metric !== null && names.includes(view.metric) ? view.metric : mainMetric;
  const { axis } = view;
  // Evaluations are few: between them nothing is drawn anew.
  const points = runs
    .map(({ run, end }) => `${run} ${studio.curves(run)?.metrics.get(metric)?.length ?? 0} ${end === null}`)
    .join('\n');
  // eslint-disable-next-line react-hooks/exhaustive-deps -- of the runs only their keys, points and ends count here
  const still = useMemo(() => runs, [points]);
  const lines = useLines({ runs: still, view }, 0, metric);
  const own = useCurves(lines, true);
  const references = useReferences(runs, metric === mainMetric ? 'validation' : null);
  const xMax = axisEnd(axis, runs);
  const curves = useMemo(
    () => [
      ...references.map(({ name, value, dash }): LiveCurve => ({
        key: `reference ${name}`,
        color: 'var(--muted)',
        dash,
        x: [0, xMax],
        y: [value, value],
      })),
      ...own,
    ],
    [references, own, xMax],
  );
  const format = (y: number): string => formatMetric(metric, y);
  const readings = readingsOf(lines, nameOf, format, text.verdict.interval);
  const last = lines.map(({ group, y }) =>
    text.curveLast(nameOf({ run: group.name, method: group.method }), format(y[y.length - 1])),
  );
  const name = text.metricNames[metric] ?? metric;
  const drawn = drawnCurves({
    title: `${text.validationTitle}: ${name}`,
    runs,
    view,
    curves,
    nameOf,
    xName: text.compare.xAxes[axis],
    formatY: format,
    log: false,
    references,
  });
  return (
    <Panel
      title={text.validationTitle}
      folds={idle}
      takes={
        own.length > 0
          ? { name: `validation-${metric}`, drawn, rows: rowsOf(lines, text, view, name, nameOf) }
          : undefined
      }
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
      {own.length === 0 ? (
        <p className="muted no-curves">{text.validationEmpty}</p>
      ) : (
        <Chart
          {...{ runs, view, cursor, curves, readings, references }}
          log={false}
          title={name}
          label={`${text.curveLabel(name, last.join(', '))} ${text.compare.curveKeys}`}
          formatY={format}
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
  nameOf: ReturnType<typeof useMethodName>;
  xName: string;
  formatY: (y: number) => string;
  log: boolean;
  references?: readonly ReferenceLine[];
}

/** The chart as an SVG file, made when it is asked for: a canvas cannot be taken along. */
function drawnCurves({ runs, view, curves, nameOf, references = [], ...chart }: Drawn): () => string[] {
  return () => {
    // Edges of a band are no curves of their own.
    const lines = curves.filter(({ edge }) => edge === undefined);
    const colors = lightColors(lines.map(({ color }) => color));
    const groups = methodGroups(runs);
    const nameOfKey = (key: string): string => {
      const reference = references.find(({ name }) => key === `reference ${name}`);
      if (reference !== undefined) return reference.label;
      const group = groups.find(({ name }) => name === key);
      return group === undefined ? key : nameOf({ run: group.name, method: group.method });
    };
    const named = lines.map(({ key, dash, faint, x, y }, i) => {
      const points = thinned(y.length, MOST_POINTS).map((at): [number, number] => [x[at], y[at]]);
      return { name: nameOfKey(key), color: colors[i], dash, faint: faint !== undefined, points };
    });
    const xMax = axisEnd(view.axis, runs);
    return [curvesSvg({ ...chart, xMax, curves: named, formatX: (x) => formatPlace(view.axis, x) })];
  };
}

interface ChartProps extends CurvesProps {
  curves: readonly LiveCurve[];
  readings: readonly Reading[];
  /** What takes no training, which is lines of the chart too. */
  references?: readonly ReferenceLine[];
  log: boolean;
  title: string;
  label: string;
  formatY: (y: number) => string;
}

function Chart(props: ChartProps) {
  const { runs, view, cursor, curves, readings, references = [], log, title, label, formatY } = props;
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
        references={references.map((one) => ({ ...one, text: formatY(one.value) }))}
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

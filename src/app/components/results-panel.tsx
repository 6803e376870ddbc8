import { memo, useDeferredValue, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { inPoints } from '../../evidence/figures.ts';
import {
  formatApart,
  formatBytes,
  formatCount,
  formatMetric,
  formatMilliseconds,
  formatSeconds,
  formatShare,
} from '../format.ts';
import {
  bestRun,
  groupPhase,
  groupRow,
  hasSeeds,
  methodGroups,
  seedOf,
  type GroupRow,
  type MethodGroup,
} from '../state/method-groups.ts';
import { lessIsBetter, type RunSnapshot } from '../state/recorder.ts';
import {
  difference,
  lessWins,
  RESULT_COLUMNS,
  sortRows,
  type ResultColumn,
  type ResultRow,
  type Sorting,
} from '../state/results-rows.ts';
import { preferences } from '../state/preferences.ts';
import { reportPage } from '../take-along/report-page.ts';
import { useJudged, useShownRuns } from '../use-shown.ts';
import { useSaid, useStudio, useStudioState, useText } from '../use-studio.tsx';
import { useReferences } from './compare/use-references.ts';
import { Downloads } from './downloads.tsx';
import { MethodMark } from './method-mark.tsx';
import { useMethodName } from './method-name.ts';
import { Panel } from './panel.tsx';

/** What came out, a row a run, to sort and to set against one of them. What was not measured is a dash. */
export function ResultsPanel() {
  const metric = useStudioState((state) => state.metric);
  // The table is large and is read, not watched: it follows between frames.
  const runs = useDeferredValue(useShownRuns());
  const task = useDeferredValue(useStudioState((state) => state.shownTask));
  return <Results runs={runs} metric={metric} task={task} />;
}

interface ResultsProps {
  runs: readonly RunSnapshot[];
  metric: string;
  /** That they are of, of several. */
  task: string | null;
}

const Results = memo(function Results({ runs, metric, task }: ResultsProps) {
  const text = useText();
  const studio = useStudio();
  const language = useStore(preferences, (state) => state.language);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [pinned, setPinned] = useState<string | null>(null);
  const groups = methodGroups(runs);
  const several = hasSeeds(groups);
  const rows = sortRows(
    groups.map((group) => groupRow(group, metric)),
    sorting,
  );
  const references = useReferences(runs, 'validation');
  const spec = useStudioState((state) => state.startedSpec);
  const times = useStudioState((state) => state.startedTimes);
  const ended = runs.length > 0 && runs.every(({ end }) => end !== null);
  const page = (): Promise<string> =>
    reportPage(
      runs.map(({ run, left }) => ({ key: run, adapterBytes: left?.adapterBytes ?? null })),
      (run, artifact) => studio.exportRun(run, artifact),
      { language, baseline: spec?.baseline, forecast: times },
    );
  const baseline = rows.find(({ run }) => run === pinned) ?? null;
  return (
    <Panel
      takes={runs.length > 0 ? { name: 'results', ...(ended && { page }) } : undefined}
      title={text.resultsTitle}
      aside={
        runs.length > 0 && <span className="hint">{text.judgedBy(text.metricNames[metric] ?? metric)}</span>
      }
    >
      {runs.length === 0 ? (
        <p className="muted empty">{text.resultsEmpty}</p>
      ) : (
        <>
          <div className="scroll" tabIndex={0} role="group" aria-label={text.resultsTitle}>
            <table className="numbers results" data-of={task ?? undefined}>
              <thead>
                <tr>
                  <th scope="col">{text.columnMethod}</th>
                  {RESULT_COLUMNS.map((column) => (
                    <SortHead key={column} {...{ column, sorting, metric }} onSort={setSorting} />
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <Result
                    key={row.run}
                    group={groups.find(({ name }) => name === row.run)!}
                    {...{ row, baseline, metric }}
                    onPin={(run) => setPinned(run === pinned ? null : run)}
                  />
                ))}
                {references.map(({ name, label, help, value }) => (
                  <tr key={name} className="reference" data-reference={name} title={help}>
                    <th scope="row">
                      {label}
                      <span className="visually-hidden"> {help}</span>
                    </th>
                    <td data-column="best" data-value={value} data-label={text.compare.columns.best}>
                      {formatMetric(metric, value)}
                    </td>
                    <td className="no-figures" colSpan={RESULT_COLUMNS.length - 1} />
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Messages runs={runs} />
          {groups.length > 1 && <p className="hint">{text.compare.resultsHelp}</p>}
          {several && <p className="hint">{text.compare.seedsHelp}</p>}
        </>
      )}
    </Panel>
  );
});

interface SortHeadProps {
  column: ResultColumn;
  sorting: Sorting | null;
  metric: string;
  onSort: (sorting: Sorting) => void;
}

/** Of columns whose name says none. */
const UNITS: Partial<Record<ResultColumn, 'inSeconds' | 'inBytes'>> = {
  seconds: 'inSeconds',
  memory: 'inBytes',
  adapterBytes: 'inBytes',
};

/** A first press shows the best first, a second turns it round. */
function SortHead({ column, sorting, metric, onSort }: SortHeadProps) {
  const text = useText();
  const name = text.compare.columns[column];
  const here = sorting?.column === column ? sorting : null;
  const descending = here === null ? !lessWins(column, metric) : !here.descending;
  const unit = UNITS[column] && text.verdict[UNITS[column]];
  const order = here === null ? undefined : here.descending ? 'descending' : 'ascending';
  return (
    // Where figures stand as they are, their unit stands with the name.
    <th scope="col" aria-sort={order} data-value={unit?.(name)}>
      <button
        type="button"
        className="sort"
        title={text.compare.sortBy(name)}
        onClick={() => onSort({ column, descending })}
      >
        {name}
        <span aria-hidden="true">{here === null ? '' : here.descending ? ' ↓' : ' ↑'}</span>
      </button>
    </th>
  );
}

const NONE = '–';

/** How the figures of a column read. */
export function formatColumn(column: ResultColumn, value: number, metric: string): string {
  switch (column) {
    case 'best':
    case 'last':
      return formatMetric(metric, value);
    case 'trainable':
      return formatCount(value);
    case 'share':
      return formatShare(value, 1);
    case 'seconds':
      return formatSeconds(value);
    case 'stepMilliseconds':
      return formatMilliseconds(value);
    case 'tokensPerSecond':
      return formatCount(Math.round(value));
    case 'memory':
    case 'adapterBytes':
      return formatBytes(value);
  }
}

interface ResultProps {
  group: MethodGroup;
  row: GroupRow;
  baseline: GroupRow | null;
  metric: string;
  onPin: (run: string) => void;
}

/** A method; where it was trained with several seeds its figures are their means, and its runs stand below on request. */
function Result({ group, row, baseline, metric, onPin }: ResultProps) {
  const text = useText();
  const nameOf = useMethodName();
  const [open, setOpen] = useState(false);
  const name = nameOf({ run: group.name, method: group.method });
  const isBaseline = baseline?.run === row.run;
  const taken = useJudged()?.verdict.take === group.name;
  const [first] = group.runs;
  const alone = group.runs.length === 1;
  const phase = groupPhase(group);
  const bestStep = first.end?.best?.step ?? first.bestMetrics[metric]?.step;
  const chosen = alone ? first : bestRun(group, metric, lessIsBetter(metric));
  return (
    <>
      <tr
        data-run={group.name}
        data-phase={phase}
        className={isBaseline ? 'baseline' : taken ? 'taken' : undefined}
      >
        <th scope="row">
          <button
            type="button"
            className="pin"
            aria-pressed={isBaseline}
            aria-label={isBaseline ? text.compare.unpin(name) : text.compare.pin(name)}
            title={isBaseline ? text.compare.unpin(name) : text.compare.pin(name)}
            onClick={() => onPin(group.name)}
          >
            <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
              <path d="M5 1h4l-.5 4L11 7.5H7.6V13H6.4V7.5H3L5.5 5z" fill="currentColor" />
            </svg>
          </button>
          <MethodMark run={group.name} /> {name}
          <span className="result-state">
            {text.phaseNames[phase]}
            {isBaseline && ` · ${text.compare.baseline}`}
          </span>
          {!alone && (
            <button
              type="button"
              className="link seeds"
              aria-expanded={open}
              aria-label={text.verdict.showSeeds(name)}
              onClick={() => setOpen(!open)}
            >
              {text.verdict.seeds(group.runs.length)}
            </button>
          )}
          {chosen !== null && (
            <>
              {!alone && <span className="whose">{text.compare.bestSeed(seedOf(chosen.run) ?? 0)}</span>}
              <Downloads run={chosen.run} name={nameOf(chosen)} ready={chosen.end !== null} />
            </>
          )}
        </th>
        {RESULT_COLUMNS.map((column) => (
          <Figure
            key={column}
            {...{ column, row, metric, name: group.name }}
            interval={row.intervals[column]}
          >
            {alone && column === 'best' && bestStep !== undefined && (
              <span className="at-step">{text.atStep(bestStep)}</span>
            )}
            <Difference change={difference(row, baseline, column)} {...{ column, metric }} />
          </Figure>
        ))}
      </tr>
      {open &&
        group.runs.map((run, i) => (
          <tr key={run.run} data-run={run.run} data-phase={run.phase} className="single">
            <th scope="row">
              {text.verdict.seed(seedOf(run.run) ?? 0)}
              <span className="result-state">{text.phaseNames[run.phase]}</span>
              <Downloads run={run.run} name={nameOf(run)} ready={run.end !== null} />
            </th>
            {RESULT_COLUMNS.map((column) => (
              <Figure key={column} {...{ column, metric, row: row.single[i], name: group.name }} />
            ))}
          </tr>
        ))}
    </>
  );
}

interface FigureProps {
  column: ResultColumn;
  row: ResultRow;
  metric: string;
  /** Of the method. */
  name: string;
  interval?: readonly [number, number];
  children?: ReactNode;
}

function Figure({ column, row, metric, name, interval, children }: FigureProps) {
  const text = useText();
  const forecast = useStudioState((state) => (column === 'seconds' ? state.startedTimes[name] : undefined));
  const value = row[column];
  const show = (one: number): string => formatColumn(column, one, metric);
  return (
    <td data-column={column} data-value={value ?? ''} data-label={text.compare.columns[column]}>
      {value === null ? NONE : show(value)}
      {interval !== undefined && <span className="interval">±{show((interval[1] - interval[0]) / 2)}</span>}
      {forecast !== undefined && <span className="interval">{text.compare.forecastOf(show(forecast))}</span>}
      {value !== null && children}
    </td>
  );
}

/** What a run gains or loses against the baseline. */
function Difference({
  change,
  column,
  metric,
}: {
  change: number | null;
  column: ResultColumn;
  metric: string;
}) {
  const text = useText();
  if (change === null) return null;
  const good = change === 0 ? null : change < 0 === lessWins(column, metric);
  const score = column === 'best' || column === 'last';
  const apart = score ? formatApart(metric, change) : formatColumn(column, Math.abs(change), metric);
  const size = score && inPoints(metric) ? text.verdict.points(apart) : apart;
  const sign = change > 0 ? '+' : change < 0 ? '−' : '±';
  return (
    <span className={good === null ? 'change' : good ? 'change good' : 'change bad'}>
      {sign}
      {size}
    </span>
  );
}

/** Sentences of runs that ended for a reason that needs one, and what is left of them. */
function Messages({ runs }: { runs: readonly RunSnapshot[] }) {
  const text = useText();
  const nameOf = useMethodName();
  const say = useSaid();
  return runs
    .filter((run) => run.end?.message !== undefined)
    .map((run) => (
      <p key={run.run} className="problem" role="alert">
        {nameOf(run)}: {say(run.end?.sentence ?? run.end?.message ?? '')}.{' '}
        {(run.left?.adapterBytes ?? null) === null ? text.compare.keepsNothing : text.compare.keeps}
      </p>
    ));
}

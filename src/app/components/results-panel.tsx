import {
  formatBytes,
  formatCount,
  formatMetric,
  formatMilliseconds,
  formatSeconds,
  formatShare,
} from '../format.ts';
import type { RunSnapshot } from '../state/recorder.ts';
import { useStudioState, useText } from '../use-studio.tsx';
import { Downloads } from './downloads.tsx';
import { MethodMark } from './method-mark.tsx';
import { useMethodName } from './method-name.ts';
import { Panel } from './panel.tsx';

/** What came out, a row a run. Figures that were not measured are left as a dash. */
export function ResultsPanel() {
  const text = useText();
  const { runs, metric } = useStudioState((state) => ({ runs: state.runs, metric: state.metric }));
  return (
    <Panel
      title={text.resultsTitle}
      aside={
        runs.length > 0 && <span className="hint">{text.judgedBy(text.metricNames[metric] ?? metric)}</span>
      }
    >
      {runs.length === 0 ? (
        <p className="muted empty">{text.resultsEmpty}</p>
      ) : (
        <>
          <div className="scroll" tabIndex={0} role="region" aria-label={text.resultsTitle}>
            <table className="numbers results">
              <thead>
                <tr>
                  <th scope="col">{text.columnMethod}</th>
                  <th scope="col">{text.columnState}</th>
                  <th scope="col">{text.columnBest}</th>
                  <th scope="col">{text.columnLast}</th>
                  <th scope="col">{text.columnTrainable}</th>
                  <th scope="col">{text.columnShare}</th>
                  <th scope="col">{text.columnTime}</th>
                  <th scope="col">{text.columnPeak}</th>
                  <th scope="col">{text.columnStepTime}</th>
                  <th scope="col">{text.columnDownloads}</th>
                </tr>
              </thead>
              <tbody>
                {runs.map((run) => (
                  <Result key={run.run} run={run} metric={metric} />
                ))}
              </tbody>
            </table>
          </div>
          <Messages runs={runs} />
        </>
      )}
    </Panel>
  );
}

const NONE = '–';

function Result({ run, metric }: { run: RunSnapshot; metric: string }) {
  const text = useText();
  const nameOf = useMethodName();
  const best = run.end?.best ?? null;
  const last = run.lastMetrics?.[metric];
  const { start, end, memory, stepMilliseconds } = run;
  return (
    <tr data-run={run.run} data-phase={run.phase}>
      <th scope="row">
        <MethodMark method={run.method} /> {nameOf(run)}
      </th>
      <td className="words">{text.phaseNames[run.phase]}</td>
      <td>
        {best === null ? (
          NONE
        ) : (
          <>
            <strong>{formatMetric(best.metric, best.value)}</strong>{' '}
            <span className="muted">{text.atStep(best.step)}</span>
          </>
        )}
      </td>
      <td>{last === undefined ? NONE : formatMetric(metric, last)}</td>
      <td>{start === null ? NONE : formatCount(start.trainableParameters)}</td>
      <td>{start === null ? NONE : formatShare(start.trainableParameters, start.totalParameters)}</td>
      <td>{end === null ? NONE : formatSeconds(end.seconds)}</td>
      <td>{memory === null ? NONE : formatBytes(memory.allocated.total)}</td>
      <td>{stepMilliseconds === null ? NONE : formatMilliseconds(stepMilliseconds)}</td>
      <td className="words">
        <Downloads run={run.run} name={nameOf(run)} ready={end !== null} />
      </td>
    </tr>
  );
}

/** Sentences of runs that ended for a reason that needs one. */
function Messages({ runs }: { runs: readonly RunSnapshot[] }) {
  const nameOf = useMethodName();
  return runs
    .filter((run) => run.end?.message !== undefined)
    .map((run) => (
      <p key={run.run} className="problem" role="alert">
        {nameOf(run)}: {run.end?.message}
      </p>
    ));
}

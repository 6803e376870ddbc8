import { formatCount, formatMetric } from '../../format.ts';
import type { RunSnapshot } from '../../state/recorder.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { MethodMark } from '../method-mark.tsx';
import { useMethodName } from '../method-name.ts';

/** How far each run is, with its own pause and stop. */
export function RunProgress() {
  const text = useText();
  const runs = useStudioState((state) => state.runs);
  if (runs.length === 0) return null;
  return (
    <ul className="run-rows" aria-label={text.compare.perRun}>
      {runs.map((run) => (
        <Row key={run.run} run={run} />
      ))}
    </ul>
  );
}

function Row({ run }: { run: RunSnapshot }) {
  const text = useText();
  const studio = useStudio();
  const name = useMethodName()(run);
  const { control, metric } = useStudioState((state) => ({
    control: state.controls[run.run] ?? 'going',
    metric: state.metric,
  }));
  const best = run.bestMetrics[metric];
  const ended = run.end !== null;
  const said = ended
    ? text.phaseNames[run.phase]
    : control === 'paused'
      ? text.compare.pausedOne
      : control === 'stopping'
        ? text.compare.stoppingOne
        : text.phaseNames[run.phase];
  return (
    <li data-run={run.run} data-control={ended ? 'ended' : control}>
      <span className="run-row-name">
        <MethodMark run={run.run} /> {name}
      </span>
      <progress
        value={run.step}
        max={run.steps}
        aria-label={`${name}: ${text.progress(run.step, run.steps)}`}
      />
      <span className="number muted">
        {text.compare.ofSteps(formatCount(run.step), formatCount(run.steps))}
      </span>
      <span className="number">{best === undefined ? '' : formatMetric(metric, best.value)}</span>
      <span className="muted run-row-state">{said}</span>
      <span className="run-row-buttons">
        {control === 'paused' ? (
          <button
            type="button"
            className="icon"
            disabled={ended}
            aria-label={text.compare.resumeOne(name)}
            title={text.compare.resumeOne(name)}
            onClick={() => studio.resume(run.run)}
          >
            <Icon path="M5 3l9 6-9 6z" />
          </button>
        ) : (
          <button
            type="button"
            className="icon"
            disabled={ended || control !== 'going'}
            aria-label={text.compare.pauseOne(name)}
            title={text.compare.pauseOne(name)}
            onClick={() => studio.pause(run.run)}
          >
            <Icon path="M5 3h3v12H5zM10 3h3v12h-3z" />
          </button>
        )}
        <button
          type="button"
          className="icon"
          disabled={ended || control === 'stopping'}
          aria-label={text.compare.stopOne(name)}
          title={text.compare.stopOne(name)}
          onClick={() => studio.stop(run.run)}
        >
          <Icon path="M4 4h10v10H4z" />
        </button>
      </span>
    </li>
  );
}

function Icon({ path }: { path: string }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <path d={path} fill="currentColor" />
    </svg>
  );
}

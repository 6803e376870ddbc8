import { formatCount, formatMetric } from '../../format.ts';
import {
  groupControl,
  groupPhase,
  groupRow,
  methodGroups,
  type MethodGroup,
} from '../../state/method-groups.ts';
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
      {methodGroups(runs).map((group) => (
        <Row key={group.name} group={group} />
      ))}
    </ul>
  );
}

/** A method's runs: with several seeds their steps add up, and what is asked is asked of all that have not ended. */
function Row({ group }: { group: MethodGroup }) {
  const text = useText();
  const studio = useStudio();
  const { runs } = group;
  const name = useMethodName()({ run: group.name, method: group.method });
  const { control, metric } = useStudioState((state) => ({
    control: groupControl(group, state.controls),
    metric: state.metric,
  }));
  const [step, steps] = [sumOf(runs, 'step'), sumOf(runs, 'steps')];
  const { best } = groupRow(group, metric);
  const going = runs.filter(({ end }) => end === null);
  const ended = going.length === 0;
  const phase = text.phaseNames[groupPhase(group)];
  const said = ended
    ? phase
    : control === 'paused'
      ? text.compare.pausedOne
      : control === 'stopping'
        ? text.compare.stoppingOne
        : phase;
  const ask = (what: 'pause' | 'resume' | 'stop'): void => going.forEach(({ run }) => studio[what](run));
  return (
    <li data-run={group.name} data-control={ended ? 'ended' : control}>
      <span className="run-row-name">
        <MethodMark run={group.name} /> {name}
      </span>
      <progress value={step} max={steps} aria-label={`${name}: ${text.progress(step, steps)}`} />
      <span className="number muted">{text.compare.ofSteps(formatCount(step), formatCount(steps))}</span>
      <span className="number">{best === null ? '' : formatMetric(metric, best)}</span>
      <span className="muted run-row-state">{said}</span>
      <span className="run-row-buttons">
        {control === 'paused' ? (
          <button
            type="button"
            className="icon"
            disabled={ended}
            aria-label={text.compare.resumeOne(name)}
            title={text.compare.resumeOne(name)}
            onClick={() => ask('resume')}
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
            onClick={() => ask('pause')}
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
          onClick={() => ask('stop')}
        >
          <Icon path="M4 4h10v10H4z" />
        </button>
      </span>
    </li>
  );
}

function sumOf(runs: readonly RunSnapshot[], what: 'step' | 'steps'): number {
  return runs.reduce((sum, run) => sum + run[what], 0);
}

function Icon({ path }: { path: string }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <path d={path} fill="currentColor" />
    </svg>
  );
}

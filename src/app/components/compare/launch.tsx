import { formatBytes, formatCount, formatSeconds, formatShare } from '../../format.ts';
import { askedSeeds, askedShare } from '../../state/form-spec.ts';
import { formChanged } from '../../state/memory-rows.ts';
import { startObstacle } from '../../state/start-obstacle.ts';
import { useSaid, useStudioState, useText } from '../../use-studio.tsx';
import { MethodMark } from '../method-mark.tsx';
import { useMethodName } from '../method-name.ts';
import { ProblemNote } from '../problem-note.tsx';
import { Doctor } from '../advice/doctor.tsx';
import { FindOut } from '../advice/find-out.tsx';
import { useTimes } from '../advice/use-times.ts';
import { BatchCurve } from './batch-curve.tsx';
import { MemoryBar, MemoryLegend } from './memory-bar.tsx';

/** What Start would compare, and what each method will cost: shown until the form and the runs say the same. */
export function Launch() {
  const text = useText();
  const { idle, fresh, changed, reading, model, data, held, steps, seeds, testFile, testShare, nothing } =
    useStudioState((state) => ({
      idle: state.session === 'idle',
      fresh: state.runs.length === 0,
      // Told of every step while runs train: what is costly is only worked out when it shows.
      changed: state.session === 'idle' && formChanged(state),
      reading: state.model.loading || state.data.loading,
      model: state.model.value,
      data: state.data.value,
      held: state.looks[0].value?.rows,
      steps: state.form.training.steps,
      seeds: state.session === 'idle' ? askedSeeds(state).length : 1,
      testFile: state.data.value?.files.test,
      testShare: askedShare(state),
      nothing: startObstacle(state)?.kind === 'noMethod',
    }));
  const forecast = useStudioState((state) => state.forecast);
  const refusals = useStudioState((state) => state.refusals);
  if (!idle || !(fresh || changed)) return null;
  const count = (forecast.value?.length ?? 0) + refusals.length;
  return (
    <section className="panel launch" aria-labelledby="launch-title">
      <div className="launch-head">
        <h2 id="launch-title">
          {fresh ? (count === 0 ? text.compare.ready : text.compare.launchTitle(count)) : text.compare.next}
        </h2>
        {model !== null && data !== null ? (
          <p>
            {text.compare.launchOn(model.name, data.name, formatCount((held ?? data.rows).train))}
            {' · '}
            {text.compare.startHint(steps)}
            {seeds > 1 && ` · ${text.compare.ofSeeds(seeds, seeds * count)}`}
          </p>
        ) : (
          // What cannot be used is told of beside Start and in its own panel: nothing is read any more.
          reading && <p>{text.compare.launchWaiting}</p>
        )}
        {(testFile ?? testShare) !== undefined && (
          <p className="launch-test">
            {testFile === undefined
              ? text.compare.testShare(formatShare(testShare!, 1))
              : text.compare.testFile(testFile)}
          </p>
        )}
        {count > 0 && <p className="hint">{fresh ? text.compare.launchHow : text.compare.nextHelp}</p>}
      </div>
      <ProblemNote problem={forecast.problem} />
      <Doctor />
      {count === 0 ? (
        // Of files that cannot be used there is no knowing what it would cost.
        nothing && <p className="muted empty">{text.compare.launchEmpty}</p>
      ) : (
        <Costs seeds={seeds} />
      )}
      {model !== null && data !== null && <FindOut />}
      {forecast.loading && <p className="muted">{text.forecasting}</p>}
    </section>
  );
}

function Costs({ seeds }: { seeds: number }) {
  const text = useText();
  const nameOf = useMethodName();
  const say = useSaid();
  const times = useTimes();
  const forecasts = useStudioState((state) => state.forecast.value ?? []);
  const refusals = useStudioState((state) => state.refusals);
  const all = forecasts.every(({ run }) => run in times)
    ? seeds * forecasts.reduce((sum, { run }) => sum + times[run], 0)
    : 0;
  const most = Math.max(1, ...forecasts.map(({ memory }) => memory.total));
  return (
    <>
      <ul className="costs">
        {forecasts.map((forecast) => {
          const { run, memory, trainableParameters, totalParameters } = forecast;
          return (
            <li key={run} data-run={run}>
              <span className="cost-name">
                <MethodMark run={run} />
                <strong>{nameOf(forecast)}</strong>
              </span>
              <span className="cost-trains number">
                {text.compare.trainsShort(
                  formatCount(trainableParameters),
                  formatShare(trainableParameters, totalParameters),
                )}
              </span>
              <span className="cost-bar">
                <MemoryBar memory={memory} most={most} />
              </span>
              <span className="cost-bytes number" title={`${formatCount(memory.total)} B`}>
                {formatBytes(memory.total)}
                {run in times && ` · ${text.advice.about(formatSeconds(times[run], 0))}`}
              </span>
            </li>
          );
        })}
        {refusals.map(({ run, method, message }) => (
          <li key={run} data-run={run} className="refused">
            <span className="cost-name">
              <MethodMark run={run} />
              <strong>{nameOf({ run, method })}</strong>
            </span>
            <span className="cost-refusal">
              {text.compare.willNotFit} {say(message)}
            </span>
          </li>
        ))}
      </ul>
      {all > 0 && <p className="hint">{text.compare.allTime(formatSeconds(Math.ceil(all), 0))}</p>}
      <MemoryLegend />
      <BatchCurve />
    </>
  );
}
